/* session.h: server objects, groups and items of the bench.
 *
 * Units: milliseconds.
 * Ownership: what open fills, close gives back; item definitions borrow the list's texts.
 * Threads: as struct bench.
 * Errors: bench_must.
 */
#ifndef BENCH_SESSION_H
#define BENCH_SESSION_H

#include "bench.h"

/* CLSCTX_LOCAL_SERVER is the server's own object, CLSCTX_INPROC_SERVER ours. */
IOPCServer *bench_connect(const WCHAR *progid, DWORD context);

struct bench_items
{
    DWORD count;
    OPCITEMDEF *definitions; /* client handles 0 .. count - 1 */
    size_t id_bytes;         /* of all item IDs, with their ends */
};

/* Counters of 64-bit floating point, memory cells that take a VT_I4, generated tags of all kinds.
 */
enum bench_kind
{
    BENCH_COUNTERS,
    BENCH_CELLS,
    BENCH_TAGS
};

void bench_items_make(struct bench_items *items, enum bench_kind kind, DWORD count);
void bench_items_free(struct bench_items *items);

struct bench_group
{
    IOPCServer *server;
    OPCHANDLE server_group;
    IOPCItemMgt *items;
    IOPCGroupStateMgt *state;
    IOPCSyncIO *sync;
    IConnectionPoint *point;
    DWORD cookie;
    DWORD count;
    OPCHANDLE *handles;
};

/* An inactive group. */
void bench_group_open(struct bench_group *group, IOPCServer *server, const WCHAR *name,
                      DWORD rate_ms);

/* AddItems; the ticks that the call alone has taken. */
LONGLONG bench_group_add(struct bench_group *group, const struct bench_items *items);

/* Removes them all again. */
void bench_group_empty(struct bench_group *group);

void bench_group_advise(struct bench_group *group, IOPCDataCallback *sink);
void bench_group_activate(struct bench_group *group, bool is_active);
void bench_group_close(struct bench_group *group);

#endif
