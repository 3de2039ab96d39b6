/* keeper.h: keeps every interface of the server known to RPC while no object has it.
 *
 * Under Wine 8 RPC forgets an interface with its last object: calls to an object that was
 * disconnected then fail with RPC_S_UNKNOWN_IF instead of RPC_E_DISCONNECTED, and the call in
 * which that happens may hang. So an object that nobody calls stays marshaled for each of them.
 *
 * Ownership: static, for the rest of the process.
 * Threads: any that is in an apartment.
 * Errors: an interface that can't be marshaled isn't kept.
 */
#ifndef SIM_KEEPER_H
#define SIM_KEEPER_H

/* A second time it does nothing. */
void sim_keeper_keep_interfaces(void);

#endif
