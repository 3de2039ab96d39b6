/* delivery/delivery.h: one group's callbacks on their way to the client, in order and without loss.
 *
 * A queue drained by one thread at a time. A callback that finds the queue empty and unowned passes
 * straight through, uncopied; otherwise it is copied and queued, and where the queue is too long by
 * now its thread waits. The thread that owns the delivery and is called again from within its
 * client's callback (a client that pumps) delivers at once unless something is queued: what it was
 * busy with has reached the client already. Completions of transactions don't queue:
 * a client may wait for one inside its callback.
 *
 * Only data of the active link passes; what comes late from an old one is known by its number. The
 * first data of a new link is compared with what was last forwarded (rm/handover.h), so that a
 * switch sends nothing twice and nothing older than what the client has.
 *
 * Units: none.
 * Ownership: queued callbacks own copies of everything.
 * Threads: all fields are protected by the session's lock; the client is called without it.
 * Errors: the client's own HRESULT where the callback passed straight through, else S_OK.
 * Source: design.md 3.5; reference 7.5.
 */
#ifndef RM_DELIVERY_H
#define RM_DELIVERY_H

#include <stdbool.h>
#include <windows.h>

#include "session/list.h"

/* Transaction id of refreshes that we ask for ourselves after a switch. */
#define RM_OWN_REFRESH 0x524D5246u

#define RM_DELIVERY_QUEUE_MAX                                                                      \
    1000 /* callbacks of one group that wait for the client; beyond that                           \
            their threads wait as well */

struct rm_callback;
struct rm_group;
struct rm_held;
struct rm_session;

struct rm_delivery
{
    DWORD owner;               /* thread id that drains, 0 = nobody */
    struct rm_list_node queue; /* struct rm_callback */
    DWORD queued;
    unsigned waiting;         /* threads of servers that wait for room in the queue */
    struct rm_list_node held; /* struct rm_held, delivery/filter.h */
    DWORD round;              /* raised by each data change that is compared */
    ULONGLONG now_ms;         /* when that came */
    bool is_kept_elsewhere;   /* rm_standby_keeps, then */
};

void rm_delivery_init(struct rm_delivery *delivery);
void rm_delivery_clear(struct rm_delivery *delivery); /* frees what is queued and held */

/* The queue has room, or nobody takes from it any more. Locked. */
void rm_delivery_tell_waiters(struct rm_group *group);

/* A data change has come from a link. Any thread, not locked. */
HRESULT rm_delivery_data_change(struct rm_group *group, DWORD link, const struct rm_callback *data);

/* A completion (read, write, cancel) has come from a link. Any thread, not locked. */
HRESULT rm_delivery_completion(struct rm_group *group, DWORD link,
                               const struct rm_callback *completion);

/* A callback of our own, queued behind what is there. Locked; unlocks while the client is called.
 */
void rm_delivery_own(struct rm_group *group, const struct rm_callback *callback);

/* The same for one that is given away, from any thread: a thread of its own calls the client.
 * Locked. */
void rm_delivery_queue(struct rm_group *group, struct rm_callback *callback);

/* A held update is due: delivered unless it is void by now. On a thread that may call the client,
 * not locked. */
void rm_delivery_held(struct rm_group *group, const struct rm_held *held);

/* Delivers held updates that nothing newer has followed. By the driver, not locked; the client is
 * called on a worker. */
void rm_delivery_release_held(struct rm_session *session, ULONGLONG now_ms);

#endif
