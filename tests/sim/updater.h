/* updater.h: the thread of a group, which makes all its callbacks, and what the subscription sends.
 *
 * Updates lie on a grid of the group's rate, shifted by --phase, so ticks of the counters go out
 * when they are due. In a group that is as fast as the counters each tick gets a callback of its
 * own, in order, late ones too; in a slower group each update carries the latest value.
 *
 * Ownership: the thread holds the group.
 * Threads: started with the first subscription or transaction; one per group, until its removal.
 * Errors: a client that can't be reached any more loses its connection, and the log says so.
 * Source: OPC DA 2.05a, IOPCDataCallback.
 */
#ifndef SIM_UPDATER_H
#define SIM_UPDATER_H

#include "delivery.h"

/* All active items go out at once: after Advise, and when the group becomes active. */
void sim_updater_send_all(struct sim_group *group);

/* Ticks that passed while callbacks were off are not sent afterwards. */
void sim_updater_enable(struct sim_group *group, bool is_enabled);

/* Makes the thread look at the group's state anew. */
void sim_updater_wake(struct sim_group *group);

/* Starts the thread if there is none yet. The group's lock is held. */
void sim_updater_start(struct sim_group *group);

/* All active items, or all items, as a refresh sends them: never ahead of the subscription. The
 * group's lock is held. */
void sim_updater_collect_refresh(struct sim_group *group, struct sim_delivery *delivery,
                                 bool is_of_all);

#endif
