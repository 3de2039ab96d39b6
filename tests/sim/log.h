/* log.h: the simulator's log file: one line per start, stop, registration and fault.
 *
 * Several processes of a machine may share one file; each line is appended whole.
 *
 * Ownership: none.  Threads: any.  Errors: none reported: a log that can't be written stops
 * nothing.
 */
#ifndef SIM_LOG_H
#define SIM_LOG_H

#include <wchar.h>

/* Nothing is written before this, or when `path` is empty. */
void sim_log_open(const wchar_t *path, const char *machine);

void sim_log(const char *format, ...) __attribute__((format(gnu_printf, 1, 2)));

#endif
