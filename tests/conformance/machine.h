/* machine.h: the simulated machines: kept running, and with the same memory before each run.
 *
 * A connection of our own, straight to each machine, keeps its process alive from run to run. The
 * items that keep what is written belong to the plant (rmsim --plant), not to a client: before each
 * run they are set to zero, by way of the standby if there is one.
 *
 * Ownership: machines_close gives everything back.
 * Threads: the one that opened them.
 * Errors: false, after a message.
 */
#ifndef CONFORMANCE_MACHINE_H
#define CONFORMANCE_MACHINE_H

#include <windows.h>
#include <stdbool.h>

/* Opens RMSim.SERVER.1 and, if there is one, RMSim.STANDBY.1. A first one that has a process for
 * each client needs none of ours: `is_held` false. */
bool machines_open(const char *server, const char *standby, bool is_held);

/* Opens the first one anew: somebody has disconnected us. */
bool machines_reopen(void);

/* How many connections of ours that machine has. */
int machines_held(const char *name);

bool machines_reset(void);

void machines_close(void);

#endif
