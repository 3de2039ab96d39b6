#include <manager/instance.h>

#define PRODUCT L"RedundancyMaster"

static void join(wchar_t name[RM_INSTANCE_NAME_SIZE], const wchar_t *first,
                 const wchar_t *separator, const wchar_t *instance, const wchar_t *last)
{
    wcscpy(name, first);
    if (instance[0] != L'\0')
    {
        wcscat(name, separator);
        wcscat(name, instance);
        wcscat(name, last);
    }
}

void rm_instance_service_name(const wchar_t *instance, wchar_t name[RM_INSTANCE_NAME_SIZE])
{
    join(name, PRODUCT, L".", instance, L"");
}

void rm_instance_display_name(const wchar_t *instance, wchar_t name[RM_INSTANCE_NAME_SIZE])
{
    join(name, PRODUCT, L" (", instance, L")");
}
