/* link/link_sync.h: the steps by which a link is made equal to the shadow.
 *
 * Each step compares under the session's lock, copies what the call needs, unlocks, makes the call,
 * and records under the lock what the machine has now; the shadow may have changed meanwhile, the
 * next round sees that. A step that finds nothing to do costs a comparison.
 *
 * Units: none.  Ownership: none.
 * Threads: a worker; one at a time for each link; session not locked.
 * Errors: false: the link is dead or lost (which has been reported); true otherwise, also where the
 *   machine has refused something, which is recorded and told.
 * Source: design.md 3.3, 3.7.
 */
#ifndef RM_LINK_SYNC_H
#define RM_LINK_SYNC_H

#include <stdbool.h>

#include "link/link.h"

/* How calls are secured; who the client is; locale, client name. */
bool rm_sync_blankets(struct rm_link *link);
bool rm_sync_security(struct rm_link *link);
bool rm_sync_server(struct rm_link *link);

/* The group is there, with the state, the sinks and the activity that it should have. */
bool rm_sync_group_exists(struct rm_link *link, struct rm_group *group);
bool rm_sync_group_attached(struct rm_link *link, struct rm_group *group); /* a public one */
bool rm_sync_group_blankets(struct rm_link *link, struct rm_group *group);
bool rm_sync_group_state(struct rm_link *link, struct rm_group *group);
bool rm_sync_group_sink(struct rm_link *link, struct rm_group *group);
bool rm_sync_group_active(struct rm_link *link, struct rm_group *group);
bool rm_sync_group_refresh(struct rm_link *link, struct rm_group *group);

/* Items that are gone are removed, new ones added, changed ones changed. */
bool rm_sync_items_removed(struct rm_link *link, struct rm_group *group);
bool rm_sync_items_added(struct rm_link *link, struct rm_group *group);
bool rm_sync_items_changed(struct rm_link *link, struct rm_group *group);

/* Deadband, sampling rate and buffering of each item; keep-alive time of the group; and the group
 * is public if it is, which is last, for after that nothing can be added. */
bool rm_sync_items_settings(struct rm_link *link, struct rm_group *group);
bool rm_sync_group_keep_alive(struct rm_link *link, struct rm_group *group);
bool rm_sync_is_keep_alive_due(const struct rm_link *link, const struct rm_group *group,
                               const struct rm_link_group *link_group); /* locked */
bool rm_sync_group_public(struct rm_link *link, struct rm_group *group);

/* For the steps: what a call's result means for the link. false: it was lost, reported here. */
bool rm_sync_is_alive(struct rm_link *link, HRESULT hr);

/* The event that the machine has refused something of a group; none where the link is lost. */
void rm_sync_tell_refusal(struct rm_link *link, struct rm_group *group, HRESULT hr);

/* For the first two steps. Not there yet; or refused, and due to be asked for once more. Locked.
 * And the machine's refusal of a group, with the link's `asks` before it was asked; not locked. */
bool rm_sync_is_group_wanted(const struct rm_link *link, const struct rm_link_group *link_group);
void rm_sync_record_refusal(struct rm_link *link, struct rm_group *group, DWORD asks, HRESULT hr);

/* Something was found about the machine: an event the first time. Not locked. */
void rm_sync_found_quirk(struct rm_link *link, unsigned quirk, enum rm_event_id event);

/* Around a call that may rightly take minutes: a server with one thread can't answer pings
 * meanwhile. */
void rm_sync_long_call(struct rm_link *link, int change);

/* Something was left out for want of memory: there will be another round, a moment later. Locked.
 */
void rm_sync_short_of_memory(struct rm_link *link);

/* Whether the machine should send data for the group (design.md 3.7). Locked. */
bool rm_sync_wants_active(const struct rm_link *link, const struct rm_group *group);

#endif
