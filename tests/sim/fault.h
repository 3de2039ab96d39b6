/* fault.h: this process as one of a simulated machine's: it enters itself in the machine's fault
 * area, and a watcher thread carries out what the console (faultconsole.h) orders.
 *
 * Ownership: static.  Threads: sim_fault_join once, by the main thread before anything else.
 * Errors: see the function.
 */
#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include <windows.h>
#include <stdbool.h>
#include <stdint.h>

enum sim_join
{
    SIM_JOIN_OK,
    SIM_JOIN_REFUSED, /* the machine refuses activation: end without registering a class */
    SIM_JOIN_FAILED   /* no fault area, or more processes than it has room for */
};

/* `on_shutdown` runs on a thread of its own, in no apartment, when a shutdown is ordered. */
enum sim_join sim_fault_join(const char *machine, void (*on_shutdown)(void));

void sim_fault_leave(void);

/* From then on, faults on items are carried over to the device, which was built. */
void sim_fault_items_open(void);

/* Another client, or one less. */
void sim_fault_count_client(LONG difference);

/* How many clients all processes of the machine have. */
LONG sim_fault_clients(void);

/* If wanted, activation is refused from now on. */
void sim_fault_stay_away(bool is_wanted);

/* Carries out the order that waits for a call, which is here: by the rule of that serial number.
 * Does nothing if another process was first, or the rule was taken away. */
void sim_fault_carry_out(uint32_t serial);

/* As if the console had ordered a shutdown, for this process only. */
void sim_fault_begin_shutdown(void);

#endif
