#include <rm/service_pipe.h>

#define PREFIX L"\\\\.\\pipe\\RedundancyMaster"

void rm_service_pipe_name(const wchar_t *instance, wchar_t name[RM_SERVICE_PIPE_NAME_SIZE])
{
    wcscpy(name, PREFIX);
    if (*instance != L'\0')
    {
        wcscat(name, L".");
        wcsncat(name, instance, RM_SERVICE_PIPE_NAME_SIZE - 1 - wcslen(name));
    }
}
