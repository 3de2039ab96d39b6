/* session/session.h: one server object that a client created through us.
 *
 * Holds the settings, the shadow, the links and the failover driver. The client sees it through
 * the server object (server/server_object.h) and the groups.
 *
 * Units: milliseconds.
 * Ownership: memory is counted by rm_session_hold / _unhold; the server object holds one and so
 *   does each group, link and call. rm_session_close ends its work, memory goes with the last hold.
 * Threads: `lock` protects all fields below it, the shadow and the links. It is never held while a
 *   client or a server is called. Lock order: docs/architecture.md.
 * Errors: HRESULTs.
 * Source: design.md 3.
 */
#ifndef RM_SESSION_H
#define RM_SESSION_H

#include <stdbool.h>
#include <windows.h>

#include <rm/config.h>
#include <rm/failover.h>

#include "link/link.h"
#include "session/blanket.h"
#include "session/security.h"
#include "session/shadow.h"

struct rm_chore;
struct rm_newer_config;
struct rm_driver;
struct rm_journal;
struct rm_recorder;

/* Where the client stands in the address space: names from the root, as it went down (3.3). */
struct rm_browse_position
{
    WCHAR **names;
    DWORD depth;
    DWORD revision; /* raised by each move */
    bool is_path; /* reached by OPC_BROWSE_TO: names[0] is a full branch name, further ones below */
};

struct rm_session
{
    LONG holds;
    struct rm_list_node node; /* of all sessions, session/leftovers.c */
    DWORD number;             /* within the process */
    /* The settings in force, for all threads: the driver puts others in their place, and each lives
     * as long as the session, as all their texts do. A machine keeps its number in all of them, and
     * goes by it in all of the session; its rank is for the world (docs/decisions/0016). */
    const struct rm_server_config *_Atomic config;
    struct rm_server_config *own_config; /* the first ones, which own their texts */
    struct rm_newer_config *newer_configs;
    CLSID clsid; /* that the client asked for */
    struct rm_driver *driver;
    struct rm_journal *journal;
    struct rm_recorder *recorder; /* NULL = none: silent */
    DWORD creating_thread;
    GUID continuation_key; /* of the continuation points that the client holds */
    bool is_integrity_refused[RM_MACHINE_NUMBERS]; /* C-13: remembered; written by its link's
                                                      worker, and for another machine */

    SRWLOCK lock; /* protects everything below, the shadow, and the links */
    bool is_closed;
    bool is_stopped;       /* the driver has ended */
    unsigned awaited;      /* works in the background that the last Release waits for */
    DWORD delivering_link; /* number of the link whose data reaches the client; 0 = none */
    DWORD yielding_link;   /* of a well link that delivers each item until the former does; or 0 */
    ULONGLONG yields_until_ms; /* when it is to stop; 0 = not known yet */
    ULONGLONG suspected_ms; /* when the active machine was asked for its status because of that */
    ULONGLONG match_due_ms; /* when the active machine should have sent what a standby has; or 0 */
    DWORD active_machine;   /* 0 = none */
    struct rm_link *active; /* NULL = none; also in links[] */
    struct rm_link *links[RM_MACHINE_NUMBERS]; /* by machine number - 1; NULL = none */
    struct rm_chore *chores;                   /* session/chores.h */
    bool are_chores_over;                      /* the client's threads will not come again */
    volatile LONG chore_count;                 /* also read without the lock, as a hint */
    struct rm_list_node waiters; /* struct rm_call without a worker: waiting for an active link */
    bool is_searching;           /* no machine answers: calls fail at once (F-10) */
    HRESULT start_result;        /* S_OK, or why creation failed (F-11) */
    bool is_started;
    bool are_writes_held; /* until an operator acknowledges the switch (CX-07) */
    DWORD order_number;   /* of the operator's command that was seen last; for the status */
    enum rm_refusal order_refusal;          /* why the switch that it commanded was not made */
    bool offers[RM_SERVER_INTERFACE_COUNT]; /* what the machine active at creation offered */

    DWORD revision;           /* of the shadow */
    struct rm_group **groups; /* group_slots, NULL = free */
    DWORD group_slots, group_count;
    DWORD group_name_suffix;
    bool has_locale;
    DWORD locale;
    WCHAR *client_name; /* NULL = never set */
    struct rm_browse_position browse;
    struct rm_security security;
    struct rm_blankets blankets;    /* of the server object's interfaces */
    volatile LONG cloaked_blankets; /* the groups' too; also read without the lock, as a hint */

    ULONGLONG updates_forwarded, updates_suppressed;
    DWORD client_calls;      /* callbacks of the client, counted as they begin */
    unsigned clients_inside; /* and those that have not returned */
};

void rm_session_lock(struct rm_session *session);
void rm_session_unlock(struct rm_session *session);

void rm_session_hold(struct rm_session *session);
void rm_session_unhold(struct rm_session *session); /* not locked */

/* Makes the session and waits until a machine is active or all have failed; pumps where the calling
 * thread is single-threaded. Takes over config. On failure *session_out is NULL. */
HRESULT rm_session_open(REFCLSID clsid, struct rm_server_config *config,
                        struct rm_session **session_out);

/* Puts these settings in the place of the present ones. Their texts are those of settings from
 * before, and, where texts isn't NULL, of *texts: that is taken over then, unless *texts is left
 * because nothing new was needed. By the driver, not locked. false: no memory. */
bool rm_session_set_config(struct rm_session *session, const struct rm_server_config *config,
                           struct rm_server_config **texts);

/* Stops the driver and releases the links in the background; objects that the client still holds
 * answer E_FAIL from then on. A second time it does nothing. */
void rm_session_shut_down(struct rm_session *session);

/* The client's last reference is gone: shuts down, and drops the server object's hold. */
void rm_session_close(struct rm_session *session);

/* The shadow has changed: raise the revision, wake the links that are not up to date. Locked. */
void rm_session_changed(struct rm_session *session);

/* The active link, with a reference, once it has caught up. Waits, pumping where needed, as long as
 * a machine may be found. FAILED when there is none (F-10). Not locked. */
HRESULT rm_session_wait_active(struct rm_session *session, struct rm_link **link_out);

/* Waits until the driver has declared the link dead and decided what is active now. Not locked. */
void rm_session_wait_dead(struct rm_session *session, struct rm_link *link);

/* Something that a waiter may wait for has changed: active link, caught up, searching, closed.
 * Locked. */
void rm_session_wake_waiters(struct rm_session *session);

/* Something that the active link must have was settled on another one, or by a link that has ended:
 * calls wait until the active link has caught up again. Locked. */
void rm_session_catch_up(struct rm_session *session);

/* Waits, pumping where the thread is single-threaded, until rm_session_wake_waiters is called or
 * the time is up (false; also without memory). Locked; unlocks meanwhile. */
bool rm_session_wait_change(struct rm_session *session, DWORD timeout_ms);

/* The machine before a return goes on delivering for some update periods after the new one has
 * caught up; then its groups become inactive. Locked. */
void rm_session_start_yield_end(struct rm_session *session);
void rm_session_end_yield(struct rm_session *session);

/* Tells the driver that a call came back with a lost link. Any thread, any lock. */
void rm_session_report_lost(struct rm_session *session, struct rm_link *link, HRESULT hr);

/* For the log and the status section. detail may be NULL. Any thread, any lock. */
void rm_session_event(struct rm_session *session, enum rm_event_id id, unsigned machine, DWORD code,
                      const WCHAR *detail);

#endif
