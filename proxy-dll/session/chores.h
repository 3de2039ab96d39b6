/* session/chores.h: work that only the client's own single-threaded apartment can do.
 *
 * Our sinks in such an apartment have to be cut off from dead servers by its own thread; that is
 * done when the thread calls us next.
 *
 * Units: none.
 * Ownership: a chore owns one reference to its sink.
 * Threads: rm_session_add_chore from any thread, not locked; rm_session_run_chores by any client
 *   thread, not locked; it does those of the calling thread.
 * Errors: none; without memory the sink stays until the process ends.
 * Source: design.md 3.5; platform.md 4.
 */
#ifndef RM_CHORES_H
#define RM_CHORES_H

#include <windows.h>

struct rm_data_sink;
struct rm_session;

void rm_session_add_chore(struct rm_session *session, struct rm_data_sink *sink, DWORD thread);
void rm_session_run_chores(struct rm_session *session);

/* The session is closed and the threads may never call again: sinks are given up. Not locked. */
void rm_session_drop_chores(struct rm_session *session);

#endif
