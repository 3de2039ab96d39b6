/* failover_table.h: tables for the state machine: what happens when, and what is to come of it.
 *
 * A row is { now_ms, what happens, state, actions, what this shows }. The state reads
 * "serving 1 UC": phase, active machine, and one letter per machine: D down, C connecting, U up.
 * The actions read "connect 1, connect 2" in their sequence; NULL = not looked at in this row.
 * After each row the invariants are checked, and that next_ms lies ahead.
 *
 * Units: milliseconds.  Ownership: none.  Threads: one.
 * Errors: the first row that differs fails the test and is named by what it shows.
 */
#ifndef FAILOVER_TABLE_H
#define FAILOVER_TABLE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include <rm/failover.h>

#define CODE_1 0x80040111u /* what machine 1's failures say */
#define CODE_2 0x80070005u /* what the others' failures say */

struct happening
{
    enum rm_failover_event_kind kind;
    unsigned machine;
    uint32_t code;
    bool flag;    /* is_running or is_busy */
    bool is_late; /* about the link before the present one */
    bool is_refused;
};

struct row
{
    uint64_t now_ms;
    struct happening what;
    const char *state;
    const char *actions;
    const char *shows;
};

#define START                                                                                      \
    {                                                                                              \
        .kind = RM_FAILOVER_START                                                                  \
    }
#define STOP                                                                                       \
    {                                                                                              \
        .kind = RM_FAILOVER_STOP                                                                   \
    }
#define TICK                                                                                       \
    {                                                                                              \
        .kind = RM_FAILOVER_TICK                                                                   \
    }
#define CONNECTED(m)                                                                               \
    {                                                                                              \
        .kind = RM_FAILOVER_CONNECTED, .machine = (m)                                              \
    }
#define REFUSED(m)                                                                                 \
    {                                                                                              \
        RM_FAILOVER_CONNECT_FAILED, (m), (m) == 1 ? CODE_1 : CODE_2, false, false, false           \
    }
#define LIMITED(m)                                                                                 \
    {                                                                                              \
        .kind = RM_FAILOVER_CONNECT_FAILED, .machine = (m), .code = CODE_2, .is_refused = true     \
    }
#define LOST(m)                                                                                    \
    {                                                                                              \
        RM_FAILOVER_LINK_LOST, (m), (m) == 1 ? CODE_1 : CODE_2, false, false, false                \
    }
#define LATE_LOST(m)                                                                               \
    {                                                                                              \
        .kind = RM_FAILOVER_LINK_LOST, .machine = (m), .is_late = true                             \
    }
#define SHUTDOWN(m)                                                                                \
    {                                                                                              \
        .kind = RM_FAILOVER_SHUTDOWN, .machine = (m)                                               \
    }
#define READY(m)                                                                                   \
    {                                                                                              \
        .kind = RM_FAILOVER_READY, .machine = (m)                                                  \
    }
#define ANSWERED(m)                                                                                \
    {                                                                                              \
        .kind = RM_FAILOVER_PING_ANSWERED, .machine = (m), .flag = true                            \
    }
#define UNREADY(m)                                                                                 \
    {                                                                                              \
        .kind = RM_FAILOVER_PING_ANSWERED, .machine = (m), .flag = false                           \
    }
#define BUSY(m)                                                                                    \
    {                                                                                              \
        .kind = RM_FAILOVER_BUSY, .machine = (m), .flag = true                                     \
    }
#define CALL_ENDED(m)                                                                              \
    {                                                                                              \
        .kind = RM_FAILOVER_BUSY, .machine = (m), .flag = false                                    \
    }
#define SUSPECT(m)                                                                                 \
    {                                                                                              \
        .kind = RM_FAILOVER_SUSPECT, .machine = (m)                                                \
    }

/* The documents' defaults where there are any: interval 2500, timeout 1000, fall 1, rise 2, return
 * delay 5000, grace and reconnect interval 10000, connect timeout 30000; return to the primary. */
struct rm_failover_settings table_settings(enum rm_mode mode, unsigned machine_count);

void table_run(struct rm_failover *failover, const struct row *rows, size_t count);

/* Initialises a state machine of these settings, and runs the table. */
void table_play(const struct rm_failover_settings *settings, const struct row *rows, size_t count);

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
