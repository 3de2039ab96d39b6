/* rm/config.h: the settings of all redundant servers, as redundancymaster.xml holds them.
 *
 * A configuration is a list of redundant servers. Each has 2 .. 15 machines in order of priority:
 * number 1 is the primary, 2 the secondary. Every setting has a default, a range and a name; the
 * table rm_setting_table says them once, for the loader, rmctl and its help alike (F-01).
 *
 * Units: times in milliseconds (names end in _ms).
 * Ownership: struct rm_config owns everything below it, strings included; rm_config_clear frees it.
 *   Strings are UTF-8 and never NULL: "" means "not given".
 * Threads: none of its own; one thread at a time per object.
 * Errors: functions that can refuse fill a struct rm_config_error with the reason, a line where
 *   there is one, and change nothing.
 * Source: features RM-120 .. RM-126, F-01, F-02, F-13, F-14, F-17.
 */
#ifndef RM_CONFIG_H
#define RM_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rm/monitor_item.h>
#include <rm/status.h>

#define RM_MACHINES_MIN    2
#define RM_MACHINES_MAX    15
#define RM_MACHINE_NUMBERS 31  /* a session's: a list, the active one before, another list */
#define RM_SERVERS_MAX     256 /* redundant servers in one file */
#define RM_PROGID_MAX      255 /* characters, without the final zero */
#define RM_HOST_MAX        255 /* characters */
#define RM_SERVICE_MAX     256 /* characters of a Windows service's name */
#define RM_CLSID_TEXT_SIZE 39  /* "{8-4-4-4-12}" and the final zero */
#define RM_SETTINGS        21  /* rows of rm_setting_table */
#define RM_NOTICES_MAX     32  /* further ones are dropped */

enum rm_mode
{
    RM_MODE_COLD, /* active machine only */
    RM_MODE_WARM, /* both machines, subscribe to items on the active machine */
    RM_MODE_HOT,  /* both machines, subscribe to items on both machines */
    RM_MODE_COUNT
};

/* What happens when a better-placed machine is well again (F-02). RM-124 is the difference between
 * PRIMARY (checked) and the others; it has no effect in cold mode (RM-139). */
enum rm_return_policy
{
    RM_RETURN_PRIMARY, /* back to machine 1 once it is well and stable */
    RM_RETURN_STAY,    /* stay where we are until that machine fails */
    RM_RETURN_BEST,    /* back to the best-placed machine that is well and stable */
    RM_RETURN_COMMAND, /* only on an operator's command */
    RM_RETURN_COUNT
};

/* What becomes of a write whose outcome is unknown because its link died (C-20). */
enum rm_unknown_write
{
    RM_UNKNOWN_WRITE_FAIL,   /* the client gets the error; the write is not repeated */
    RM_UNKNOWN_WRITE_REPEAT, /* repeated on the new active machine: it may be carried out twice;
                                but an asynchronous one that was accepted gets the error, too */
    RM_UNKNOWN_WRITE_COUNT
};

/* Which machine a new session takes (D2-12). */
enum rm_start_policy
{
    RM_START_PRIMARY, /* the best-placed one; another only when each better-placed one has failed */
    RM_START_FIRST,   /* the first that can be connected */
    RM_START_COUNT
};

/* What the groups of a standby are in warm mode (D2-16). */
enum rm_standby_groups
{
    RM_STANDBY_GROUPS_INACTIVE, /* unless the server can't have such groups */
    RM_STANDBY_GROUPS_ACTIVE,   /* its data are thrown away until it takes over */
    RM_STANDBY_GROUPS_COUNT
};

/* What waits for an operator after a switch that no operator commanded (CX-07). */
enum rm_acknowledge
{
    RM_ACKNOWLEDGE_NONE,
    RM_ACKNOWLEDGE_WRITES, /* clients' writes fail until the switch is acknowledged */
    RM_ACKNOWLEDGE_RETURN, /* no return until then */
    RM_ACKNOWLEDGE_BOTH,
    RM_ACKNOWLEDGE_COUNT
};

/* What the file says in and around one of our elements that we don't know, comments included: kept
 * and written again at the same place (F-13). UTF-8 as it stands in the file; NULL = nothing. Only
 * the loader fills it. */
struct rm_unknown_xml
{
    char *before;     /* whole lines in front of the element */
    char *attributes; /* each with a space in front */
    char *inside;     /* whole lines behind the last of our own elements inside */
};

