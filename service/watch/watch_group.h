/* watch/watch_group.h: one group of the service's own in a machine's server: the monitor items of
 * one update rate.
 *
 * Data come by IOPCDataCallback. Where the server has none, or nothing has come for long after
 * Advise, the cache is read at the update rate.
 *
 * Units: milliseconds.
 * Ownership: rm_watch_group_leave releases all that rm_watch_group_enter has got.
 * Threads: the machine's one, in the multithreaded apartment. Calls are announced to the watched
 *   machine, so that somebody notices when they don't come back.
 * Errors: HRESULTs of the server; what it says of single items goes to the watched machine.
 * Source: reference 7; RM-169, RM-177.
 */
#ifndef RM_WATCH_GROUP_H
#define RM_WATCH_GROUP_H

#include <windows.h>
#include <ocidl.h>

#include <opc/opcda.h>

#include "watch/watched.h"

struct rm_watch_sink;

struct rm_watch_group_item
{
    uint32_t id;      /* rm_watched_item's; the client handle as well */
    size_t number;    /* of the monitor item in the plan, from 0 */
    OPCHANDLE handle; /* the server's */
    bool is_added;
    bool has_last;
    WORD last_quality; /* as it was read last */
    VARIANT last;
};

struct rm_watch_group
{
    struct rm_watched *watched; /* borrowed */
    uint32_t attempt;
    const struct rm_watch_plan *plan; /* borrowed */
    DWORD rate_ms;
    IOPCServer *server; /* borrowed */
    IOPCItemMgt *items;
    IOPCSyncIO *sync;        /* NULL: the server has none */
    IConnectionPoint *point; /* NULL: the cache is read */
    struct rm_watch_sink *sink;
    DWORD cookie;
    OPCHANDLE handle;
    size_t count;
    struct rm_watch_group_item *list; /* array of count */
    ULONGLONG read_ms;                /* when the cache is read next */
    ULONGLONG patience_ms;            /* until then the first callback is waited for */
    ULONGLONG add_again_ms;           /* when refused items are tried again */
};

/* All items of that rate. */
HRESULT rm_watch_group_enter(struct rm_watch_group *group);

/* The plan is another one: what is alike stays in the server. A group may be left without items. */
HRESULT rm_watch_group_follow(struct rm_watch_group *group);

/* What is to be done by now. */
HRESULT rm_watch_group_round(struct rm_watch_group *group);

/* When that is so the next time. */
ULONGLONG rm_watch_group_due(const struct rm_watch_group *group);

void rm_watch_group_leave(struct rm_watch_group *group);

#endif
