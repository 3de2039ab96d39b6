/* delivery.h: one callback to a client: collected under the group's lock, sent without it.
 *
 * Units: none.
 * Ownership: the delivery owns its values; sending or clearing frees them, its arrays are kept for
 * the next one and freed by sim_delivery_free.
 * Threads: one, the group's updater.
 * Errors: what the client answers is journalled; a lost client loses its connection.
 */
#ifndef SIM_DELIVERY_H
#define SIM_DELIVERY_H

#include "group.h"
#include "journal.h"

struct sim_delivery
{
    enum sim_callback callback;
    DWORD transaction;
    DWORD client_group;
    DWORD count;
    DWORD capacity;
    DWORD *server_handles;
    DWORD *client_handles;
    VARIANT *values;
    WORD *qualities;
    FILETIME *stamps;
    HRESULT *errors;
};

/* Empties it and makes it one for this callback; the group's lock is held. */
void sim_delivery_begin(struct sim_delivery *delivery, const struct sim_group *group,
                        enum sim_callback callback, DWORD transaction);

/* Takes over the value. Without memory the item is left out. */
void sim_delivery_add(struct sim_delivery *delivery, DWORD server_handle, DWORD client_handle,
                      const struct sim_vqt *vqt, HRESULT error);

/* Calls the client; does nothing without items (a cancel and a keep-alive have none) or without a
 * client. */
void sim_delivery_send(struct sim_delivery *delivery, struct sim_group *group);

void sim_delivery_free(struct sim_delivery *delivery);

#endif
