/* host/windows_service.h: the service as Windows' service manager starts and stops it.
 *
 *   START_PENDING --is_ready--> RUNNING --STOP, SHUTDOWN, PRESHUTDOWN--> STOP_PENDING --> STOPPED
 *         |                        |                                                         ^
 *         +------------------------+-------- rm_service_run returns by itself ---------------+
 *
 * While pending it tells the manager every second that it is at work, up to a limit: what takes
 * longer hangs, and the manager is to see that. STOPPED carries the error of the run, which makes
 * the manager act by the recovery settings.
 *
 * Units: milliseconds.
 * Ownership: options are the caller's.
 * Threads: one calls; the manager's orders come on another one of the system.
 * Errors: Win32 codes, of the connection to the manager only; what the run ends with is reported to
 *   the manager and to Windows' event log.
 */
#ifndef RM_HOST_WINDOWS_SERVICE_H
#define RM_HOST_WINDOWS_SERVICE_H

#include <windows.h>

#include "options.h"

/* Returns when the service has stopped, or with ERROR_FAILED_SERVICE_CONTROLLER_CONNECT at once if
 * it wasn't the service manager that started this process. */
DWORD host_run_as_service(const struct host_options *options);

#endif
