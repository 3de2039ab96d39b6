/* session/shadow.h: all that a client has set up, in a form that can be replayed on any machine.
 *
 * The shadow is the truth; a link is made equal to it by link/link_sync.c, which compares and
 * applies differences, so there is no log of operations that could get out of step. Every change
 * raises the session's revision and wakes the standbys (rm_session_changed).
 *
 * Handles that clients hold are ours: slot number plus generation, never reused while the
 * generation has not come round; a handle we don't know is never passed on to a server. The groups'
 * generations are counted across all sessions of the process, for as a server's handles do, those
 * of two server objects differ.
 *
 * Units: rates in milliseconds, time bias in minutes, deadband in per cent.
 * Ownership: the session owns its groups, a group its items; strings and blobs belong to them.
 * Threads: everything here is protected by the session's lock, held exclusively by the caller of
 *   each function, except where it says otherwise.
 * Errors: HRESULTs as the reference lists them.
 * Source: design.md 3.2, 3.3; reference 7.2, 7.12.
 */
#ifndef RM_SHADOW_H
#define RM_SHADOW_H

#include <stdbool.h>
#include <opc/opcda.h>

#include "delivery/delivery.h"
#include "server/client_security.h"
#include "session/blanket.h"
#include "session/list.h"

struct rm_connection_point;
struct rm_session;
struct rm_client_sink;

/* Item handles: 22 bits of slot, 10 of generation. */
#define RM_HANDLE_SLOT_BITS 22
#define RM_ITEM_SLOTS_MAX   (1u << RM_HANDLE_SLOT_BITS)
#define RM_GROUP_SLOTS_MAX  65536u

struct rm_last_forwarded
{
    VARIANT value;
    FILETIME time;
    LONGLONG corrected_100ns; /* time minus the machine's skew when it was forwarded */
    HRESULT error;            /* the item's own code: a failure is compared like a value */
    WORD quality;
    bool is_valid;
    bool is_unknown; /* not valid because such a value can't be kept */
    DWORD link;      /* number of the link that it came from */
    DWORD arrived_ms;
    UINT skew_error_100ns; /* by which corrected_100ns may be wrong */
    bool is_skew_known;    /* and by no more than can be said here */
};

/* What a client has set for one item beyond its group's settings (Data Access 3.0). */
struct rm_item_settings
{
    bool has_deadband, has_rate, is_buffered;
    FLOAT deadband;
    DWORD rate_ms; /* of sampling, as the client asked for it */
};

struct rm_item
{
    /* What each callback looks at comes first: of a thousand items it is little memory. */
    OPCHANDLE client;     /* the client's own value, passed through unchanged */
    DWORD next_in_bucket; /* slot + 1 of the next item in the same bucket of client handles */
    DWORD handle;         /* ours; what the client holds */
    bool is_used;
    bool has_other_client;
    VARTYPE requested_type;
    struct rm_last_forwarded last;

    WCHAR *item_id;     /* never NULL */
    WCHAR *access_path; /* NULL = none, as most have: see rm_item_access_path */
    BYTE *blob;
    DWORD blob_size;
    DWORD serial; /* order of adding within the group */
    BOOL is_active;
    OPCHANDLE other_client; /* the one before, or one that is being set: callbacks may have it */
    DWORD access_rights;
    VARTYPE canonical_type;
    struct rm_item_settings settings;
    DWORD revised_sampling_ms; /* what the machine made of settings.rate_ms */
};

/* The group record and the COM object that the client sees are one: there is one object for each
 * group however often it is asked for (reference 7.1). It is freed when the client holds no
 * interface (refs == 0), the session's table has let go of it, and nobody else holds it. */
struct rm_group
{
    /* Each with the methods of the interface that it is derived from, which it serves as well. */
    IOPCGroupStateMgt2 IOPCGroupStateMgt2_iface; /* also the object's IUnknown */
    IOPCSyncIO2 IOPCSyncIO2_iface;
    IOPCAsyncIO3 IOPCAsyncIO3_iface;
    IOPCItemMgt IOPCItemMgt_iface;
    IOPCPublicGroupStateMgt IOPCPublicGroupStateMgt_iface;
    IOPCItemDeadbandMgt IOPCItemDeadbandMgt_iface;
    IOPCItemSamplingMgt IOPCItemSamplingMgt_iface;
    IConnectionPointContainer IConnectionPointContainer_iface;
    struct rm_client_security security;
    IUnknown *marshaler;                        /* free-threaded, aggregated */
    struct rm_connection_point *volatile point; /* NULL: never asked for */
    LONG refs;                                  /* the client's */
    LONG holds; /* ours: 1 for "refs > 0", 1 for the session's table, others for a while */
    struct rm_session *session; /* holds a memory reference */

