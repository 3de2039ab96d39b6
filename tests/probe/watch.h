/* watch.h: the thread that keeps time: it ends the run, prints the live line, and gives up a probe
 * whose last call never comes back.
 *
 * The run ends after --seconds, on --stop-file, on a line "stop" from a piped stdin and on Ctrl-C.
 * The watch makes no COM call, so nothing that a server does can hold it up.
 *
 * Threads: two of its own, the watch and one that reads stdin. Errors: false without a thread.
 */
#ifndef PROBE_WATCH_H
#define PROBE_WATCH_H

#include "probe.h"

/* The watch ends with probe->done. Returns its thread, NULL on failure. */
HANDLE rm_watch_start(struct rm_probe *probe);

#endif
