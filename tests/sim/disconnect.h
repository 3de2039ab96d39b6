/* disconnect.h: lets COM forget the clients of this process's objects, while the process lives on
 * and takes new clients at once.
 *
 * Each call of a client to such an object fails with RPC_E_DISCONNECTED from then on; its
 * references are given back, so its session ends. A process of its own for each activation is
 * offered to COM again, so the next activation costs no start of a process; it waits for it as long
 * as after its start.
 *
 * Units: none.
 * Ownership: the caller of sim_disconnect releases what it returns: the memory of the objects,
 * which a call that is under way still uses.
 * Threads: any that is in an apartment.
 * Errors: NULL when there was nothing to disconnect, or no memory.
 */
#ifndef SIM_DISCONNECT_H
#define SIM_DISCONNECT_H

#include "server.h"

#include <stdint.h>

struct sim_disconnected;

/* `objects`: bits of faultarea.h. */
struct sim_disconnected *sim_disconnect(uint32_t objects);
void sim_disconnect_release(struct sim_disconnected *disconnected);

/* The same for the objects of one session, whose client is gone. */
void sim_disconnect_session(struct sim_server *server);

/* Offers the class to COM; again after a disconnect. */
HRESULT sim_disconnect_offer_class(void);

#endif
