/* session/driver_internal.h: what the two files of the driver share: driver.c is its thread and
 * turns facts into events, driver_actions.c turns the state machine's actions into work.
 *
 * Units: milliseconds.  Ownership: see session/driver.h.
 * Threads: the functions below by the driver's own thread, not locked.
 * Errors: none.
 * Source: design.md 4.
 */
#ifndef RM_DRIVER_INTERNAL_H
#define RM_DRIVER_INTERNAL_H

#include "link/link.h"
#include "session/driver.h"

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
    struct rm_link *waiting[RM_MACHINES_MAX]; /* standbys that are to be connected soon */
    unsigned stuck_told[RM_MACHINES_MAX];     /* calls, in the last event about them */
    struct rm_failover failover;
    struct rm_failover_actions actions;
};

/* Steps the state machine and carries its actions out: first all states in one go under the lock,
 * then the work. */
void rm_driver_step(struct rm_driver *driver, const struct rm_failover_event *event);

/* Starts the connections that were held back for the first machine's sake, once it is time. */
void rm_driver_connect_waiting(struct rm_driver *driver);

#endif
