/* session/driver.h: carries out for one session what the state machine decides.
 *
 * A thread of its own turns what happens on the links into events of rm_failover_step and its
 * actions into work. It never calls a server or the client: workers do.
 *
 * Units: milliseconds.
 * Ownership: the session owns its driver; the thread holds the session's memory until it ends.
 * Threads: rm_driver_post from any thread, any lock; the rest from the session's owner.
 * Errors: false when there is no memory or thread.
 * Source: design.md 3.4, 3.7, 4.
 */
#ifndef RM_DRIVER_H
#define RM_DRIVER_H

#include <stdbool.h>
#include <windows.h>

#include <rm/failover.h>

struct rm_session;
struct rm_driver;

struct rm_driver *rm_driver_new(struct rm_session *session);
void rm_driver_free(struct rm_driver *driver);

/* Starts the thread and with it the first connections. */
bool rm_driver_start(struct rm_driver *driver);

void rm_driver_post(struct rm_driver *driver, const struct rm_failover_event *event);

/* Something that the driver looks at has changed. Any thread, any lock. */
void rm_driver_wake(struct rm_driver *driver);

/* An event about a link, the common case. */
void rm_driver_post_link(struct rm_driver *driver, enum rm_failover_event_kind kind,
                         unsigned machine, DWORD link, DWORD code);

#endif