    DWORD slot;      /* in session->groups */
    DWORD handle;    /* ours */
    bool is_removed; /* RemoveGroup succeeded; interfaces may still be held (OPC_S_INUSE) */
    bool offers[16]; /* by enum rm_group_interface: what the real group answered at creation */

    WCHAR *name;
    OPCHANDLE client_handle;
    DWORD requested_rate_ms, revised_rate_ms;
    BOOL is_active;
    bool has_time_bias;
    LONG time_bias;
    bool has_deadband;
    FLOAT deadband;
    DWORD lcid;
    DWORD keep_alive_ms, revised_keep_alive_ms; /* 0: off, as each group starts */
    bool is_public;                             /* IOPCPublicGroupStateMgt::MoveToPublic */
    BOOL is_enabled;                            /* IOPCAsyncIO2::SetEnable */
    bool is_attached;       /* a public group of the servers, got by name; never changes */
    bool has_other_clients; /* some item has one */
    bool may_have_twins;    /* two items have, or had, one client handle */
    DWORD adds_out;         /* AddItems that are not recorded: callbacks may be before them */

    struct rm_item *items; /* item_slots of them */
    DWORD *handles; /* item_slots: of the items that there are, 0 = none. In one small place, as
                       calls for thousands of items look there and nowhere else */
    DWORD item_slots, item_count, first_free; /* first_free: slot + 1, chained by next_in_bucket */
    DWORD next_serial;
    DWORD *buckets; /* bucket_count, a power of two: slot + 1 */
    DWORD bucket_count;

    struct rm_blankets blankets; /* of the object's interfaces and its connection point */
    struct rm_client_sink *sink; /* the client's IOPCDataCallback; NULL = not advised */
    DWORD sink_cookie, last_sink_cookie;
    struct rm_delivery delivery;
    struct rm_list_node transactions; /* struct rm_transaction, delivery/transaction.h */
    DWORD next_cancel_id;
};

/* Adds a group with the given name to the session's table, not yet visible to others until
 * rm_session_changed. The new object has one client reference. NULL: no memory. */
struct rm_group *rm_group_create(struct rm_session *session, const WCHAR *name);

/* The group of a handle, or NULL. */
struct rm_group *rm_session_find_group(struct rm_session *session, OPCHANDLE handle);

/* Of the private ones, and of the public ones: one of either kind may share a name. */
struct rm_group *rm_session_find_group_by_name(struct rm_session *session, const WCHAR *name);
struct rm_group *rm_session_find_public_group(struct rm_session *session, const WCHAR *name);

/* One that the client has moved there, or has got by name. */
bool rm_group_is_public(const struct rm_group *group);

/* Takes the group out of the table; its items are freed with the object. */
void rm_group_forget(struct rm_group *group);

/* The client has released the last interface of a public group: that ends its attachment. The next
 * call waits until the machine has been told. Not locked. */
void rm_group_let_go(struct rm_group *group);

/* Ours, beside the client's references. Any thread, no lock needed. */
void rm_group_hold(struct rm_group *group);
void rm_group_unhold(struct rm_group *group); /* not with the session's lock held */

/* Room for so many more, before they are added one by one. false: no memory, or too many. */
bool rm_group_reserve_items(struct rm_group *group, DWORD more);

/* Slots of a new item; handle and serial are filled, all else is zero, strings must be set by the
 * caller at once. NULL: no memory or too many. */
struct rm_item *rm_group_add_item(struct rm_group *group, OPCHANDLE client);
struct rm_item *rm_group_find_item(struct rm_group *group, OPCHANDLE handle);
DWORD rm_item_slot(const struct rm_group *group, const struct rm_item *item);
const WCHAR *rm_item_access_path(const struct rm_item *item); /* never NULL */
void rm_group_remove_item(struct rm_group *group, struct rm_item *item);
void rm_group_set_client_handle(struct rm_group *group, struct rm_item *item, OPCHANDLE client);

/* The server is about to be told so. */
void rm_group_expect_client_handle(struct rm_group *group, struct rm_item *item, OPCHANDLE client);

/* The first item with that client handle, or NULL; the next one with the same. */
struct rm_item *rm_group_item_by_client(struct rm_group *group, OPCHANDLE client);
struct rm_item *rm_group_next_by_client(struct rm_group *group, const struct rm_item *item);

/* The first item with that client handle, or NULL, where many are looked for one after the other:
 * *next is 0 at first, then the slot behind the last one found, for most servers send items in the
 * order in which they were added. */
struct rm_item *rm_group_item_in_turn(struct rm_group *group, OPCHANDLE client, DWORD *next);

/* Whether it is the first of several with its client handle. */
bool rm_group_has_twins(struct rm_group *group, const struct rm_item *item);

/* One with that other_client, or NULL: of a callback that crossed SetClientHandles. */
struct rm_item *rm_group_item_by_other_client(struct rm_group *group, OPCHANDLE client);

#endif