struct rm_machine_config
{
    char *host;    /* "localhost", a name or an address; never "" */
    char *progid;  /* the server's own ProgID there; "" = the redundant server's */
    char *clsid;   /* "{...}" where the ProgID can't be looked up; "" = look it up (F-17, C-24) */
    unsigned rank; /* of a session's settings: place in the list, 1 = primary; 0 = in it no more */
    char *service; /* of Windows there, started before it is connected; "" = none (CX-16) */
    struct rm_unknown_xml unknown;
};

/* Its monitor items, and what they mean together: rm/monitor_config.h. */
struct rm_monitor_config
{
    uint32_t failure_count; /* RM-163: weights of items in error from which a machine is in error */
    uint32_t hold_ms;       /* how long they must have been so */
    uint32_t watch_always;  /* 1: also without clients */
    size_t item_count;
    struct rm_monitor_item *items;       /* array of item_count, owned */
    struct rm_unknown_xml *item_unknown; /* the same, of each item */
    struct rm_unknown_xml unknown;       /* of the list of items */
};

struct rm_server_config
{
    char *progid; /* what clients ask for: the original ProgID, or an alias of it */
    char *clsid;  /* "{...}" of that ProgID on this computer; "" until it is known */

    enum rm_mode mode;                   /* RM-123 */
    enum rm_return_policy return_policy; /* RM-124, F-02 */
    enum rm_unknown_write unknown_write; /* C-20 */
    uint32_t ping_interval_ms;           /* RM-125 */
    uint32_t ping_timeout_ms;            /* RM-126 */
    uint32_t fall;                       /* missed pings in a row until a machine counts as lost */
    uint32_t rise;                       /* answered pings in a row until a return */
    uint32_t return_delay_ms;            /* how long it must have been well before a return */
    uint32_t busy_grace_ms;              /* a long call excuses unanswered pings this long */
    uint32_t connect_timeout_ms;         /* activation of a server */
    uint32_t reconnect_interval_ms;      /* between attempts to connect a lost machine */
    enum rm_start_policy start_policy;   /* D2-12 */
    uint32_t preferred_machine;          /* D2-14, CX-18: of this computer; 0 = by number */
    uint32_t ready_percent;              /* share of items accepted until a machine is ready */
    uint32_t flap_limit;                 /* promotions that damp a machine; 0 = never */
    uint32_t flap_window_ms;             /* within this time */
    enum rm_acknowledge acknowledge;     /* CX-07 */
    uint32_t link_group;                 /* CX-05: those of one number switch together; 0 = alone */
    uint32_t callback_check_ms;          /* C-05: quiet subscriptions are looked into; 0 = no */
    enum rm_standby_groups standby_groups; /* D2-16 */
    uint32_t max_events;                   /* RM-198: in its log; the oldest are discarded */

    size_t machine_count;
    struct rm_machine_config machines[RM_MACHINE_NUMBERS]; /* more than a list: a session's only */
    struct rm_monitor_config monitor;

    struct rm_unknown_xml unknown;
    struct rm_unknown_xml setting_unknown[RM_SETTINGS]; /* in the order of rm_setting_table */
    struct rm_unknown_xml machines_unknown;             /* of the list of machines */
};

struct rm_config
{
    size_t server_count;
    struct rm_server_config **servers; /* array of server_count, owned */
    struct rm_unknown_xml unknown;
    char *unknown_after; /* whole lines behind the root; or NULL */
    size_t notice_count;
    char *notices[RM_NOTICES_MAX]; /* what the loader has put right, in sentences; owned */
};

struct rm_config_error
{
    enum rm_status status;
    unsigned line; /* of the file; 0 = not about a line */
    char
        message[512]; /* what is wrong, where, and what to do; complete with path and line, UTF-8 */
};

/* One row for each number or choice of a redundant server. Names are those of the XML and rmctl. */
enum rm_setting_kind
{
    RM_SETTING_NUMBER, /* uint32_t at offset */
    RM_SETTING_CHOICE  /* enum at offset; choices[] is ended by NULL, its index is the value */
};

struct rm_setting
{
    const char *name; /* "pingInterval" */
    enum rm_setting_kind kind;
    size_t offset; /* in struct rm_server_config */
    uint32_t minimum, maximum, preset;
    const char *unit; /* "ms", "pings", "" */
    const char *const *choices;
    const char *help; /* one line for --help and the documents */
};

