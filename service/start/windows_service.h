/* start/windows_service.h: a Windows service of a computer, started where it is stopped.
 *
 * One that is being started is waited for, one that is being stopped is waited for and started; one
 * that is paused somebody has paused, and it is left alone.
 *
 * Units: milliseconds.
 * Ownership: the caller's texts, UTF-8.
 * Threads: any. May block for as long as Windows takes to find the computer, whatever the limit.
 * Errors: Windows error codes; ERROR_SERVICE_REQUEST_TIMEOUT: it does not run within the limit.
 * Source: feature CX-16.
 */
#ifndef RM_START_WINDOWS_SERVICE_H
#define RM_START_WINDOWS_SERVICE_H

#include <windows.h>
#include <stdbool.h>

/* has_started: it was stopped, and was given a start. */
DWORD rm_windows_service_start(const char *host, const char *name, DWORD limit_ms,
                               bool *has_started);

#endif
