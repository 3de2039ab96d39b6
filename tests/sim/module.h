/* module.h: the life of the server process: how many COM objects clients hold, and when it ends.
 *
 * Every server object and every group counts as one. The process ends when the count has fallen to
 * zero, when nobody came for a while after COM started it, or after a shutdown was ordered.
 *
 * Units: milliseconds.  Ownership: none.
 * Threads: any; sim_module_run on the main thread.
 * Errors: none.
 */
#ifndef SIM_MODULE_H
#define SIM_MODULE_H

#include "options.h"

/* The options of this process; constant after start. */
const struct sim_options *sim_module_options(void);
void sim_module_set_options(const struct sim_options *options);

/* When the process started, in milliseconds of clock.h. */
int64_t sim_module_start_ms(void);

void sim_module_add_object(void);
void sim_module_remove_object(void);

/* A client may come soon: waits for it as long as after the start. */
void sim_module_expect_client(void);

/* Ends the process within that time even if clients hold objects. */
void sim_module_end_within(DWORD time_ms);

/* Returns when the process shall end. */
void sim_module_run(void);

#endif
