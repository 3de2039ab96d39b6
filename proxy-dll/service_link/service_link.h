/* service_link/service_link.h: this process's connection to the service: its sessions are
 * registered there, their events handed over; verdicts of monitor items, and where the sessions of
 * other processes are, come from there.
 *
 * Nothing depends on it. Without a service the events are kept, the last RM_KEPT_EVENTS_MAX of
 * them, and handed over when it is there. An event is forgotten here when the service says that it
 * is on its disk; handed over twice it is stored once. A thread of its own does all that waits; it
 * ends with the last session, once what there was is handed over, or at once where there is no
 * service.
 *
 * Units: milliseconds.
 * Ownership: what is given is copied; the driver is borrowed.
 * Threads: any. rm_service_link_event under any lock; the others
 *   not locked.
 * Errors: none: without memory or a thread nothing is handed over.
 * Source: design.md 2, 5; F-12; RM-190 .. RM-192.
 */
#ifndef RM_SERVICE_LINK_H
#define RM_SERVICE_LINK_H

#include <windows.h>

#include <rm/wire.h>

struct rm_driver;

/* A session begins. Its driver hears what the service says until rm_service_link_leave. */
void rm_service_link_enter(DWORD session, const char *server, struct rm_driver *driver);

/* The machine that other sessions of the redundant server, or of linked ones, are on; 0: there are
 * none, or no service that answers at once: it is waited for 40 ms at most. Right after _enter. */
unsigned rm_service_link_where(DWORD session);

/* Where this session is, for the others to follow; the service is told when that changes. */
void rm_service_link_active(const struct rm_wire_active *active);

/* It is over, all its events have been given. The client may end its process now: so this waits a
 * moment until they are handed over, where the service is there. */
void rm_service_link_leave(DWORD session);

void rm_service_link_event(const struct rm_wire_event *event);

/* The DLL goes, the process stays. */
void rm_service_link_unload(void);

#endif
