/* ctl/set_machines.h: the part of 'rmctl set' that changes the list of machines.
 *
 * Units: none.  Ownership: none outlives the call.  Threads: the main one.
 * Errors: a message was printed where the answer isn't CTL_FINE; *server may be half changed then.
 * Source: RM-230.
 */
#ifndef RM_CTL_SET_MACHINES_H
#define RM_CTL_SET_MACHINES_H

#include "ctl.h"

/* As the options of the call say: Windows services, order, replaced, removed, added. The preferred
 * machine stays the same one. */
enum ctl_exit set_machines(struct ctl *ctl, struct rm_server_config *server);

#endif
