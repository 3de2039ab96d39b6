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

#define SIM_PROCESSES_MAX 128
#define SIM_RULES_MAX     16

enum sim_rule_kind
{
    SIM_RULE_NONE,
    SIM_RULE_FAIL,  /* the call answers `hresult` at once */
    SIM_RULE_SLOW,  /* the call is held for `delay_ms` */
    SIM_RULE_HANG,  /* the call is held until the rule is gone */
    SIM_RULE_LINGER /* the call is held for `delay_ms` after it has done its work */
};

/* A fault on single calls: those from number `first` on, `count` of them (0: all). */
struct sim_rule
{
    uint32_t kind;
    uint32_t method; /* enum sim_method */
    int32_t hresult;
    uint32_t delay_ms;
    uint32_t first;
    uint32_t count;
    uint32_t serial; /* tells a new rule from an old one in the same place */
};

struct sim_process
{
    uint32_t pid;      /* 0: the slot is free */
    uint32_t host_pid; /* the process id outside of Wine; the same as pid elsewhere */
    uint64_t created;  /* FILETIME; pids are reused */
    volatile LONG seen;
    volatile LONG calls;
    volatile LONG waiting;   /* calls and threads held at the gate */
    volatile LONG shut_down; /* generation of the last shutdown that was sent to all clients */
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
    struct sim_rule rules[SIM_RULES_MAX];
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

/* Takes the file away; for a machine that is unregistered. */
void sim_fault_area_delete(const char *machine);

/* A handle with SYNCHRONIZE and PROCESS_TERMINATE if the slot's process still lives, otherwise
 * NULL. The caller closes it. */
HANDLE sim_fault_area_open_process(const struct sim_process *process);

/* The auto-reset event that wakes one process's watcher; the caller closes it. */
HANDLE sim_fault_area_wake_event(const struct sim_fault_area *area, uint32_t pid);

#endif
