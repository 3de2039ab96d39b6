#include <windows.h>

#include <manager/instance.h>

#include "messages.h" /* made from messages.mc */
#include "system_log.h"

void system_log_write(const wchar_t *instance, enum system_log_severity severity,
                      const wchar_t *text)
{
    static const struct
    {
        WORD type;
        DWORD message;
    } rows[] = {
        [SYSTEM_LOG_INFORMATION] = {EVENTLOG_INFORMATION_TYPE, RM_MESSAGE_INFORMATION},
        [SYSTEM_LOG_WARNING] = {EVENTLOG_WARNING_TYPE,     RM_MESSAGE_WARNING    },
        [SYSTEM_LOG_ERROR] = {EVENTLOG_ERROR_TYPE,       RM_MESSAGE_ERROR      },
    };
    wchar_t name[RM_INSTANCE_NAME_SIZE];
    rm_instance_service_name(instance, name);
    HANDLE log = RegisterEventSourceW(NULL, name);
    if (log != NULL)
    {
        ReportEventW(log, rows[severity].type, 0, rows[severity].message, NULL, 1, 0, &text, NULL);
        DeregisterEventSource(log);
    }
}