extern const struct rm_setting rm_setting_table[];
extern const size_t rm_setting_count;

/* NULL if there is none of that name. */
const struct rm_setting *rm_setting_find(const char *name);

/* Sets one setting from text ("2500", "warm"). A value that is no number, no choice or out of
 * range is refused with the range or the choices in the message (F-01). */
enum rm_status rm_setting_parse(const struct rm_setting *setting, struct rm_server_config *server,
                                const char *text, struct rm_config_error *error);

/* Writes the present value as text; the buffer must hold 32 bytes. */
void rm_setting_format(const struct rm_setting *setting, const struct rm_server_config *server,
                       char *buffer, size_t size);

void rm_config_init(struct rm_config *config);
void rm_config_clear(struct rm_config *config);

/* A new redundant server with all defaults and no machines, appended. RM_E_EXISTS if the ProgID is
 * there (compared without case, as COM does). *server_out belongs to config. */
enum rm_status rm_config_add(struct rm_config *config, const char *progid,
                             struct rm_server_config **server_out, struct rm_config_error *error);

/* NULL if there is none. */
struct rm_server_config *rm_config_find(const struct rm_config *config, const char *progid);

enum rm_status rm_config_remove(struct rm_config *config, const char *progid);

enum rm_status rm_server_add_machine(struct rm_server_config *server, const char *host,
                                     const char *progid, const char *clsid,
                                     struct rm_config_error *error);

/* The Windows service of machine `number`, by the name that 'sc query' shows; "": none. */
enum rm_status rm_server_set_service(struct rm_server_config *server, unsigned number,
                                     const char *service, struct rm_config_error *error);

/* Removes machine `number` (1 = primary); those behind it move up. */
enum rm_status rm_server_remove_machine(struct rm_server_config *server, unsigned number);

/* A machine's ProgID as it is to be used: its own, or the redundant server's. */
const char *rm_server_machine_progid(const struct rm_server_config *server, unsigned number);

/* Checks all rules that hold between settings: number of machines, names present and well formed,
 * no machine twice (same host and same ProgID), ranges, ProgIDs without < > & (RM-103). The error
 * may be NULL. */
enum rm_status rm_server_check(const struct rm_server_config *server,
                               struct rm_config_error *error);
enum rm_status rm_config_check(const struct rm_config *config, struct rm_config_error *error);

/* Takes over the settings of `from`, but not its machines. What differed is named with its new
 * value ("mode hot, fall 2"), cut at size - 1 bytes. false: nothing differed. */
bool rm_server_take_settings(struct rm_server_config *server, const struct rm_server_config *from,
                             char *changes, size_t size);

/* A session's settings keep each machine at its place in machines[], its *number*, for as long as
 * the session lives; where it is in the list says its rank. Here they begin: as the list has them.
 */
void rm_server_rank_machines(struct rm_server_config *server);

/* How many are in the list. */
unsigned rm_server_listed(const struct rm_server_config *server);

/* 0: there is none of that rank. */
unsigned rm_server_machine_of_rank(const struct rm_server_config *server, unsigned rank);

/* Takes over the list of machines of `from`, by new ranks. A machine is the same where host and
 * ProgID are, and class ids don't contradict; others get a number that is free, so not `active`'s.
 * Their texts are those of `from`, which has to live as long. What differed is named, cut at size -
 * 1 bytes ("'B' is removed, 'C' is added as machine 2"). false: nothing differed. */
bool rm_server_take_machines(struct rm_server_config *server, const struct rm_server_config *from,
                             unsigned active, char *changes, size_t size);

/* From one list to another: ranks[r] is where the machine of rank r is now; 0 = in it no more, or
 * there was none. */
void rm_server_new_ranks(const struct rm_server_config *before,
                         const struct rm_server_config *after, unsigned ranks[RM_MACHINES_MAX + 1]);

/* The same machines in the same order, whatever is started there. */
bool rm_server_has_same_machines(const struct rm_server_config *one,
                                 const struct rm_server_config *other);

/* A deep copy of one redundant server, to be freed with rm_server_config_free. NULL: no memory. */
struct rm_server_config *rm_server_config_copy(const struct rm_server_config *server);
void rm_server_config_free(struct rm_server_config *server);

/* "cold", "warm", "hot" and the like, static storage. */
const char *rm_mode_name(enum rm_mode mode);
const char *rm_return_policy_name(enum rm_return_policy policy);

#endif
