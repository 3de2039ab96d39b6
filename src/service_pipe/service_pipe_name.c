#include <rm/service_pipe.h>

#include <string.h>

#define PREFIX L"\\\\.\\pipe\\RedundancyMaster"

static bool is_letter(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
}

bool rm_service_pipe_is_instance(const char *instance)
{
    size_t length = 0;

    while (is_letter(instance[length]))
    {
        length++;
    }
    return instance[length] == '\0' && length < RM_WIRE_INSTANCE_SIZE;
}

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
