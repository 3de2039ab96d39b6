#include <host/service.h>

#include <hooks/wide.h>
#include <runtime/runtime.h>

#include "system_log.h"
#include "terminal.h"

#define PATH_SIZE 1024
#define TEXT_SIZE 1024

static void log_to_windows(const struct rm_service_options *options, enum rm_severity severity,
                           const wchar_t *text)
{
    static const enum system_log_severity severities[RM_SEVERITY_COUNT] = {
        [RM_SEVERITY_INFORMATIONAL] = SYSTEM_LOG_INFORMATION,
        [RM_SEVERITY_WARNING] = SYSTEM_LOG_WARNING,
        [RM_SEVERITY_ERROR] = SYSTEM_LOG_ERROR,
    };
    system_log_write(options->instance, severities[severity], text);
}

/* What can't be said in the logs of the redundant servers. */
static void note(void *context, enum rm_severity severity, const char *text)
{
    const struct rm_service_options *options = context;
    wchar_t wide[TEXT_SIZE];
    if (rm_wide_from_utf8(text, wide, TEXT_SIZE) && options->is_console)
    {
        terminal_print(L"%hs: %ls\n", rm_severity_name(severity), wide);
    }
    else
    {
        log_to_windows(options, severity, wide);
    }
}

static void report(void *context, enum rm_severity severity, const char *text)
{
    wchar_t wide[TEXT_SIZE];
    if (rm_wide_from_utf8(text, wide, TEXT_SIZE))
    {
        log_to_windows(context, severity, wide);
    }
}

static void CALLBACK wake(void *context, BOOLEAN is_timeout)
{
    (void)is_timeout;
    rm_runtime_wake(context);
}

static DWORD serve_until(struct rm_runtime *runtime, HANDLE stop)
{
    HANDLE wait;
    if (!RegisterWaitForSingleObject(&wait, stop, wake, runtime, INFINITE, WT_EXECUTEONLYONCE))
    {
        return GetLastError();
    }
    while (WaitForSingleObject(stop, 0) == WAIT_TIMEOUT)
    {
        rm_runtime_serve(runtime);
    }
    UnregisterWaitEx(wait, INVALID_HANDLE_VALUE);
    return ERROR_SUCCESS;
}

DWORD rm_service_run(const struct rm_service_options *options, HANDLE stop,
                     void (*is_ready)(void *context), void *context)
{
    struct rm_service_options own = *options; /* contexts are not const */
    char config[PATH_SIZE], folder[PATH_SIZE];
    struct rm_runtime_terms terms = {.instance = options->instance,
                                     .config = config,
                                     .folder = folder,
                                     .note = note,
                                     .report = report,
                                     .context = &own};
    struct rm_runtime *runtime;
    DWORD error;
    if (!rm_utf8_from_wide(options->config_path, config, PATH_SIZE) ||
        !rm_utf8_from_wide(options->data_path, folder, PATH_SIZE))
    {
        return ERROR_INVALID_PARAMETER;
    }
    error = rm_runtime_open(&terms, &runtime);
    if (error == ERROR_SUCCESS)
    {
        is_ready(context);
        error = serve_until(runtime, stop);
        rm_runtime_close(runtime);
    }
    return error;
}
