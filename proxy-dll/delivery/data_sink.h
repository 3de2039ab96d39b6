/* delivery/data_sink.h: our IOPCDataCallback in a real group.
 *
 * One for each link and Advise; what comes late through an old one is known by its link's number.
 * For a client in a single-threaded apartment the sink can be made on the client's thread, so that
 * the server calls straight into that apartment (measured: as fast as direct).
 *
 * Units: none.
 * Ownership: COM reference counting; the link's group holds one reference.
 * Threads: called by COM in the apartment that it was made for.
 * Errors: NULL: no memory.
 * Source: design.md 3.5; platform.md 4.
 */
#ifndef RM_DATA_SINK_H
#define RM_DATA_SINK_H

#include <stdbool.h>
#include <windows.h>
#include <unknwn.h>

struct rm_data_sink;
struct rm_group;

/* For the multithreaded apartment. */
struct rm_data_sink *rm_data_sink_new(struct rm_group *group, DWORD link);

/* For the calling thread's single-threaded apartment; goes into the global interface table. */
struct rm_data_sink *rm_data_sink_new_here(struct rm_group *group);

/* Before Advise: the link that it is going to serve. */
void rm_data_sink_set_link(struct rm_data_sink *sink, DWORD link);

/* What a worker passes to Advise, with a reference. */
HRESULT rm_data_sink_take_unknown(struct rm_data_sink *sink, IUnknown **unknown_out);

/* The thread of the single-threaded apartment that it was made for; 0: none. */
DWORD rm_data_sink_thread(const struct rm_data_sink *sink);

/* On a worker: makes a call to it as a server does, and returns when it has come through, which
 * takes as long as the client's thread handles no messages. The client sees nothing of it. */
HRESULT rm_data_sink_call_through(struct rm_data_sink *sink);

void rm_data_sink_add_ref(struct rm_data_sink *sink);
void rm_data_sink_release(struct rm_data_sink *sink);

/* On a worker, after Unadvise or the link's death: cuts off a server that may still hold it, and
 * releases the caller's reference. A sink of a single-threaded apartment is cut off by its own
 * thread at its next call (rm_session_run_chores). */
void rm_data_sink_dispose(struct rm_data_sink *sink);

/* Takes it out of the global interface table. Any thread. */
void rm_data_sink_leave_table(struct rm_data_sink *sink);

/* On the thread that the sink was made on. */
void rm_data_sink_cut_off(struct rm_data_sink *sink);

#endif
