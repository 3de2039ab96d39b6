/* session/driver_internal.h: what the files of the driver share: driver.c is its thread and turns
 * facts into events, driver_words.c does so with what operators and partners say,
 * driver_settings.c with settings that change, driver_machines.c with the list of machines,
 * driver_actions.c turns the state machine's actions into work.
 *
 * Units: milliseconds.  Ownership: see session/driver.h.
 * Threads: the functions below by the driver's own thread, not locked.
 * Errors: none.
 * Source: design.md 4.
 */
#ifndef RM_DRIVER_INTERNAL_H
#define RM_DRIVER_INTERNAL_H

#include <rm/orders.h>

#include "link/link.h"
#include "session/driver.h"
#include "session/partners.h"

struct queued_event
{
    struct queued_event *next;
    struct rm_failover_event event;
};

struct rm_driver
{
    struct rm_session *session;
    SRWLOCK queue_lock; /* protects the queue */
    struct queued_event *first, **last;
    volatile LONG has_events; /* what the thread waits on */

    /* the thread's own */
    ULONGLONG started_ms;
    struct rm_link *waiting[RM_MACHINE_NUMBERS]; /* standbys that are to be connected soon */
    unsigned stuck_told[RM_MACHINE_NUMBERS];     /* calls, in the last event about them */
    ULONGLONG callbacks_ms;                      /* when callbacks are looked at again */
    DWORD client_calls;                          /* the session's, at the last look */
    struct rm_orders orders;                     /* as seen last */
    ULONGLONG look_ms;                           /* when they, and settings, are looked at again */
    struct rm_partner partner;                   /* link_group 0: alone */
    unsigned others;       /* rank of where sessions of other processes were; 0 = none */
    DWORD moves;           /* promotions decided here */
    bool is_settled;       /* it has had its first machine */
    LONG snapshot_changes; /* as seen last; 0 = look */
    bool is_unusable_told; /* of the settings that are stored now */
    ULONGLONG verdicts_ms; /* when verdicts count again after another list; 0: they do */
    struct rm_failover failover;
    struct rm_failover_actions actions;
};

/* Steps the state machine and carries its actions out: first all states in one go under the lock,
 * then the work. */
void rm_driver_step(struct rm_driver *driver, const struct rm_failover_event *event);

/* Facts that nobody posts: calls that are long, late or stuck; data that does not come. */
void rm_driver_watch(struct rm_driver *driver);

/* Callbacks that do not come. */
void rm_driver_watch_callbacks(struct rm_driver *driver);

/* Before START: what operators and partners have said so far. */
void rm_driver_begin(struct rm_driver *driver);

/* What they have said since; and the partners are told what is active here. */
void rm_driver_listen(struct rm_driver *driver);

/* New settings, if there are any. */
void rm_driver_look_at_settings(struct rm_driver *driver);

/* The service is told where this session is. */
void rm_driver_report(const struct rm_driver *driver);

/* Others speak of machines by rank. 0 stays 0; a rank that there is not gives a number that there
 * is not. */
unsigned rm_driver_machine_of_rank(const struct rm_driver *driver, unsigned rank);
unsigned rm_driver_rank_of(const struct rm_driver *driver, unsigned machine);

/* The list of machines is another one than in the settings from before. */
void rm_driver_apply_machines(struct rm_driver *driver, const struct rm_server_config *before);

/* Verdicts count again, some time after that. */
void rm_driver_look_at_verdicts(struct rm_driver *driver);

/* The preferred machine, by its rank. */
void rm_driver_prefer(struct rm_driver *driver, unsigned rank);

/* The commanded switch is not made. */
void rm_driver_tell_refusal(struct rm_driver *driver, const struct rm_failover_action *action);

/* The partners go on without this session. */
void rm_driver_end(struct rm_driver *driver);

/* Starts the connections that were held back for the first machine's sake, once it is time. */
void rm_driver_connect_waiting(struct rm_driver *driver);

#endif
