/* itemfault.h: faults on items: refused, of another quality, frozen; and the time in which a
 * machine is not ready, when all items are bad.
 *
 * What the console has put into the fault area is carried over to the items of this process, so
 * that sampling an item costs nothing more. `serial` changes with each change of that, which tells
 * the subscriptions to look at every item.
 *
 * Units: milliseconds of clock.h.
 * Ownership: the fault area stays valid as long as the process.
 * Threads: any; sim_item_faults_open once, after the device was built.
 * Errors: none.
 */
#ifndef SIM_ITEMFAULT_H
#define SIM_ITEMFAULT_H

#include "device.h"
#include "faultarea.h"

void sim_item_faults_open(const struct sim_fault_state *state);

/* Carries the faults over anew; does nothing before sim_item_faults_open. */
void sim_item_faults_update(void);

int64_t sim_item_faults_serial(int64_t now_ms);

/* False while the machine is not ready, by the console or --not-ready. */
bool sim_item_faults_is_ready(int64_t now_ms);

/* True if AddItems and ValidateItems don't know that item (any more). */
bool sim_item_faults_is_refused(const wchar_t *id);

#endif
