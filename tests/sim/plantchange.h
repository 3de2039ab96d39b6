/* plantchange.h: a machine whose items are not configured as on the others.
 *
 * Units: none.
 * Ownership: nothing is kept.
 * Threads: before the server serves, as sim_device_build.
 * Errors: none.
 */
#ifndef SIM_PLANTCHANGE_H
#define SIM_PLANTCHANGE_H

#include "device.h"

/* What --retype and --read-only make of an item. False: --without leaves it out. */
bool sim_plant_change(const struct sim_options *options, const wchar_t *id, struct sim_item *item);

#endif
