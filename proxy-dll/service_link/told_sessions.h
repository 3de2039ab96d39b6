/* service_link/told_sessions.h: the sessions of this process as the service is told of them: that
 * they have begun, where they are, that they are over.
 *
 * Units: milliseconds.
 * Ownership: what is given is copied.
 * Threads: any, not locked; the functions of the second half by the service link's. The lock is a
 *   leaf.
 * Errors: false: no memory, or there is none.
 * Source: design.md 2, 5.
 */
#ifndef RM_TOLD_SESSIONS_H
#define RM_TOLD_SESSIONS_H

#include <stdbool.h>
#include <windows.h>

#include <rm/wire.h>

bool rm_told_enter(DWORD session, const char *server);

/* Where the service has said that the others are; 0 = it hasn't, there are none. Waits for its word
 * until then, unless there is no service. */
unsigned rm_told_others(DWORD session, ULONGLONG until_ms);

/* True: that is news. */
bool rm_told_set_active(const struct rm_wire_active *active);

/* It is over, which the service is to be told. */
void rm_told_end(DWORD session);

/* Until the service has been told, or there is none, or until then. */
void rm_told_wait_end(DWORD session, ULONGLONG until_ms);

/* Nobody will be told. */
void rm_told_remove(DWORD session);

bool rm_told_has_any(void);

/* ---- the service link's thread ---- */

/* A service is there now, which knows none of them; or there is none. */
void rm_told_set_connected(bool is_connected);

/* What is to be said next: of one that has begun, that is elsewhere now, or that is over. */
bool rm_told_next_begun(struct rm_wire_message *request);
bool rm_told_next_moved(struct rm_wire_message *request);
bool rm_told_next_over(struct rm_wire_message *request);

/* The service has said where the others are; it has answered. */
void rm_told_set_others(DWORD session, unsigned machine);
void rm_told_set_answered(DWORD session);

/* Those that are over, and of which nothing is left to be told. */
void rm_told_drop_over(void);

#endif
