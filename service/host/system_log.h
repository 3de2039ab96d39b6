/* host/system_log.h: a line in Windows' own event log, for what our own files can't be the place
 * of.
 *
 * That is a service that can't start, or ends by itself. The source is the service's name;
 * 'rmctl service install' registers it.
 *
 * Units: none.
 * Ownership: texts are borrowed.
 * Threads: any; no state.
 * Errors: none are told; without the event log nothing is written.
 */
#ifndef RM_HOST_SYSTEM_LOG_H
#define RM_HOST_SYSTEM_LOG_H

#include <wchar.h>

enum system_log_severity
{
    SYSTEM_LOG_INFORMATION,
    SYSTEM_LOG_WARNING,
    SYSTEM_LOG_ERROR
};

void system_log_write(const wchar_t *instance, enum system_log_severity severity,
                      const wchar_t *text);

#endif
