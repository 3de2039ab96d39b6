/* watch/watch.h: the service's own look at the machines of all redundant servers, by their monitor
 * items.
 *
 * A redundant server is watched while it has monitor items and somebody wants it: a session, or the
 * setting watchAlways. In warm and hot mode all its machines are, in cold mode the active one only,
 * for a standby must not be started there; the last word on the others stands, else two bad
 * machines would be left for one another without end (F-06).
 *
 * Nothing here calls a server: each machine has a thread for that (watch/watched.h). What they find
 * is told by rm_watch_look, on transitions only.
 *
 * Units: milliseconds.
 * Ownership: settings are copied; what the handler gets lives during the call.
 * Threads: one; handler.wake is called by any, and must not block.
 * Errors: NULL: no memory. A server for which there is none is not watched.
 * Source: design.md 5 (Health); RM-160 .. RM-180, RM-241 .. RM-256, F-05 .. F-07.
 */
#ifndef RM_WATCH_H
#define RM_WATCH_H

#include <stdbool.h>

#include <rm/config.h>
#include <rm/event.h>
#include <rm/wire.h>

struct rm_watch;

struct rm_watch_handler
{
    void *context, *wake_context;
    void (*wake)(void *wake_context); /* rm_watch_look has something to tell */
    void (*verdict)(void *context, const struct rm_wire_verdict *verdict);
    void (*event)(void *context, const struct rm_event *event);
};

struct rm_watch *rm_watch_new(const struct rm_watch_handler *handler);
void rm_watch_free(struct rm_watch *watch); /* NULL is allowed; waits a moment for the threads */

/* Takes over what has changed; all else goes on. */
void rm_watch_settings(struct rm_watch *watch, const struct rm_config *config);

/* Whether it has sessions, and where (machine 0: not known). */
void rm_watch_want(struct rm_watch *watch, const char *server, bool has_sessions, unsigned active);

/* Tells what is new. To be called about once a second, and when woken. */
void rm_watch_look(struct rm_watch *watch);

/* Hands all that is known of that server to `tell`. */
void rm_watch_each(struct rm_watch *watch, const char *server,
                   void (*tell)(void *context, const struct rm_wire_verdict *verdict),
                   void *context);

/* Hands each machine of that server to `tell`, if it has monitor items. */
void rm_watch_describe(struct rm_watch *watch, const char *server,
                       void (*tell)(void *context, const struct rm_wire_machine_row *row),
                       void *context);

#endif
