/* faultarea.h: the memory that all processes of one simulated machine share: which of them live,
 * and which faults are in force.
 *
 * It is a mapped file, %ProgramData%\RMSim\<NAME>.state, so the faults stay in force when no
 * process of the machine lives, and processes of both bitnesses and of several sessions share it.
 * Whoever changes a fault does so under the lock, raises `generation` and wakes the processes; each
 * process copies the generation it acts upon into its own slot.
 *
 * Units: in the names.
 * Ownership: the area owns its handles; sim_fault_area_close releases them.
 * Threads: the lock is a mutex between processes, belonging to the thread that took it;
 * `generation` and the slots' counters are read without it.
 * Errors: false, with GetLastError.
 */
#ifndef SIM_FAULTAREA_H
#define SIM_FAULTAREA_H

#include <windows.h>
#include <stdbool.h>
#include <stdint.h>

#define SIM_PROCESSES_MAX   128
#define SIM_KILLED          137 /* exit status of a process that was killed */
#define SIM_RULES_MAX       16
#define SIM_ITEM_FAULTS_MAX 16
#define SIM_TARGET_MAX      199

enum sim_rule_kind
{
    SIM_RULE_NONE,
    SIM_RULE_FAIL,       /* the call answers `hresult` at once */
    SIM_RULE_SLOW,       /* the call is held for `delay_ms` */
    SIM_RULE_HANG,       /* the call is held until the rule is gone */
    SIM_RULE_KILL,       /* the process ends */
    SIM_RULE_DISCONNECT, /* `objects` are disconnected from their clients */
    SIM_RULE_SHUTDOWN,   /* all clients are asked to leave, the process ends */
    SIM_RULE_ORDER       /* the order of the same place is carried out, and the rule is gone */
};

/* Which objects a disconnect hits: bits. */
#define SIM_OBJECT_SERVER 1u
#define SIM_OBJECT_GROUP  2u
#define SIM_OBJECTS_ALL   (SIM_OBJECT_SERVER | SIM_OBJECT_GROUP)

/* A fault on single calls: those from number `first` on, `count` of them (0: all). */
struct sim_rule
{
    uint32_t kind;
    uint32_t method; /* enum sim_method */
    int32_t hresult;
    uint32_t delay_ms;
    uint32_t first;
    uint32_t count;
    uint32_t serial;   /* tells a new rule from an old one in the same place */
    uint32_t is_after; /* after the call was carried out, before it is answered */
    uint32_t objects;  /* of a disconnect */
    uint32_t is_away;  /* the machine refuses activation after it */
};

enum sim_item_fault_kind
{
    SIM_ITEM_FAULT_NONE,
    SIM_ITEM_FAULT_REFUSE,  /* item IDs that match the pattern `target` are unknown */
    SIM_ITEM_FAULT_QUALITY, /* the item or branch `target` has `quality` */
    SIM_ITEM_FAULT_FREEZE   /* the item or branch `target` stays as it was at `since_ms` */
};

struct sim_item_fault
{
    uint32_t kind;
    uint32_t quality;
    int64_t since_ms; /* of clock.h */
    uint32_t serial;  /* a newer fault has a higher one */
    wchar_t target[SIM_TARGET_MAX + 1];
};

/* What the console says to the whole machine, at once or at a call. */
enum sim_order_kind
{
    SIM_ORDER_HANG,      /* answer nothing any more */
    SIM_ORDER_MUTE,      /* send no callbacks any more */
    SIM_ORDER_REFUSE,    /* refuse activation; not any more, unless `is_on` */
    SIM_ORDER_NOT_READY, /* be not ready for `seconds` */
    SIM_ORDER_ITEM       /* put `item` on its target; take it off, unless `is_on` */
};

struct sim_order
{
    uint32_t kind;
    uint32_t is_on;
    uint32_t seconds;
    struct sim_item_fault item; /* without `since_ms` and `serial` */
};

struct sim_process
{
    volatile uint32_t pid; /* 0: the slot is free */
    uint32_t host_pid;     /* the process id outside of Wine; the same as pid elsewhere */
    uint64_t created;      /* FILETIME; pids are reused */
    volatile LONG seen;
    volatile LONG calls;
    volatile LONG waiting;      /* calls and threads held at the gate */
    volatile LONG shut_down;    /* generation of the last shutdown that was sent to all clients */
    volatile LONG disconnected; /* generation of the last disconnect that was carried out */
    volatile LONG clients;
};

struct sim_fault_state
{
    uint32_t magic;
    uint32_t size;
    volatile LONG generation;
    LONG is_hung;
    LONG is_refusing;
    LONG shutdown; /* generation in which the last shutdown was ordered */
    uint32_t next_serial;
    LONG is_mute;                  /* no callbacks */
    LONG disconnect;               /* generation in which the last disconnect was ordered */
    uint32_t disconnected_objects; /* by that one */
    int64_t not_ready_until_ms;    /* of clock.h */
    struct sim_item_fault items[SIM_ITEM_FAULTS_MAX];
    struct sim_rule rules[SIM_RULES_MAX];
    struct sim_order orders[SIM_RULES_MAX]; /* of the rules that have one, in the same place */
    struct sim_process processes[SIM_PROCESSES_MAX];
};

struct sim_fault_area
{
    char name[40]; /* of the machine, in capitals: names of files and ProgIDs know no case */
    HANDLE file;
    HANDLE mapping;
    HANDLE mutex;
    struct sim_fault_state *state;
};

bool sim_fault_area_open(const char *machine, struct sim_fault_area *area);
void sim_fault_area_close(struct sim_fault_area *area);
void sim_fault_area_lock(struct sim_fault_area *area);
void sim_fault_area_unlock(struct sim_fault_area *area);

/* Makes the processes look at the faults; the lock is held, and is released here. Returns the new
 * generation. */
LONG sim_fault_area_publish(struct sim_fault_area *area);

/* Takes the file away; for a machine that is unregistered. */
void sim_fault_area_delete(const char *machine);

/* A handle with SYNCHRONIZE and PROCESS_TERMINATE if the slot's process still lives, otherwise
 * NULL. The caller closes it. */
HANDLE sim_fault_area_open_process(const struct sim_process *process);

/* The auto-reset event that wakes one process's watcher; the caller closes it. */
HANDLE sim_fault_area_wake_event(const struct sim_fault_area *area, uint32_t pid);

#endif
