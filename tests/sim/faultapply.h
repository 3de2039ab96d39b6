/* faultapply.h: puts into force what an order says: the console at once, a process of the machine
 * at the call that the order waits for.
 *
 * Units: in the names.
 * Ownership: none.
 * Threads: sim_fault_apply under the area's lock; its caller publishes the change.
 * Errors: see the functions.
 */
#ifndef SIM_FAULTAPPLY_H
#define SIM_FAULTAPPLY_H

#include "faultarea.h"

enum sim_applied
{
    SIM_APPLIED,
    SIM_NO_ROOM,  /* SIM_ITEM_FAULTS_MAX of them are in force already */
    SIM_NOT_THERE /* nothing of that kind is on the target */
};

enum sim_applied sim_fault_apply(const struct sim_order *order, struct sim_fault_state *state);

/* Waits until what was published is in force: items freeze a moment later. */
void sim_fault_apply_settle(const struct sim_order *order);

/* "freeze"; static storage. */
const char *sim_fault_apply_name(const struct sim_order *order);

/* The same for a fault on items that is in force. */
const char *sim_fault_apply_item_name(const struct sim_item_fault *fault);

#endif
