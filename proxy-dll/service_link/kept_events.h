/* service_link/kept_events.h: the events of this process that the service has not stored yet, in
 * their sequence.
 *
 * Units: none.
 * Ownership: the list owns its events.
 * Threads: any; a lock of its own, a leaf.
 * Errors: without memory an event is lost, and counted.
 * Source: F-12.
 */
#ifndef RM_KEPT_EVENTS_H
#define RM_KEPT_EVENTS_H

#include <stdbool.h>
#include <windows.h>

#include <rm/wire.h>

#define RM_KEPT_EVENTS_MAX 256

void rm_kept_events_add(const struct rm_wire_event *event);

/* A copy of the first one. False: there is none. */
bool rm_kept_events_first(struct rm_wire_event *event);

/* The service has it: forget this one, if it is still the first. */
void rm_kept_events_forget(const struct rm_wire_event *event);

/* How many were lost since it was asked last, for want of room or memory; *last_one is the last of
 * them. */
unsigned rm_kept_events_take_lost(struct rm_wire_event *last_one);

void rm_kept_events_clear(void);

#endif
