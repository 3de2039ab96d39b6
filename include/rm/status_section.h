/* rm/status_section.h: what each session tells the world about itself, in shared memory.
 *
 * One named section per computer and instance holds RM_STATUS_SLOTS fixed slots. A session takes a
 * free slot, writes into it and gives it back; rmctl reads all of them. No lock: a writer makes
 * `sequence` odd, writes, makes it even; a reader copies and tries again when the sequence was odd
 * or has changed. A slot whose process is gone is free. Fixed-width fields in natural alignment,
 * the same in 32- and 64-bit processes.
 *
 * Units: times in milliseconds; FILETIMEs as 64-bit numbers of 100 ns since 1601.
 * Ownership: a slot belongs to the session that wrote its process id and nonce.
 * Threads: one writer per slot at a time; any number of readers.
 * Errors: a section of another layout version is not used: neither written nor read.
 * Source: design.md 5 (until the service is there); RM-190 .. RM-192; C-07.
 */
#ifndef RM_STATUS_SECTION_H
#define RM_STATUS_SECTION_H

#include <stdint.h>

#include <rm/config.h>
#include <rm/event.h>

#define RM_STATUS_MAGIC       0x53534d52u /* "RMSS" */
#define RM_STATUS_VERSION     6u
#define RM_STATUS_SLOTS       256u
#define RM_STATUS_EVENTS      64u /* ring of the last events of a session */
#define RM_STATUS_TEXT        256u
#define RM_STATUS_ITEM        144u
#define RM_STATUS_CAUSES      32u /* enum rm_cause, and room for more */
#define RM_STATUS_DIFFERENCES 64u /* of all machines of a session; each gets its share */
#define RM_STATUS_NAME        L"RedundancyMaster.Status" /* + "." + instance, where one is named */

struct rm_status_event
{
    uint64_t number; /* rises by one within the session; 0 = empty */
    uint64_t time;   /* FILETIME, UTC */
    uint32_t severity;
    uint32_t id; /* enum rm_event_id */
    char text[RM_STATUS_TEXT];
};

struct rm_status_machine
{
    uint32_t connection; /* enum rm_connection */
    int32_t health;      /* > 0 answered, < 0 missed pings in a row */
    uint32_t is_ready;
    uint32_t is_running;
    uint32_t latency_us;          /* of the last answered ping */
    uint32_t last_code;           /* HRESULT of the last failure */
    uint32_t last_cause;          /* enum rm_cause */
    uint32_t mode;                /* enum rm_operator_mode */
    uint32_t is_damped;           /* flaps: is not returned to for a while */
    uint32_t objection;           /* enum rm_refusal: why it is not switched to; NONE = it is fit */
    volatile uint32_t long_calls; /* of this session, out now; not under the sequence */
    uint32_t is_skew_known;
    int64_t skew_us;           /* the machine's clock minus ours */
    uint32_t ready_percent;    /* share of the items in use that it has accepted */
    uint32_t items;            /* in use, when the readiness was measured last */
    uint32_t refused_items;    /* of these: it hasn't got them */
    uint32_t differing_items;  /* of another type or other access rights than on the active one */
    uint32_t bad_items;        /* bad from the start, good on the active one (hot mode) */
    uint32_t difference_count; /* what could be in `differences`, were there room */
    uint32_t buffer_bytes, buffer_bytes_max; /* of the standby buffer (hot mode) */
    uint64_t buffer_updates; /* that the client would get if this machine took over now */
    uint64_t buffer_dropped; /* because the buffer was full, since it was connected */
    uint32_t quirks;         /* enum rm_quirk, together */
    uint32_t add_limit;      /* items of one AddItems; 0: no limit was found (rm/portion.h) */
    uint32_t add_us;         /* per item, of the slowest AddItems */
    uint32_t reserved;
    char host[64]; /* cut if longer */
    char progid[128];
};

/* Something in which a machine differs from the active one; the values as in struct rm_difference.
 */
struct rm_status_difference
{
    uint32_t machine;
    uint32_t kind; /* enum rm_difference_kind */
    uint32_t here, there;
    char name[RM_STATUS_ITEM]; /* cut if longer */
};

struct rm_status_slot
{
    volatile uint32_t sequence;   /* odd while being written */
    volatile uint32_t process_id; /* 0 = free */
    uint64_t process_started;     /* FILETIME: tells a reused process id */
    uint64_t session;             /* number within the process */
    char process_name[64];
    char server[RM_PROGID_MAX + 1]; /* the ProgID that the client asked for */
    uint32_t mode;                  /* enum rm_mode */
    uint32_t phase;                 /* enum rm_failover_phase */
    uint32_t active;                /* machine number; 0 = none */
    uint32_t generation;
    uint32_t machine_count;
    uint32_t last_cause;  /* enum rm_cause of the last promotion */
    uint64_t promoted_at; /* FILETIME of the last promotion */
    uint64_t started_at;  /* FILETIME */
    uint32_t group_count;
    uint32_t item_count;
    uint32_t calls_out;
    uint32_t workers_abandoned; /* stuck in calls to servers that hang */
    uint32_t preferred;         /* machine; 0 = none */
    uint32_t chosen;            /* the active machine where an operator's switch keeps it; or 0 */
    uint32_t are_writes_held;   /* until an operator acknowledges the switch */
    uint32_t is_following;      /* went where the linked servers are */
    uint32_t order_number;      /* of the operator's command that was seen last */
    uint32_t order_refusal;     /* enum rm_refusal: why the switch that it commanded was not made */
    uint64_t updates_forwarded;
    uint64_t updates_suppressed;
    uint32_t switches[RM_STATUS_CAUSES]; /* to another machine, by enum rm_cause */
    struct rm_status_machine machines[RM_MACHINES_MAX];
    struct rm_status_event events[RM_STATUS_EVENTS];
    struct rm_status_difference differences[RM_STATUS_DIFFERENCES]; /* by machine */
    uint32_t difference_count;                                      /* of these */
    uint32_t reserved;
};

struct rm_status_section
{
    uint32_t magic, version;
    uint32_t slot_count, slot_size;
    struct rm_status_slot slots[RM_STATUS_SLOTS];
};

#endif
