#include <windows.h>

#include <hooks/registry.h>
#include <hooks/wide.h>
#include <manager/event_source.h>
#include <manager/image_path.h>

#define ROOT      L"SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application"
#define FILE_OF   L"EventMessageFile"
#define TYPES     L"TypesSupported"
#define OUR_TYPES ((DWORD)(EVENTLOG_ERROR_TYPE | EVENTLOG_WARNING_TYPE | EVENTLOG_INFORMATION_TYPE))

/* This part of the registry is the same in both views. */
static const enum rm_reg_view view = RM_REG_VIEW_64;

enum owner
{
    OWNER_NOBODY,
    OWNER_US,
    OWNER_OTHER
};

/* Whose the source is, by the file that it names; `program` is that file. */
static enum owner find_owner(const wchar_t *path, struct rm_image_path *file)
{
    memset(file, 0, sizeof *file);
    if (!rm_reg_exists(view, path))
    {
        return OWNER_NOBODY;
    }
    return rm_reg_read_text(view, path, FILE_OF, file->program, MAX_PATH) &&
                   rm_image_path_is_ours(file)
               ? OWNER_US
               : OWNER_OTHER;
}

DWORD rm_event_source_add(const wchar_t *service, const wchar_t *program)
{
    wchar_t path[RM_REG_PATH_MAX];
    struct rm_image_path file;
    HKEY key = NULL;
    if (!rm_reg_path(path, ROOT, service, NULL))
    {
        return ERROR_INVALID_NAME;
    }
    if (find_owner(path, &file) == OWNER_OTHER)
    {
        return ERROR_ALREADY_EXISTS;
    }
    LSTATUS result = rm_reg_create(view, path, &key);
    if (result != ERROR_SUCCESS)
    {
        return (DWORD)result;
    }
    result = rm_reg_write_text(key, FILE_OF, program);
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_write_number(key, TYPES, OUR_TYPES);
    }
    RegCloseKey(key);
    if (result != ERROR_SUCCESS)
    {
        rm_reg_delete_if_empty(view, path);
    }
    return (DWORD)result;
}

DWORD rm_event_source_remove(const wchar_t *service, bool *was_changed)
{
    wchar_t path[RM_REG_PATH_MAX];
    struct rm_image_path file;
    struct rm_reg_value none = {false, 0, 0, NULL};
    HKEY key = NULL;
    *was_changed = false;
    if (!rm_reg_path(path, ROOT, service, NULL) || find_owner(path, &file) != OWNER_US)
    {
        return ERROR_SUCCESS;
    }
    LSTATUS result = rm_reg_open(view, path, KEY_READ | KEY_WRITE, &key);
    if (result == ERROR_SUCCESS)
    {
        /* The file last: it is what the source is known by as ours. */
        result = rm_reg_write(key, TYPES, &none);
        if (result == ERROR_SUCCESS)
        {
            result = rm_reg_write(key, FILE_OF, &none);
        }
        RegCloseKey(key);
    }
    if (result == ERROR_SUCCESS)
    {
        *was_changed = true;
        rm_reg_delete_if_empty(view, path);
    }
    return (DWORD)result;
}

bool rm_event_source_is_there(const wchar_t *service)
{
    wchar_t path[RM_REG_PATH_MAX];
    struct rm_image_path file;
    return rm_reg_path(path, ROOT, service, NULL) && find_owner(path, &file) == OWNER_US;
}
