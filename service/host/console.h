/* host/console.h: the service in a terminal, until Ctrl+C, Ctrl+Break or the end of the terminal.
 *
 * Units: none.
 * Ownership: options are the caller's.
 * Threads: one.
 * Errors: false; what was wrong has been printed then.
 */
#ifndef RM_HOST_CONSOLE_H
#define RM_HOST_CONSOLE_H

#include <stdbool.h>

#include "options.h"

/* Prints when it is ready and when it has stopped. */
bool host_run_on_console(const struct host_options *options);

#endif
