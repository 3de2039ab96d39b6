/* delivery/kept_interfaces.h: keeps the interfaces of our sinks known to COM's RPC run time while
 * no sink has them.
 *
 * Under Wine 8 RPC forgets an interface with the last object that has it in this process, and waits
 * there for calls of it that are just ending; such a call waits for the apartment, which may be
 * waiting for a sink that is being cut off at that moment, and that waits for the first one: every
 * thread of the client that touches COM then hangs for ever. So an object that nobody calls stays
 * marshaled for each of them. On Windows it is needless and harmless.
 *
 * Units: none.
 * Ownership: static; what is marshaled goes with the multithreaded apartment or by a drop.
 * Threads: any of the multithreaded apartment for keep, any that has joined one for drop.
 * Errors: an interface that can't be marshaled isn't kept.
 */
#ifndef RM_KEPT_INTERFACES_H
#define RM_KEPT_INTERFACES_H

#include <stdbool.h>

/* While they are kept it does nothing. */
void rm_kept_interfaces_keep(void);

/* Before the DLL is unloaded. True: COM holds nothing of it any more. */
bool rm_kept_interfaces_drop(void);

#endif
