/* faultconsole.h: `rmsim /fault NAME ORDER`: puts faults on all processes of a simulated machine.
 *
 * Ownership: none.  Threads: the main thread of a process that is no server itself.
 * Errors: returns the exit status: 0 done, 1 not done on all processes, 2 wrong usage.
 */
#ifndef SIM_FAULTCONSOLE_H
#define SIM_FAULTCONSOLE_H

#include <wchar.h>

/* `arguments` start with the machine's name. */
int sim_fault_console(int count, wchar_t *const *arguments);

void sim_fault_console_print_help(void);

#endif
