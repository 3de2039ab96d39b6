#include <windows.h>
#include <stdio.h>

#include <hooks/system_text.h>
#include <rm/service_pipe.h>

#include "serve.h"

DWORD host_serve(const struct host_options *options, HANDLE stop, void (*is_ready)(void *context),
                 void *context)
{
    struct rm_service_options service = host_options_of_service(options);
    return rm_service_run(&service, stop, is_ready, context);
}

/* Of the process that has the pipe; 0: it can't be found out. */
static ULONG find_owner(const wchar_t *instance)
{
    wchar_t name[RM_SERVICE_PIPE_NAME_SIZE];
    ULONG process_id = 0;
    rm_service_pipe_name(instance, name);
    HANDLE pipe = CreateFileW(name, FILE_READ_ATTRIBUTES, 0, NULL, OPEN_EXISTING,
                              SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS, NULL);
    if (pipe != INVALID_HANDLE_VALUE)
    {
        if (!GetNamedPipeServerProcessId(pipe, &process_id))
        {
            process_id = 0;
        }
        CloseHandle(pipe);
    }
    return process_id;
}

void host_describe(const struct host_options *options, DWORD error, wchar_t text[HOST_TEXT_SIZE])
{
    wchar_t name[RM_INSTANCE_NAME_SIZE], words[HOST_TEXT_SIZE / 2];
    rm_instance_service_name(options->instance, name);
    if (error == ERROR_SERVICE_ALREADY_RUNNING)
    {
        ULONG process_id = find_owner(options->instance);
        words[0] = L'\0';
        if (process_id != 0)
        {
            _snwprintf(words, sizeof words / sizeof *words, L" (process %lu has its pipe)",
                       process_id);
        }
        _snwprintf(text, HOST_TEXT_SIZE,
                   L"'%ls' runs on this computer already, as a service or in another terminal%ls. "
                   L"Stop that one, or give this one a name of its own with --instance.",
                   name, words);
    }
    else
    {
        bool has_words = rm_system_text(error, words, sizeof words / sizeof *words);
        _snwprintf(text, HOST_TEXT_SIZE, L"'%ls' ended with Windows error %lu%ls%ls.", name, error,
                   has_words ? L": " : L"", words);
    }
    text[HOST_TEXT_SIZE - 1] = L'\0';
}
