/* rm/blackbox.h: what a session keeps of its last minute, so that a stranger can tell afterwards
 * why it switched.
 *
 * Facts, decisions and events go into a ring of records as the state machine steps; one that is the
 * same as that machine's last one only raises its count, so that neither a machine that is tried
 * again and again nor a thousand refused items push the rest out. Calls that failed are gathered by
 * method, machine and code. What happens all the time (calls, callbacks, answered pings) is counted
 * by the second. All rings have a fixed size; what was pushed out within the window is counted.
 *
 * A report is due RM_BLACKBOX_SETTLE_MS after a machine was promoted in place of another one or all
 * were lost, so that it holds what came of it. A session that flaps has RM_BLACKBOX_REPORTS of
 * them a minute; each later one waits, and as the window is as long nothing is left out between
 * them.
 *
 * Units: milliseconds of the state machine's clock; FILETIMEs as 64-bit numbers of 100 ns.
 * Ownership: the caller owns struct rm_blackbox; fixed size, no allocation. Names of methods are
 *   borrowed and must live as long as it.
 * Threads: none of its own; one at a time per object. A plain copy is a consistent picture.
 * Errors: none.
 * Source: issue 5, black-box report; design.md 4.
 */
#ifndef RM_BLACKBOX_H
#define RM_BLACKBOX_H

#include <stdbool.h>
#include <stdint.h>

#include <rm/event.h>
#include <rm/failover.h>

#define RM_BLACKBOX_WINDOW_MS  60000u
#define RM_BLACKBOX_SETTLE_MS  2000u
#define RM_BLACKBOX_REPORTS    4u /* by one session within one window */
#define RM_BLACKBOX_RECORDS    256u
#define RM_BLACKBOX_CALLS      48u
#define RM_BLACKBOX_SECONDS    64u
#define RM_BLACKBOX_PROMOTIONS 8u
#define RM_BLACKBOX_DETAIL     80u

enum rm_blackbox_kind
{
    RM_BLACKBOX_FACT,        /* event: an event of the state machine, with machine, code, value */
    RM_BLACKBOX_PING_MISSED, /* machine; value: missed in a row; span_ms: out for so long */
    RM_BLACKBOX_LINK_ENDED,  /* machine, cause, code */
    RM_BLACKBOX_PHASE,       /* value: enum rm_failover_phase */
    RM_BLACKBOX_PROMOTED,    /* machine, cause; value: generation */
    RM_BLACKBOX_ALL_LOST,
    RM_BLACKBOX_REFUSED,     /* machine; value: enum rm_refusal */
    RM_BLACKBOX_WRITES_HELD, /* value: 1 held, 0 released */
    RM_BLACKBOX_EVENT,       /* value: enum rm_event_id; machine, code, detail */
    RM_BLACKBOX_CLOCK,       /* the computer's clock was set; shift_ms */
    RM_BLACKBOX_KIND_COUNT
};

struct rm_blackbox_record
{
    uint64_t at_ms, until_ms; /* the first and the last time */
    enum rm_blackbox_kind kind;
    enum rm_failover_event_kind fact; /* FACT */
    enum rm_cause cause;
    unsigned machine; /* 0 = none */
    uint32_t link, code, value;
    int64_t shift_ms; /* PING_MISSED: how long it has been out; CLOCK: by how much it was set */
    uint32_t count;   /* how often, 1 = once; 0 = empty */
    char detail[RM_BLACKBOX_DETAIL]; /* of the first time; UTF-8, cut at a character */
};

enum rm_blackbox_outcome
{
    RM_BLACKBOX_FAILED,     /* the server answered with this code */
    RM_BLACKBOX_LOST,       /* the transport did */
    RM_BLACKBOX_UNANSWERED, /* it was out when its link ended */
    RM_BLACKBOX_OUTCOME_COUNT
};

/* Calls of one method to one machine that failed in the same way within a second. */
struct rm_blackbox_call
{
    uint64_t at_ms, until_ms;
    const char *name;
    unsigned machine;
    enum rm_blackbox_outcome outcome;
    uint32_t code;
    uint32_t slowest_ms;
    uint32_t count; /* 0 = empty */
};

struct rm_blackbox_traffic
{
    uint32_t callbacks, updates;
    uint16_t pings_sent, pings_answered;
    uint32_t slowest_ping_ms;
    bool was_busy; /* a long call was out: unanswered pings wait for busyGrace */
};

struct rm_blackbox_second
{
    uint64_t from_ms, to_ms; /* longer than a second where the driver came late; 0, 0 = empty */
    uint32_t calls, calls_failed, calls_out, slowest_call_ms;
    const char *slowest_call; /* NULL = none */
    struct rm_blackbox_traffic machines[RM_MACHINE_NUMBERS];
};

