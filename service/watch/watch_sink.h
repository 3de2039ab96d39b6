/* watch/watch_sink.h: our IOPCDataCallback in a group of monitor items. An item's client handle is
 * its number, from 0.
 *
 * Units: none.
 * Ownership: COM reference counting.
 * Threads: called by COM in the multithreaded apartment.
 * Errors: NULL: no memory.
 * Source: reference 7.6.
 */
#ifndef RM_WATCH_SINK_H
#define RM_WATCH_SINK_H

#include <stdbool.h>
#include <stdint.h>
#include <windows.h>
#include <unknwn.h>

struct rm_watched;
struct rm_watch_sink;

struct rm_watch_sink *rm_watch_sink_new(struct rm_watched *watched, uint32_t attempt);
IUnknown *rm_watch_sink_unknown(struct rm_watch_sink *sink); /* borrowed */

/* Whether anything has come. */
bool rm_watch_sink_was_called(const struct rm_watch_sink *sink);

/* Cuts off a server that may still hold it, and releases the caller's reference. */
void rm_watch_sink_dispose(struct rm_watch_sink *sink);

#endif
