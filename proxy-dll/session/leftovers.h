/* session/leftovers.h: sessions of a client that forgets to release them.
 *
 * When a single-threaded apartment ends, COM would drop its proxies and the server would clean up
 * at once. Ours live in the multithreaded apartment, so we watch: at the last CoUninitialize of a
 * thread, the sessions that it created are shut down. In the multithreaded apartment objects
 * outlive the thread that made them, so there nothing is closed.
 *
 * Units: none.  Ownership: sessions enter at creation and leave when their memory goes.
 * Threads: any.
 * Errors: none; without CoRegisterInitializeSpy nothing is watched.
 * Source: design.md 3.8; C-03.
 */
#ifndef RM_LEFTOVERS_H
#define RM_LEFTOVERS_H

struct rm_session;

void rm_leftovers_enter(struct rm_session *session);
void rm_leftovers_leave(struct rm_session *session);

/* Watches the calling thread from now on, where it is a single-threaded apartment. */
void rm_leftovers_watch(void);

/* Ends that when the calling thread has no open session left. */
void rm_leftovers_unwatch(void);

#endif
