/* failover_table.h: tables for the state machine: what happens when, and what is to come of it.
 *
 * A row is { now_ms, what happens, state, actions, what this shows }. The state reads
 * "serving 1 UC": phase, active machine, and one letter per machine: D down, C connecting, U up.
 * The actions read "connect 1, connect 2" in their sequence. NULL = not looked at in this row.
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
    bool flag;    /* is_running, is_busy, is_silent, is_forced or is_unobservable */
    bool is_late; /* about the link before the present one */
    bool is_refused;
    uint32_t value; /* percent, verdict and score, or operator mode */
    const struct rm_failover_settings *settings;
    const char *list; /* "201": the ranks of machines 1, 2 and 3 */
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
        .kind = RM_FAILOVER_CONNECT_FAILED, .machine = (m), .code = (m) == 1 ? CODE_1 : CODE_2     \
    }
#define LIMITED(m)                                                                                 \
    {                                                                                              \
        .kind = RM_FAILOVER_CONNECT_FAILED, .machine = (m), .code = CODE_2, .is_refused = true     \
    }
#define LOST(m)                                                                                    \
    {                                                                                              \
        .kind = RM_FAILOVER_LINK_LOST, .machine = (m), .code = (m) == 1 ? CODE_1 : CODE_2          \
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
#define STATUS_FAILS(m)                                                                            \
    {                                                                                              \
        .kind = RM_FAILOVER_PING_ANSWERED, .machine = (m), .code = CODE_2, .flag = false           \
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

#define CALLBACKS_SILENT(m)                                                                        \
    {                                                                                              \
        .kind = RM_FAILOVER_CALLBACKS, .machine = (m), .flag = true                                \
    }
#define CALLBACKS_CAME(m)                                                                          \
    {                                                                                              \
        .kind = RM_FAILOVER_CALLBACKS, .machine = (m), .flag = false                               \
    }
#define ITEMS(m, percent)                                                                          \
    {                                                                                              \
        .kind = RM_FAILOVER_ITEMS, .machine = (m), .value = (percent)                              \
    }
#define VERDICT(m, verdict)                                                                        \
    {                                                                                              \
        .kind = RM_FAILOVER_VERDICT, .machine = (m), .value = RM_VERDICT_##verdict                 \
    }
#define SCORED(m, score)                                                                           \
    {                                                                                              \
        .kind = RM_FAILOVER_VERDICT, .machine = (m), .value = RM_VERDICT_BAD | (score) << 8        \
    }
#define UNSEEN(m)                                                                                  \
    {                                                                                              \
        .kind = RM_FAILOVER_OBSERVABLE, .machine = (m), .flag = true                               \
    }
#define SEEN(m)                                                                                    \
    {                                                                                              \
        .kind = RM_FAILOVER_OBSERVABLE, .machine = (m), .flag = false                              \
    }
#define MODE(m, mode)                                                                              \
    {                                                                                              \
        .kind = RM_FAILOVER_OPERATOR_MODE, .machine = (m), .value = RM_OPERATOR_##mode             \
    }
#define SWITCH(m)                                                                                  \
    {                                                                                              \
        .kind = RM_FAILOVER_SWITCH, .machine = (m)                                                 \
    }
#define FORCE(m)                                                                                   \
    {                                                                                              \
        .kind = RM_FAILOVER_SWITCH, .machine = (m), .flag = true                                   \
    }
#define AUTOMATIC                                                                                  \
    {                                                                                              \
        .kind = RM_FAILOVER_AUTOMATIC                                                              \
    }
#define PREFER(m)                                                                                  \
    {                                                                                              \
        .kind = RM_FAILOVER_PREFER, .machine = (m)                                                 \
    }
#define ACKNOWLEDGE                                                                                \
    {                                                                                              \
        .kind = RM_FAILOVER_ACKNOWLEDGE                                                            \
    }
#define LINKED(m)                                                                                  \
    {                                                                                              \
        .kind = RM_FAILOVER_LINKED, .machine = (m)                                                 \
    }

#define SETTINGS(address)                                                                          \
    {                                                                                              \
        .kind = RM_FAILOVER_SETTINGS, .settings = (address)                                        \
    }

#define LIST(ranks)                                                                                \
    {                                                                                              \
        .kind = RM_FAILOVER_MACHINES, .list = (ranks)                                              \
    }

/* Two machines that are fit: connected, ready, and RUNNING in the answer to their first ping. */
#define FIT_PAIR                                                                                   \
    {0, START, "starting 0 CC", NULL, "start"},                                                    \
        {0, CONNECTED(1), "serving 1 UC", NULL, "primary"},                                        \
        {0, CONNECTED(2), "serving 1 UU", NULL, "standby"},                                        \
        {0, READY(1), "serving 1 UU", "", "ready"}, {0, READY(2), "serving 1 UU", "", "ready"},    \
        {0, ANSWERED(1), "serving 1 UU", "", "runs"},                                              \
    {                                                                                              \
        0, ANSWERED(2), "serving 1 UU", "", "runs"                                                 \
    }

/* The documents' defaults where there are any: interval 2500, timeout 1000, fall 1, rise 2, return
 * delay 5000, grace and reconnect interval 10000, connect timeout 30000; return to the primary. */
struct rm_failover_settings table_settings(enum rm_mode mode, unsigned machine_count);

/* The same with pings so far apart that none is sent but the first: the rows are about other
 * things. */
struct rm_failover_settings table_settings_without_pings(enum rm_mode mode, unsigned machine_count);

void table_run(struct rm_failover *failover, const struct row *rows, size_t count);

/* Initialises a state machine of these settings, and runs the table. */
void table_play(const struct rm_failover_settings *settings, const struct row *rows, size_t count);

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif
