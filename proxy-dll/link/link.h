/* link/link.h: one session's connection to one machine: the real server object, its real groups,
 * our sinks in it.
 *
 * A link is made by the driver's CONNECT order, lives through CONNECTED, and is dead for good after
 * DISCONNECT: it is never reused (C-01). What it holds is released by a worker in the background,
 * which may never come back; nobody waits for it.
 *
 * Units: milliseconds; latency in microseconds.
 * Ownership: reference counted; the session's table holds one, each call that is out another.
 * Threads: all fields below "protected" by the session's lock. Interface pointers belong to the
 *   multithreaded apartment and may be called by workers only, after an AddRef under the lock; the
 *   worker releases that reference itself, for it may be the last.
 * Errors: HRESULTs of the server.
 * Source: design.md 3.1, 3.3, 3.7.
 */
#ifndef RM_LINK_H
#define RM_LINK_H

#include <stdbool.h>
#include <opc/opcda.h>
#include <rm/liveness.h>
#include <rm/skew.h>
#include <rm/portion.h>
#include <rm/standby_buffer.h>

#include "link/process_watch.h"
#include "link/readiness.h"
#include "session/list.h"
#include "session/shadow.h"

struct rm_session;
struct rm_shutdown_sink;
struct rm_data_sink;

/* Interfaces that we pass on. The tables of IIDs are in link/interfaces.c; a new interface is one
 * more row there, a member in the object, and a file with its methods. */
enum rm_server_interface
{
    RM_SERVER_OPCSERVER,
    RM_SERVER_COMMON,
    RM_SERVER_BROWSE_ADDRESS_SPACE,
    RM_SERVER_ITEM_PROPERTIES,
    RM_SERVER_CONNECTION_POINTS,
    RM_SERVER_BROWSE,
    RM_SERVER_ITEM_IO,
    RM_SERVER_PERSIST,
    RM_SERVER_PERSIST_FILE,
    RM_SERVER_PUBLIC_GROUPS,
    RM_SERVER_SECURITY_NT,
    RM_SERVER_SECURITY_PRIVATE,
    RM_SERVER_INTERFACE_COUNT
};

enum rm_group_interface
{
    RM_GROUP_STATE_MGT,
    RM_GROUP_ITEM_MGT,
    RM_GROUP_SYNC_IO,
    RM_GROUP_ASYNC_IO2,
    RM_GROUP_CONNECTION_POINTS,
    RM_GROUP_STATE_MGT2,
    RM_GROUP_PUBLIC_STATE_MGT,
    RM_GROUP_SYNC_IO2,
    RM_GROUP_ASYNC_IO3,
    RM_GROUP_DEADBAND_MGT,
    RM_GROUP_SAMPLING_MGT,
    RM_GROUP_INTERFACE_COUNT
};

const IID *rm_server_interface_iid(enum rm_server_interface which);
const IID *rm_group_interface_iid(enum rm_group_interface which);
int rm_group_interface_of(REFIID iid); /* -1: none of ours; IID_IUnknown gives RM_GROUP_STATE_MGT */
int rm_server_interface_of(
    REFIID iid); /* -1: none of ours; IID_IUnknown gives RM_SERVER_OPCSERVER */

enum rm_link_item_state
{
    RM_LINK_ITEM_NONE, /* not there yet */
    RM_LINK_ITEM_ADDED,
    RM_LINK_ITEM_REFUSED /* status says why */
};

/* What a standby's data began with, in hot mode. */
enum rm_link_item_start
{
    RM_LINK_ITEM_SILENT, /* nothing yet */
    RM_LINK_ITEM_BEGAN_BAD,
    RM_LINK_ITEM_BEGAN_WELL /* or has become good since */
};

struct rm_link_item
{
    DWORD handle;   /* ours, of the item that this is about; another one in the slot = stale */
    HRESULT status; /* REFUSED: the per-item error */
    BYTE state;     /* enum rm_link_item_state */
    BYTE is_active; /* as applied there */
    VARTYPE requested_type;
    OPCHANDLE client;
    struct rm_item_settings settings; /* as asked for there */
    DWORD asks;                       /* REFUSED: the link's when it was asked for last */
    DWORD bad_since_ms;               /* RM_LINK_ITEM_BEGAN_BAD */
    VARTYPE canonical_type;           /* ADDED: as the machine says; VT_EMPTY = it doesn't */
    WORD first_quality;               /* RM_LINK_ITEM_BEGAN_BAD */
    BYTE access_rights;               /* ADDED: likewise; 0 = it doesn't say */
    BYTE start;                       /* enum rm_link_item_start */
    BYTE told;                        /* differences that were told: 1 << enum rm_difference_kind */
};

/* Where a client's handle leads to: see rm_group's handles. */
struct rm_added_item
{
    DWORD handle; /* ours; 0: not added there */
    OPCHANDLE real;
};

struct rm_link_group
{
    struct rm_group *group; /* holds it; NULL = empty slot */
    OPCHANDLE real;
    IUnknown *interfaces[RM_GROUP_INTERFACE_COUNT];
    IConnectionPoint *point;   /* IOPCDataCallback's */
    struct rm_data_sink *sink; /* advised there; holds a reference; NULL = none */
    DWORD cookie;
    DWORD advise_id;            /* of the client's Advise that the sink serves */
    bool is_advising;           /* the client's own Advise is out there */
    HRESULT status;             /* FAILED: the machine refuses this group */
    BOOL is_active, is_enabled; /* as applied there */
    bool has_time_bias;         /* time_bias is what the client asked for, not the host's */
    HRESULT told;               /* of the last event about a refusal: told on change only */
    DWORD asks;                 /* the link's when a refused group was asked for last */
    bool is_gone;           /* its objects are, the server is not: to be removed and made anew */
    bool is_fresh;          /* activated just now: its first callback brings all values */
    bool is_memory_due;     /* activated: whether its items are still known has to be seen */
    ULONGLONG forgot_ms;    /* when the machine was found not to know items any more; 0: never */
    bool is_public;         /* the machine was asked to move it there */
    bool is_moved;          /* and did */
    DWORD applied_blankets; /* revision of the group's */
    DWORD rate_ms, lcid;
    DWORD keep_alive_ms, revised_keep_alive_ms; /* ours where the client has set none */
    DWORD keep_alive_sets;    /* by us, counted when they begin and when they end */
    struct rm_liveness watch; /* link/callback_check.h, as the next three */
    bool has_delivered;       /* something, since it was looked at last */
    bool is_trying;           /* a call through the client's apartment is out */
    ULONGLONG through_ms;     /* when the last such call that came back was sent */
    LONG time_bias;
    FLOAT deadband;
    OPCHANDLE client_handle;
    WCHAR *name;                 /* as applied there; may have a suffix (C-03) */
    struct rm_link_item *items;  /* item_slots, parallel to group->items */
    struct rm_added_item *added; /* item_slots, likewise: of those whose state is ADDED */
    DWORD item_slots;
    DWORD match_lag_ms;     /* by which the active machine's updates usually come later than its */
    ULONGLONG match_due_ms; /* no item's match is due before; 0: none is waited for */
    struct rm_standby_ring *rings; /* item_slots, or NULL: nothing was ever kept; by
                                      delivery/standby.h */
    OPCHANDLE *orphans;            /* real handles whose items are gone from the shadow */
    DWORD orphan_count, orphan_room;
};

struct rm_link
{
    LONG refs;
    struct rm_session *session; /* holds a memory reference */
    unsigned machine;           /* 1 = primary */
    DWORD number;               /* never used twice within a session */
    unsigned server;            /* rm_abandoned_server */

    /* protected by the session's lock */
    volatile LONG is_dead; /* also read without the lock, as a hint */
    bool is_connected;
    bool is_cloaked;         /* the host has calls made in the name of the thread's token; set with
                                is_connected. See also the session's cloaked_blankets */
    bool is_caught_up;       /* equal to the shadow in its present role: clients may call */
    bool is_syncing;         /* a worker is at it */
    bool is_sync_again;      /* something has changed meanwhile */
    bool is_short_of_memory; /* ... or was left out for want of memory */
    bool is_ready_told;
    bool is_refresh_due; /* promoted with its groups active: what it sent before is asked again */
    bool has_lost_call;  /* ends, unless its server is well: what it completes now was given up */
    DWORD synced_revision;
    struct rm_list_node calls;                       /* struct rm_call, out now */
    struct rm_list_node works;                       /* struct rm_link_work, likewise */
    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT]; /* NULL = not offered */
    IConnectionPoint *shutdown_point;
    struct rm_shutdown_sink *shutdown_sink;
    DWORD shutdown_cookie;
    struct rm_process_watch process_watch;
    struct rm_link_group *groups; /* by the group's slot */
    DWORD group_slots;
    DWORD applied_locale;
    WCHAR *applied_client_name;
    DWORD applied_browse_revision;
    DWORD applied_user_revision, applied_logon_revision; /* of struct rm_security */
    bool is_logged_on;
    DWORD applied_blankets;       /* revision of the session's */
    struct rm_list_node browsers; /* struct rm_browse_turn: calls that need the browse position */
    struct rm_link_object *objects_first, *objects_last; /* to be released, see link_releases.c */
    bool is_releasing;                                   /* a worker is at it */
    unsigned long_calls;                                 /* out now; by rm_link_long_call */
    bool has_last_moment; /* dead, and a write of it may still be answered */
    unsigned latency_us;
    ULONGLONG asked_ms;              /* when the ping that is out was sent; 0: none is */
    unsigned awaited;                /* its share of the session's; by rm_link_awaited_begin */
    bool is_given_up;                /* it has none any more */
    struct rm_skew skew;             /* of its machine's clock */
    struct rm_portion portion;       /* of items that one AddItems has */
    unsigned quirks;                 /* enum rm_quirk, together: what was found of its machine */
    struct rm_standby_budget buffer; /* of all rings of its groups */
    uint64_t overflow_seen;          /* updates dropped, when the driver looked last */
    bool is_overflow_told;           /* and there was no quiet since */
    struct rm_readiness readiness;
    ULONGLONG measured_ms;      /* when that was; 0 = never */
    ULONGLONG readiness_due_ms; /* when there should be a round to measure it anew; or 0 */
    DWORD refusals_told, refusals_untold; /* of items, by events of this round; by its worker */
    bool has_refused;                     /* groups or items, since it was asked last */
    DWORD asks;            /* raised when it is to be asked again for what it has refused */
    DWORD ask_period_ms;   /* from the last refusal to the next time */
    ULONGLONG ask_next_ms; /* when has_refused */
    bool is_checking;      /* a worker asks groups for callbacks, or sets their keep-alive time */
    const struct rm_group *checked; /* whose interface that worker holds */
    DWORD check_slot;               /* where it goes on the next time */
    DWORD check_turns;              /* how many it may still ask */
    bool is_silence_told;           /* to the driver's state machine */
    ULONGLONG silence_told_ms;
};

/* keep_alive_ms: the client's time and ours were set at once, and nobody knows which came last. */
#define RM_KEEP_ALIVE_UNKNOWN MAXDWORD

/* A reference to one of the real interfaces, or NULL where the machine hasn't got it. Session
 * locked. To be released on the worker, at the end of rm_call_class.run. */
void *rm_link_take(struct rm_link *link, enum rm_server_interface which);

/* Where a machine answers for a derived interface only, that one serves for its base as well. */
void *rm_link_take_group(struct rm_link *link, const struct rm_group *group,
                         enum rm_group_interface which);

/* The link's record of a group, NULL where there is none (refused, or not there yet). Locked. */
struct rm_link_group *rm_link_group_of(struct rm_link *link, const struct rm_group *group);

/* The same, made if needed; NULL: no memory. Locked. */
struct rm_link_group *rm_link_group_make(struct rm_link *link, struct rm_group *group);

/* The link's record of an item, NULL if there is none or it is stale. Locked. */
struct rm_link_item *rm_link_item_of(struct rm_link_group *link_group, const struct rm_group *group,
                                     const struct rm_item *item);

/* The machine has added an item, and calls it real; it has refused it. In the slot all else is as
 * it was, for the caller to fill. Locked. */
void rm_link_item_added(struct rm_link_group *link_group, const struct rm_group *group,
                        const struct rm_item *item, OPCHANDLE real);
void rm_link_item_refused(struct rm_link_group *link_group, const struct rm_group *group,
                          const struct rm_item *item, HRESULT status);

/* Of an item's handle as the client holds it: NULL where there is none, or it is not added there.
 * Of thousands in one call it looks at 12 bytes each. Locked. */
static inline const struct rm_added_item *rm_link_added_item(const struct rm_link_group *link_group,
                                                             const struct rm_group *group,
                                                             DWORD handle)
{
    DWORD slot = handle & (RM_ITEM_SLOTS_MAX - 1);

    if (!handle || slot >= group->item_slots || slot >= link_group->item_slots ||
        group->handles[slot] != handle || link_group->added[slot].handle != handle)
        return NULL;
    return &link_group->added[slot];
}

/* Nothing is known of an item in that slot. Locked. */
void rm_link_item_forget(struct rm_link_group *link_group, DWORD slot);

/* Makes room for all of the group's slots. false: no memory. Locked. */
bool rm_link_group_reserve(struct rm_link_group *link_group, const struct rm_group *group);

/* Asks the real group for its interfaces, in one round trip where the proxy offers IMultiQI. On a
 * worker, not locked. interfaces[] is filled with references, NULL where refused; consumes none.
 * Fails only if the machine has died meanwhile. */
HRESULT rm_link_query_group(struct rm_link *link, IUnknown *real,
                            IUnknown *interfaces[RM_GROUP_INTERFACE_COUNT]);

/* Records a real group in the link after AddGroup or CloneGroup: takes over interfaces[], unless
 * the link is dead: then they stay the caller's. Locked. */
bool rm_link_adopt_group(struct rm_link *link, struct rm_group *group, OPCHANDLE real,
                         IUnknown *interfaces[RM_GROUP_INTERFACE_COUNT]);

/* Takes the link's record of a group out; what it held goes to *taken, to be given to
 * rm_link_group_dispose on a worker. false: there was none. Locked. */
bool rm_link_group_detach(struct rm_link *link, const struct rm_group *group,
                          struct rm_link_group *taken);

/* The server has lost this group, though it is well itself: it is made again from the shadow, and
 * calls wait for that. Locked. */
void rm_link_renew_group(struct rm_link *link, struct rm_group *group);

/* Of one that was detached: to be let go of only, for RemoveGroup isn't for public groups. */
bool rm_link_group_is_public(const struct rm_link_group *taken);

/* Unadvises, disconnects our sink and releases all. On a worker, not locked. */
void rm_link_group_dispose(struct rm_link_group *taken, bool is_link_dead);

/* Remembers the real handle of an item that is gone from the shadow but not from the server.
 * Locked. */
void rm_link_group_add_orphan(struct rm_link_group *link_group, OPCHANDLE real);

/* The event that the machine lacks an interface that is needed; once, not for each call. Any lock.
 */
void rm_link_tell_missing(const struct rm_link *link, bool is_group, int which);

struct rm_link *rm_link_new(struct rm_session *session, unsigned machine, DWORD number);
void rm_link_add_ref(struct rm_link *link);
void rm_link_release(struct rm_link *link);

/* Starts making the link equal to the shadow, unless that is going on already. Locked. */
void rm_link_kick(struct rm_link *link);

/* The machine has refused a group or items: it is asked again after some seconds, and ever more
 * seldom. Locked. */
void rm_link_note_refusal(struct rm_link *link);

/* Asks again where it is time for that, or at once. By the driver. Locked. */
void rm_link_ask_again(struct rm_link *link, bool is_at_once);

/* A call that may rightly take long goes out (+1), or is back or given up (-1). Locked. */
void rm_link_long_call(struct rm_link *link, int change);

/* Starts settling what is owed to the client on a thread of its own: transactions that other
 * machines have left behind, items that this one has refused. Any lock. */
void rm_link_resume(struct rm_link *link);

/* Starts activation on a worker; reports CONNECTED or CONNECT_FAILED to the driver. Not locked. */
void rm_link_connect(struct rm_link *link);

/* Starts a GetStatus on a worker; reports PING_ANSWERED or LINK_LOST. Not locked. */
void rm_link_ping(struct rm_link *link);

/* GetStatus on this thread, a worker's: how it ended. RPC_E_DISCONNECTED when the link is dead. Not
 * locked. */
HRESULT rm_link_ask_status(struct rm_link *link);

/* Releases an object that lives there, without waiting for it: one worker releases all of a link,
 * in their order. NULL is fine. Not locked. */
void rm_link_release_later(struct rm_link *link, IUnknown *object);

/* Releases everything in the background. The link is dead by now. Not locked. */
void rm_link_dispose(struct rm_link *link, bool is_polite);

#endif
