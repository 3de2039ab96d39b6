/* host/serve.h: one run of the service, whoever its host is: alone on this computer, or not at all.
 *
 * Units: none.
 * Ownership: all is borrowed.
 * Threads: as host/service.h says.
 * Errors: Win32 codes; ERROR_SERVICE_ALREADY_RUNNING: another process serves this instance.
 */
#ifndef RM_HOST_SERVE_H
#define RM_HOST_SERVE_H

#include <windows.h>

#include "options.h"

#define HOST_TEXT_SIZE 512

/* rm_service_run, with the instance's lock held from before it until after it. */
DWORD host_serve(const struct host_options *options, HANDLE stop, void (*is_ready)(void *context),
                 void *context);

/* What an error of host_serve means, as a sentence. */
void host_describe(const struct host_options *options, DWORD error, wchar_t text[HOST_TEXT_SIZE]);

#endif
