/* service_link/verdicts.h: what the service's monitor items say of the machines, handed to the
 * sessions of this process.
 *
 * A verdict that nobody can renew is none: when the service is gone, its word is taken back, so
 * that no machine is shunned for ever. Only verdicts are handed on. That the service can't observe
 * a machine is no fact for a session, which has links of its own there: told so it would count no
 * missed ping of a machine that hangs.
 *
 * Units: none.
 * Ownership: what is given is copied; a driver is borrowed until rm_verdicts_leave has returned.
 * Threads: any; rm_verdicts_take and _forget by the service link's.
 * Errors: none: without memory a session gets no verdicts.
 * Source: design.md 5 (Health), F-12.
 */
#ifndef RM_VERDICTS_H
#define RM_VERDICTS_H

#include <windows.h>

#include <rm/wire.h>

struct rm_driver;

void rm_verdicts_enter(DWORD session, const char *server, struct rm_driver *driver);
void rm_verdicts_leave(DWORD session);

void rm_verdicts_take(const struct rm_wire_verdict *verdict);

/* The service is gone. */
void rm_verdicts_forget(void);

#endif
