#include "runtime/log_folder.h"

#include <windows.h>
#include <sddl.h>

#include <hooks/wide.h>

#define PATH_SIZE 1024

void rm_log_folder_make(const char *path)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
    wchar_t folder[PATH_SIZE];
    wchar_t *at;

    if (!rm_wide_from_utf8(path, folder, PATH_SIZE) ||
        !ConvertStringSecurityDescriptorToSecurityDescriptorW(
            RM_LOG_FOLDER_ACCESS, SDDL_REVISION_1, &attributes.lpSecurityDescriptor, NULL))
        return;
    for (at = wcschr(folder, L'\\'); at; at = wcschr(at + 1, L'\\'))
    {
        *at = L'\0';
        CreateDirectoryW(folder, NULL);
        *at = L'\\';
    }
    if (!CreateDirectoryW(folder, &attributes) && GetLastError() == ERROR_ALREADY_EXISTS)
        SetFileSecurityW(folder, DACL_SECURITY_INFORMATION, attributes.lpSecurityDescriptor);
    LocalFree(attributes.lpSecurityDescriptor);
}
