#include <rm/service_pipe.h>

#define PREFIX L"\\\\.\\pipe\\RedundancyMaster"

void rm_service_pipe_name(const char *instance, wchar_t name[RM_SERVICE_PIPE_NAME_SIZE])
{
    size_t at = wcslen(PREFIX);

    wcscpy(name, PREFIX);
    if (*instance != '\0')
    {
        name[at++] = L'.';
    }
    for (; *instance != '\0' && at < RM_SERVICE_PIPE_NAME_SIZE - 1; instance++)
    {
        name[at++] = (wchar_t)*instance;
    }
    name[at] = L'\0';
}
