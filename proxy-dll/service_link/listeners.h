/* service_link/listeners.h: what the service says to the sessions of this process: what its monitor
 * items found of the machines, and where the other sessions are.
 *
 * A word that nobody can renew is none: when the service is gone, verdicts are taken back, so that
 * no machine is shunned for ever, and who followed others decides for itself. Of verdicts only the
 * verdict is handed on: that the service can't observe a machine is no fact for a session, which
 * has links of its own there; told so it would count no missed ping of a machine that hangs.
 *
 * Units: none.
 * Ownership: what is given is copied; a driver is borrowed until rm_listeners_leave has returned.
 * Threads: any; _judge, _agree and _forget by the service link's.
 * Errors: none: without memory a session hears nothing.
 * Source: design.md 2, 5 (Health); F-12, CX-05.
 */
#ifndef RM_LISTENERS_H
#define RM_LISTENERS_H

#include <windows.h>

#include <rm/wire.h>

struct rm_driver;

void rm_listeners_enter(DWORD session, const char *server, struct rm_driver *driver);
void rm_listeners_leave(DWORD session);

void rm_listeners_judge(const struct rm_wire_verdict *verdict);
void rm_listeners_agree(const struct rm_wire_agreed *agreed);

/* The service is gone. */
void rm_listeners_forget(void);

/* Once more to that session what was said of each machine last: it has another list of them. */
void rm_listeners_repeat(DWORD session);

#endif
