/* start/starter.h: the Windows services of the OPC servers, started before machines are connected.
 *
 * Where the settings name the Windows service of a machine's server, it is started when that
 * machine is about to be connected: rm_starter_ask. A start that fails is tried again until it has
 * succeeded once; then the service is left alone until the next time, so that whoever stops it is
 * not worked against. Connecting never waits for it.
 *
 * Each start is made by a thread of its own, for a computer that doesn't answer may keep it for
 * long; a machine has one of them at most.
 *
 * Units: milliseconds.
 * Ownership: settings are copied.
 * Threads: one.
 * Errors: NULL: no memory. What fails is an event, once until it has succeeded.
 * Source: feature CX-16; docs/decisions/0014-windows-services.md.
 */
#ifndef RM_START_STARTER_H
#define RM_START_STARTER_H

#include <rm/config.h>
#include <rm/event.h>

struct rm_starter;

struct rm_starter_handler
{
    void *context;
    void (*event)(void *context, const struct rm_event *event);
};

struct rm_starter *rm_starter_new(const struct rm_starter_handler *handler);
void rm_starter_free(struct rm_starter *starter); /* NULL is allowed; waits for no thread */

/* A machine that is named otherwise, or whose service is, is another one. */
void rm_starter_settings(struct rm_starter *starter, const struct rm_config *config);

/* Whether machines or services of that server are new since the last time that this was asked. */
bool rm_starter_has_new(struct rm_starter *starter, const char *server);

/* That machine is about to be connected. One without a service, or unknown, is none of its. */
void rm_starter_ask(struct rm_starter *starter, const char *server, unsigned machine);

/* Nobody wants that server any more: a start that has failed is not tried again. */
void rm_starter_drop(struct rm_starter *starter, const char *server);

/* Starts what was asked for, and tells what came of it. To be called about once a second. */
void rm_starter_look(struct rm_starter *starter);

#endif
