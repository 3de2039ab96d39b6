/* group.h: one group of a client: its state, its items, its subscription.
 *
 * A group with a subscription or a transaction has a thread of its own (updater.h), which makes all
 * its callbacks, so they come in order and a client that is slow holds up nobody but itself.
 *
 * Ownership: `refs` counts all references, `internal_refs` those that clients know nothing of (the
 * server's list, the thread, calls in progress); the difference is what RemoveGroup calls in use.
 * Threads: any. `lock` protects what stands below it; see server.h for the order of locks.
 * Errors: HRESULTs of OPC; a removed group answers E_FAIL to everything.
 * Source: OPC DA 2.05a.
 */
#ifndef SIM_GROUP_H
#define SIM_GROUP_H

#include "connection.h"
#include "device.h"
#include "gate.h"
#include "server.h"

#include <opc/opcda.h>

#define SIM_NO_TICK INT64_MIN

struct sim_group_item
{
    const struct sim_item *item; /* NULL: the place is free */
    DWORD server_handle;
    DWORD client_handle;
    VARTYPE requested;
    bool is_active;
    bool is_pending; /* to be sent whether changed or not */
    int64_t added_ms;
    wchar_t *access_path; /* NULL: none */

    /* What the subscription sent last. */
    int64_t version;
    VARIANT value;
    double number;
    WORD quality;
    HRESULT error;

    /* Data Access 3.0. */
    bool has_deadband; /* of its own, instead of the group's */
    FLOAT deadband;
    struct sim_sampling *sampling; /* NULL: sampled when the group is due */
    bool is_buffered;
};

struct sim_public_group;
struct sim_sampling;
struct sim_transaction;

/* The interfaces of IOPCGroupStateMgt2, IOPCSyncIO2 and IOPCAsyncIO3 begin with those of 2.05a, and
 * serve for them, too. */
struct sim_group
{
    IOPCGroupStateMgt2 IOPCGroupStateMgt2_iface;
    IOPCItemMgt IOPCItemMgt_iface;
    IOPCSyncIO2 IOPCSyncIO2_iface;
    IOPCAsyncIO3 IOPCAsyncIO3_iface;
    IOPCItemDeadbandMgt IOPCItemDeadbandMgt_iface;
    IOPCItemSamplingMgt IOPCItemSamplingMgt_iface;
    IOPCPublicGroupStateMgt IOPCPublicGroupStateMgt_iface;
    struct sim_connection connection; /* IOPCDataCallback */
    LONG refs;
    LONG internal_refs;
    struct sim_server *server; /* held */
    struct sim_group *next;    /* in the server's list; protected by the server's lock */
    wchar_t *name;             /* protected by the server's lock */
    DWORD handle;

    SRWLOCK lock; /* protects all below */
    bool is_removed;
    bool is_active;
    bool is_enabled;
    DWORD rate_ms;
    LONG time_bias;
    FLOAT deadband;
    LCID locale;
    DWORD client_handle;

    struct sim_group_item *items;
    DWORD item_places; /* used and free ones */
    DWORD item_count;
    DWORD item_capacity;
    DWORD sampled_count; /* items with a sampling rate */
    DWORD free_place;    /* a place that may be free; where the search starts */

    bool has_thread;
    HANDLE wake;
    int64_t next_update_ms;
    int64_t next_tick;    /* of the counters; SIM_NO_TICK: starts with the current one */
    int64_t fault_serial; /* up to which all items were looked at: itemfault.h */
    struct sim_transaction *transactions; /* oldest first */
    DWORD transaction_count;
    DWORD last_cancel_id;

    struct sim_public_group *public_group; /* NULL: it is private; else for good */

    DWORD keep_alive_ms;      /* 0: none */
    bool is_keeping_alive;    /* it is active, enabled and advised; a callback falls due */
    int64_t last_callback_ms; /* from which keep-alive counts */
};

extern const IOPCGroupStateMgt2Vtbl sim_group_state_vtable;
extern const IOPCItemMgtVtbl sim_group_items_vtable;
extern const IOPCSyncIO2Vtbl sim_group_sync_vtable;
extern const IOPCAsyncIO3Vtbl sim_group_async_vtable;

/* A new, inactive group with one internal reference, in no list. */
HRESULT sim_group_create(struct sim_server *server, struct sim_group **group);

HRESULT sim_group_query(struct sim_group *group, REFIID iid, void **object);
ULONG sim_group_add_ref(struct sim_group *group);
ULONG sim_group_release(struct sim_group *group);

void sim_group_hold(struct sim_group *group);
void sim_group_unhold(struct sim_group *group);

bool sim_group_is_in_use(const struct sim_group *group);

/* Ends it for good; the caller has taken it out of the server's list. */
void sim_group_remove(struct sim_group *group);

/* True if it was removed. */
bool sim_group_is_gone(struct sim_group *group);

bool sim_group_is_public(struct sim_group *group);

DWORD sim_group_revise_rate(DWORD requested_ms);

/* ---- items (groupitem.c); the group's lock is held ---- */

struct sim_group_item *sim_group_find_item(struct sim_group *group, DWORD server_handle);
struct sim_group_item *sim_group_new_item(struct sim_group *group);
void sim_group_free_item(struct sim_group *group, struct sim_group_item *item);
HRESULT sim_group_sample(const struct sim_group *group, const struct sim_group_item *item,
                         int64_t version, int64_t now_ms, struct sim_vqt *vqt);

/* One change, made to the item of number `i` of a list of handles. */
typedef HRESULT (*sim_change_item)(struct sim_group *group, struct sim_group_item *item, DWORD i,
                                   const void *context);

/* Makes it to all of the list and wakes the updater; takes the lock itself. `errors` is a block of
 * the COM task allocator. */
HRESULT sim_group_change_items(struct sim_group *group, DWORD count, const OPCHANDLE *handles,
                               HRESULT **errors, sim_change_item change, const void *context);

/* ---- reading (groupread.c); the group's lock is held ---- */

/* Cache or device: where a value comes from that may be that old. */
OPCDATASOURCE sim_group_source(const struct sim_group *group, const struct sim_group_item *item,
                               DWORD max_age_ms, int64_t now_ms);

HRESULT sim_group_read(const struct sim_group *group, const struct sim_group_item *item,
                       OPCDATASOURCE source, int64_t now_ms, struct sim_vqt *vqt);

/* First statements of a group's method, after its outputs were cleared. */
#define SIM_ENTER_GROUP(group, method)                                                             \
    SIM_ENTER(method)                                                                              \
    if (sim_group_is_gone(group))                                                                  \
    {                                                                                              \
        return E_FAIL;                                                                             \
    }

#endif
