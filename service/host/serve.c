#include <windows.h>
#include <sddl.h>
#include <stdio.h>

#include <hooks/system_text.h>

#include "serve.h"

/* Whether there is such a mutex is the lock: the system takes it away with the process, however
 * that ends. Nobody ever waits for it. */
static DWORD take_lock(const wchar_t *instance, HANDLE *lock)
{
    wchar_t name[RM_INSTANCE_NAME_SIZE];
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
    rm_instance_lock_name(instance, name);
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(
            L"D:P(A;;GA;;;SY)(A;;GA;;;BA)", SDDL_REVISION_1, &attributes.lpSecurityDescriptor,
            NULL))
    {
        return GetLastError();
    }
    *lock = CreateMutexW(&attributes, FALSE, name);
    DWORD error = GetLastError();
    LocalFree(attributes.lpSecurityDescriptor);
    if (*lock != NULL && error != ERROR_ALREADY_EXISTS)
    {
        return ERROR_SUCCESS;
    }
    if (*lock != NULL)
    {
        CloseHandle(*lock);
        *lock = NULL;
    }
    /* Another account's lock is there, and can't be opened. */
    return error == ERROR_ALREADY_EXISTS || error == ERROR_ACCESS_DENIED
               ? ERROR_SERVICE_ALREADY_RUNNING
               : error;
}

DWORD host_serve(const struct host_options *options, HANDLE stop, void (*is_ready)(void *context),
                 void *context)
{
    struct rm_service_options service = host_options_of_service(options);
    HANDLE lock = NULL;
    DWORD error = take_lock(options->instance, &lock);
    if (error == ERROR_SUCCESS)
    {
        error = rm_service_run(&service, stop, is_ready, context);
        CloseHandle(lock);
    }
    return error;
}

void host_describe(const struct host_options *options, DWORD error, wchar_t text[HOST_TEXT_SIZE])
{
    wchar_t name[RM_INSTANCE_NAME_SIZE], words[HOST_TEXT_SIZE / 2];
    rm_instance_service_name(options->instance, name);
    if (error == ERROR_SERVICE_ALREADY_RUNNING)
    {
        _snwprintf(text, HOST_TEXT_SIZE,
                   L"'%ls' runs on this computer already, as a service or in another terminal. "
                   L"Stop that one, or give this one a name of its own with --instance.",
                   name);
    }
    else
    {
        bool has_words = rm_system_text(error, words, sizeof words / sizeof *words);
        _snwprintf(text, HOST_TEXT_SIZE, L"'%ls' ended with Windows error %lu%ls%ls.", name, error,
                   has_words ? L": " : L"", words);
    }
    text[HOST_TEXT_SIZE - 1] = L'\0';
}
