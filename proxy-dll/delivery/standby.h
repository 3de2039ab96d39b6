/* delivery/standby.h: what standbys send in hot mode, kept until the client has got it.
 *
 * A machine whose data does not reach the client fills the rings of its link's items
 * (rm/standby_buffer.h); what the active machine brings empties them. When such a machine takes
 * over, what its rings hold is queued before anything that it sends from then on. So it is with the
 * machine before a return while it still delivers: what is dropped of it because the new machine
 * has brought the item already would be missing if the new machine died.
 *
 * Not kept: values that hold interfaces, and items that share their client handle with others of
 * the group, for nobody can tell which of them an update is of. The refresh after a switch brings
 * their current values.
 *
 * An update that the active machine doesn't match in time makes the driver ask for its status.
 *
 * Units: milliseconds.
 * Ownership: the link owns its rings.
 * Threads: session locked, but for rm_standby_tell_overflow.
 * Errors: no memory: the update is counted as dropped, and told.
 * Source: design.md 3.6; C-06, CX-20.
 */
#ifndef RM_STANDBY_H
#define RM_STANDBY_H

#include <stdbool.h>
#include <windows.h>

#include <rm/standby_buffer.h>

struct rm_callback;
struct rm_group;
struct rm_item;
struct rm_link;
struct rm_link_group;
struct rm_session;

#define RM_STANDBY_BYTES_MAX (32u << 20) /* of one link */

/* A data change of a machine that does not deliver. */
void rm_standby_data(struct rm_group *group, struct rm_link *link, const struct rm_callback *data,
                     bool is_own_refresh);

/* Of the answer to a refresh of ours: whether its element i says something that neither the client
 * has nor is kept for it already. */
bool rm_standby_is_news_of(struct rm_group *group, struct rm_link *link, const struct rm_item *item,
                           const struct rm_callback *data, DWORD i);

/* Element i of it. */
void rm_standby_keep(struct rm_group *group, struct rm_link *link, const struct rm_item *item,
                     const struct rm_callback *data, DWORD i);

/* How element i of data, of the machine that delivers, stands to what the client has got.
 * is_behind: the machine is older, and what it sends next has to be judged, too. */
enum rm_handover rm_standby_judge_item(struct rm_group *group, struct rm_link *link,
                                       const struct rm_item *item, const struct rm_callback *data,
                                       DWORD i, bool *is_behind);

/* Whether anything is kept of another machine's data than this one's. */
bool rm_standby_keeps(const struct rm_session *session, const struct rm_link *but);

/* item->last has changed. */
void rm_standby_item_forwarded(struct rm_group *group, const struct rm_item *item);

/* For taking out of its rings, and for freeing them. */
struct rm_standby_terms rm_standby_bare_terms(struct rm_link *link);

/* The link delivers from now on: what the client has not got is queued. */
void rm_standby_take_over(struct rm_session *session, struct rm_link *link);

/* Room for so many slots before the link's items get it. false: no memory. */
bool rm_standby_reserve(struct rm_link_group *link_group, DWORD slots);

/* The link's machine sends no more: what it sent grows old. */
void rm_standby_forget(struct rm_link *link);
void rm_standby_forget_group(struct rm_link *link, struct rm_link_group *link_group);
void rm_standby_forget_item(struct rm_link *link, struct rm_link_group *link_group, DWORD slot);

/* The slot is free for another item. */
void rm_standby_free_item(struct rm_link *link, struct rm_link_group *link_group, DWORD slot);

/* A standby has sent what the active machine has not: the driver is to look when it should have. */
void rm_standby_expect_match(struct rm_group *group, struct rm_link *link, DWORD period_ms);

/* The active machine has sent it so much later. One that is late now and then is not to be
 * suspected for it: what is usual follows a longer lag at once, and a shorter one slowly. */
void rm_standby_note_lag(struct rm_link_group *link_group, DWORD lag_ms);

/* Whether the active machine is late with an update that a standby has sent; *next_ms becomes when
 * to look again, 0: when there is something to wait for. */
bool rm_standby_is_unmatched(struct rm_session *session, ULONGLONG now_ms, ULONGLONG *next_ms);

/* An event where updates had to be dropped since the last one. Not locked. */
void rm_standby_tell_overflow(struct rm_session *session);

#endif
