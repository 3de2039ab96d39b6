/* switch.h: takes a machine away from its clients. Either in a warm process, every one of its
 * objects is disconnected and the process lives on; or by a real kill of all its processes. What
 * rmsim /fault does, without a process for it.
 *
 * Threads: one at a time.  Errors: false when not all processes did it in time.
 */
#ifndef CONFORMANCE_SWITCH_H
#define CONFORMANCE_SWITCH_H

#include <stdbool.h>

/* `machine` without the rest of the ProgID: "K264A". `pause` waits a little, handing out messages
 * in a single-threaded apartment. */
bool switch_away(const char *machine, void (*pause)(void));

bool switch_kill(const char *machine);

/* How many clients that machine's processes have. */
int switch_clients(const char *machine);

#endif
