/* host/service.h: what the service does, apart from being a process of Windows.
 *
 * The host (a service of Windows, or a program in a terminal) calls it once, for as long as the
 * process lives. It says when it serves, and returns when it was told to stop or can't go on.
 *
 * Units: none.
 * Ownership: options, and the event, are the caller's and live until rm_service_run has returned.
 * Threads: rm_service_run keeps the thread that calls it; is_ready is called on that one or on
 *   another, at most once. The event may be set at any time, also before the call.
 * Errors: a Win32 code; the service manager is told it, and starts the process again by its
 *   recovery settings. 0: stopped as it was told to.
 * Source: design.md 5; F-14.
 */
#ifndef RM_HOST_SERVICE_H
#define RM_HOST_SERVICE_H

#include <windows.h>
#include <stdbool.h>

struct rm_service_options
{
    const wchar_t *instance;    /* valid by manager/instance.h; "" for the installed product */
    const wchar_t *config_path; /* absolute: redundancymaster.xml, which need not be there */
    const wchar_t *data_path;   /* absolute: the folder of logs, which need not be there */
    bool is_console;            /* in a terminal; else as a service */
};

/* Runs until `stop` is set. is_ready is called once when it serves. Returns a Win32 error code, 0 =
 * stopped. */
DWORD rm_service_run(const struct rm_service_options *options, HANDLE stop,
                     void (*is_ready)(void *context), void *context);

#endif