struct rm_blackbox_promotion
{
    uint64_t at_ms;           /* 0 = empty */
    unsigned from, to;        /* from 0: the session's first; to 0: all were lost */
    enum rm_cause cause;      /* why */
    enum rm_cause lost_cause; /* why the link to the former one ended; NONE = it is there */
    uint32_t lost_code;
    uint32_t generation;
    uint64_t lost_at_ms;   /* when that link ended; 0 = it is there */
    uint64_t answered_ms;  /* when the former one had answered a ping last; 0 = never */
    uint64_t ping_sent_ms; /* of the ping that it did not answer; 0 = none was out */
    uint32_t missed;       /* by the former one, in a row */
    uint32_t answer_code;  /* of its last answer to a ping; 0 = there was none, or no code */
    uint64_t data_ms;      /* first data of the new one; 0 = none yet */
};

/* What the box has seen of a machine last. */
struct rm_blackbox_seen
{
    uint64_t ping_sent_ms;             /* of the ping that is out; 0 = none */
    uint64_t answered_ms;              /* by this link; 0 = never */
    uint64_t lost_at_ms, lost_sent_ms; /* when its link ended, and the ping that was out then; 0 =
                                          it is UP, or never was */
    enum rm_cause lost_cause;          /* why; attempts to connect it again don't change that */
    uint32_t lost_code;
    enum rm_connection connection;
    uint32_t link;
    int health;
    uint32_t missed;
    uint32_t last_code; /* of the last answer to a ping */
    bool was_running;
    uint32_t last_record; /* number of its last record; 0 = none */
};

struct rm_blackbox
{
    unsigned machine_count; /* numbers that the state machine has given, all in here are these */
    uint64_t now_ms;
    uint64_t clock_ms, clock_100ns; /* the same moment on both clocks */
    enum rm_failover_phase phase;
    unsigned active, last_active;
    uint32_t generation;
    struct rm_blackbox_seen seen[RM_MACHINE_NUMBERS + 1]; /* [0]: what is about no machine */
    uint32_t record_count; /* ever; record n is at (n - 1) % RECORDS */
    struct rm_blackbox_record records[RM_BLACKBOX_RECORDS];
    uint32_t call_count;
    struct rm_blackbox_call calls[RM_BLACKBOX_CALLS];
    uint32_t second_count;
    struct rm_blackbox_second seconds[RM_BLACKBOX_SECONDS];
    struct rm_blackbox_second present; /* the second that is being counted */
    uint32_t promotion_count;
    struct rm_blackbox_promotion promotions[RM_BLACKBOX_PROMOTIONS];
    uint32_t promotions_reported;
    uint32_t records_dropped, calls_dropped;  /* pushed out before the window was over */
    uint64_t due_ms;                          /* RM_NEVER = no report is */
    uint64_t written_ms[RM_BLACKBOX_REPORTS]; /* the last reports' times, a ring; 0 = none */
    uint32_t reports;
};

void rm_blackbox_init(struct rm_blackbox *box, unsigned machine_count);

/* Both clocks, at the beginning and about once a second: tells when the computer's was set. */
void rm_blackbox_clock(struct rm_blackbox *box, uint64_t now_ms, uint64_t now_100ns);

/* After each step of the state machine, with its event and its orders. */
void rm_blackbox_step(struct rm_blackbox *box, const struct rm_failover *failover,
                      const struct rm_failover_event *event,
                      const struct rm_failover_actions *actions);

/* An event for the log; detail may be NULL. */
void rm_blackbox_event(struct rm_blackbox *box, uint64_t now_ms, enum rm_event_id id,
                       unsigned machine, uint32_t code, const char *detail);

/* A call that failed: name, machine, outcome, code, slowest_ms. */
void rm_blackbox_call_failed(struct rm_blackbox *box, uint64_t now_ms,
                             const struct rm_blackbox_call *call);

/* Once a second: what has been counted since the last time; the pings are the box's own. */
void rm_blackbox_second(struct rm_blackbox *box, uint64_t now_ms,
                        const struct rm_blackbox_second *counted);

/* The first data of a machine since it was promoted. */
void rm_blackbox_data(struct rm_blackbox *box, unsigned machine, uint64_t at_ms);

/* Whether a report is to be written now; true also when the session ends with one due. */
bool rm_blackbox_is_due(const struct rm_blackbox *box, uint64_t now_ms, bool is_end);

/* It is being written: of a copy that was taken before. */
void rm_blackbox_note_report(struct rm_blackbox *box, uint64_t now_ms);

/* A time of the state machine's clock as a FILETIME. */
uint64_t rm_blackbox_filetime(const struct rm_blackbox *box, uint64_t at_ms);

#endif
