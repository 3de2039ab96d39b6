/* link/process_watch.h: notices at once that a server's process on this computer has ended.
 *
 * Otherwise the next status ping finds it out, in warm and cold mode up to an interval later. The
 * end of the process is a reason to ask for the machine's status and no more: which process it is
 * stands in COM's own identifier of the object, whose form nobody promises. Where it does not
 * stand there, or may not be watched (a service's process, for a client without rights), nothing
 * is watched and the pings find it out.
 *
 * Units: none.
 * Ownership: the link holds its watch from begin to end; the watch holds nothing of the link.
 * Threads: begin and end on a worker, not locked: begin may call the server, end waits for told,
 *   which is called on a thread of the system's, once, and has to be short.
 * Errors: none.
 * Source: design.md 3.6.
 */
#ifndef RM_PROCESS_WATCH_H
#define RM_PROCESS_WATCH_H

#include <windows.h>
#include <objbase.h>

/* All zero: nothing is watched. */
struct rm_process_watch
{
    HANDLE process;
    HANDLE wait;
};

/* proxy: an interface, iid, of an object that lives in another process of this computer. */
void rm_process_watch_begin(struct rm_process_watch *watch, IUnknown *proxy, REFIID iid,
                            WAITORTIMERCALLBACK told, void *context);

/* told isn't running any more after that, and not called again. */
void rm_process_watch_end(struct rm_process_watch *watch);

#endif
