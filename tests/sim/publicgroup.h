/* publicgroup.h: public groups: names with a list of items that all clients of the process share.
 *
 * A client that connects to one gets a group of its own with these items, whose state (active,
 * rate, deadband, client handles ...) is the client's alone. It leaves with the last reference that
 * the client has. With --single each client has a process, and public groups, of its own.
 *
 * Ownership: the list has a reference, and each group that is connected has one.
 * Threads: any; one lock of its own around the list, the innermost.
 * Errors: HRESULTs of OPC.
 * Source: opc-da-reference 7.13.
 */
#ifndef SIM_PUBLICGROUP_H
#define SIM_PUBLICGROUP_H

#include "group.h"

struct sim_public_group;

/* Makes the group's items known to all by its name, and it the first one connected.
 * OPC_E_DUPLICATENAME, E_FAIL if it is public already. No lock is held. */
HRESULT sim_public_group_publish(struct sim_group *group);

/* With a reference; NULL if there is none of that name. */
struct sim_public_group *sim_public_group_find(const wchar_t *name);
void sim_public_group_release(struct sim_public_group *public_group);

/* Gives a new group the items and the state, and a reference. */
HRESULT sim_public_group_connect(struct sim_public_group *public_group, struct sim_group *group);

/* Takes it from the list: who is connected has a deleted group from now on. */
void sim_public_group_remove(struct sim_public_group *public_group);
bool sim_public_group_is_removed(const struct sim_public_group *public_group);

/* After a client's release: leaves the public group if that was the last reference. */
void sim_public_group_leave(struct sim_group *group);

extern const IOPCPublicGroupStateMgtVtbl sim_group_public_vtable;

#endif
