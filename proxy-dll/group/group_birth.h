/* group/group_birth.h: how a real group that has just been made becomes one of ours.
 *
 * A worker learns all that the shadow needs; the calling thread then enters it, with the session
 * locked. Used by AddGroup, CloneGroup and
 * GetPublicGroupByName.
 *
 * Units: as struct rm_group.
 * Ownership: owns what it holds until adopted; rm_group_birth_clear frees the rest.
 * Threads: read on a worker; adopt with the session locked; undo on the client's thread.
 * Errors: HRESULTs of the server; E_OUTOFMEMORY.
 * Source: design.md 3.3; reference 7.2.
 */
#ifndef RM_GROUP_BIRTH_H
#define RM_GROUP_BIRTH_H

#include "link/link.h"

struct rm_item_attributes;

struct rm_group_birth
{
    IUnknown *interfaces[RM_GROUP_INTERFACE_COUNT];
    struct rm_item_attributes *attributes; /* of its items, in the real group's handles; or NULL */
    WCHAR *name;                           /* COM allocator; NULL: not read */
    DWORD rate_ms;
    BOOL is_active;
    LONG time_bias;
    FLOAT deadband;
    DWORD lcid;
    OPCHANDLE client, real;
    struct rm_group *group; /* after adopt: ours, with one client reference */
    struct rm_link *failed; /* adopt had no memory: the link on which the real group is left over */
};

/* Asks the real group for its interfaces; fails only if the machine has died meanwhile. Doesn't
 * consume the reference. */
HRESULT rm_group_birth_read(struct rm_group_birth *birth, struct rm_link *link, IUnknown *real);

/* Asks for its state: everything above. */
HRESULT rm_group_birth_read_state(struct rm_group_birth *birth);

/* All of that, and the attributes of the items it starts with. Doesn't consume the reference. */
HRESULT rm_group_birth_learn(struct rm_group_birth *birth, struct rm_link *link, IUnknown *real);

/* Makes our group of that name and gives the real one to the link's record. Its settings are the
 * caller's to fill in before rm_group_birth_settle. NULL: no memory, and birth->failed is set. */
struct rm_group *rm_group_birth_adopt(struct rm_group_birth *birth, struct rm_session *session,
                                      struct rm_link *link, const WCHAR *name);

/* Adds the items that it starts with. One that there is no memory for is left to be removed from
 * the server. `added`, if any, is told of each: its index in birth->attributes, and the link's
 * record of it or NULL. Locked. */
typedef void rm_group_birth_added(void *context, DWORD index, struct rm_item *item,
                                  struct rm_link_item *link_item);
void rm_group_birth_add_items(struct rm_group_birth *birth, struct rm_link *link,
                              rm_group_birth_added *added, void *context);

/* The group is filled in: the link counts as equal to it, the standbys are told. Locked. */
void rm_group_birth_settle(struct rm_group_birth *birth, struct rm_link *link);

/* Removes the real group of a birth that has failed, by a worker. */
void rm_group_birth_undo(struct rm_group_birth *birth);

/* Releases what is left. Without a failure there is nothing of the server left to be released on
 * the client's thread. */
void rm_group_birth_clear(struct rm_group_birth *birth);

/* The group as the client asked for it, and its handle. The creator's reference goes here and not
 * with the call, which its worker may hold a moment longer: the client may count. */
HRESULT rm_group_birth_hand_out(struct rm_group_birth *birth, REFIID iid, IUnknown **group_out,
                                OPCHANDLE *handle);

#endif
