/* runtime/monitoring.h: the monitor items' place in the service: from the settings and the sessions
 * to what is to be watched, from what was found to the log of events and to the sessions.
 *
 * In cold mode the machine to watch is the one that the sessions agree on (runtime/decisions.h);
 * where there are none the one that was promoted last, by its event; after a start of the service
 * by the last one in the log. As long as none is known, none is watched.
 *
 * From the same come the occasions to start Windows services of servers (start/occasions.h).
 *
 * Units: milliseconds.
 * Ownership: the lists, the logs and texts are the caller's and live longer.
 * Threads: the service's one; `wake` is called by any.
 * Errors: NULL: no memory.
 * Source: design.md 5 (Health); RM-160 .. RM-180.
 */
#ifndef RM_RUNTIME_MONITORING_H
#define RM_RUNTIME_MONITORING_H

#include <rm/event.h>

#include "runtime/event_logs.h"
#include "runtime/sessions.h"

struct rm_monitoring;

struct rm_monitoring_terms
{
    const char *config_path; /* UTF-8 */
    struct rm_registered_list *sessions;
    struct rm_event_logs *logs;
    unsigned (*where)(void *context, const char *server); /* the sessions are; 0: not known */
    void *where_context;
    void (*wake)(void *context); /* rm_monitoring_round is to be called */
    void (*note)(void *context, enum rm_severity severity, const char *text);
    void *wake_context, *note_context;
};

struct rm_monitoring *rm_monitoring_new(const struct rm_monitoring_terms *terms);
void rm_monitoring_free(struct rm_monitoring *monitoring); /* NULL is allowed */

/* By the settings (RM-198); of a server that isn't there the default. */
uint32_t rm_monitoring_event_limit(const struct rm_monitoring *monitoring, const char *server);

void rm_monitoring_round(struct rm_monitoring *monitoring);

/* Tells a peer whose session has begun all that is known. */
void rm_monitoring_welcome(struct rm_monitoring *monitoring, struct rm_pipe_peer *peer,
                           const char *server);

/* What a session has told of a machine: who is active, and who is about to be connected. */
void rm_monitoring_heard(struct rm_monitoring *monitoring, const char *server,
                         enum rm_event_id event, unsigned machine);

/* Bit n - 1: machine n, which the service had been connected to, is lost to it, or its monitor
 * items are in error. */
uint32_t rm_monitoring_lost(const struct rm_monitoring *monitoring, const char *server);

/* The settings that are in force, until the next round. */
const struct rm_config *rm_monitoring_config(const struct rm_monitoring *monitoring);

/* Hands each machine of that server to `tell`, if it has monitor items. */
void rm_monitoring_describe(struct rm_monitoring *monitoring, const char *server,
                            void (*tell)(void *context, const struct rm_wire_machine_row *row),
                            void *context);

#endif
