/* Questions about hooks: they change nothing and need no rights. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hooks/hook_record.h>
#include <hooks/hook_view.h>
#include <hooks/hooks_internal.h>
#include <hooks/snapshot_store.h>
#include <hooks/wide.h>

void rm_hooks_tell(const struct rm_hooks *hooks, const char *format, ...)
{
    if (hooks->tell != NULL)
    {
        char text[1024];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(text, sizeof text, format, arguments);
        va_end(arguments);
        hooks->tell(hooks->context, text);
    }
}

enum rm_status rm_hooks_fail(struct rm_config_error *error, enum rm_status status,
                             const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    error->status = status;
    error->line = 0;
    return status;
}

enum rm_status rm_hooks_fail_registry(struct rm_config_error *error, LSTATUS code,
                                      const char *doing)
{
    if (code == ERROR_ACCESS_DENIED)
    {
        return rm_hooks_fail(error, RM_E_IO,
                             "Access denied while %s. This needs administrator rights: open a"
                             " command prompt with 'Run as administrator' and repeat the command.",
                             doing);
    }
    wchar_t wide[256] = L"";
    char text[512] = "";
    FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS |
                       FORMAT_MESSAGE_MAX_WIDTH_MASK,
                   NULL, (DWORD)code, 0, wide, 256, NULL);
    rm_utf8_from_wide(wide, text, sizeof text);
    return rm_hooks_fail(error, code == ERROR_OUTOFMEMORY ? RM_E_NO_MEMORY : RM_E_IO,
                         "The registry failed while %s: Windows error %ld. %s", doing, code, text);
}

const char *rm_hook_state_name(enum rm_hook_state state)
{
    switch (state)
    {
    case RM_HOOK_OFF: return "no";
    case RM_HOOK_ON: return "yes";
    case RM_HOOK_DAMAGED: return "damaged";
    case RM_HOOK_STATE_COUNT: break;
    }
    return "?";
}

void rm_hooks_query_class(const wchar_t *clsid, struct rm_hook_info *info)
{
    *info = (struct rm_hook_info){.state = RM_HOOK_OFF};
    rm_utf8_from_wide(clsid, info->clsid, sizeof info->clsid);
    for (int i = 0; i < RM_REG_VIEW_COUNT; i++)
    {
        enum rm_reg_view view = (enum rm_reg_view)i;
        switch (rm_hook_view_state(clsid, view, NULL))
        {
        case RM_HOOK_VIEW_OFF: break;
        case RM_HOOK_VIEW_ON:
            *(view == RM_REG_VIEW_64 ? &info->is_served_64 : &info->is_served_32) = true;
            if (info->state == RM_HOOK_OFF)
            {
                info->state = RM_HOOK_ON;
            }
            break;
        case RM_HOOK_VIEW_CHANGED: info->state = RM_HOOK_DAMAGED; break;
        case RM_HOOK_VIEW_STATE_COUNT: break;
        }
    }
    wchar_t path[RM_REG_PATH_MAX];
    wchar_t progid[RM_PROGID_MAX + 1];
    rm_reg_path(path, RM_HOOKS_PATH, clsid, NULL);
    if (info->state != RM_HOOK_OFF &&
        rm_reg_read_text(RM_REG_VIEW_64, path, L"ProgID", progid, RM_PROGID_MAX + 1))
    {
        rm_utf8_from_wide(progid, info->progid, sizeof info->progid);
    }
}

/* The class with the record number `index`, whatever state it is in. */
static bool record_at(unsigned index, wchar_t clsid[RM_CLASS_TEXT_MAX])
{
    HKEY key;
    if (rm_reg_open(RM_REG_VIEW_64, RM_HOOKS_PATH, KEY_READ, &key) != ERROR_SUCCESS)
    {
        return false;
    }
    DWORD length = RM_CLASS_TEXT_MAX;
    LSTATUS result = RegEnumKeyExW(key, index, clsid, &length, NULL, NULL, NULL, NULL);
    RegCloseKey(key);
    return result == ERROR_SUCCESS;
}

bool rm_hooks_enumerate(unsigned index, struct rm_hook_info *info)
{
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    unsigned enabled = 0;
    for (unsigned i = 0; record_at(i, clsid); i++)
    {
        rm_hooks_query_class(clsid, info);
        if (info->state != RM_HOOK_OFF && enabled++ == index)
        {
            return true;
        }
    }
    return false;
}

bool rm_hooks_find_enabled(const char *name, wchar_t clsid[RM_CLASS_TEXT_MAX])
{
    wchar_t wide[RM_PROGID_MAX + 1];
    clsid[0] = L'\0';
    if (!rm_wide_from_utf8(name, wide, RM_PROGID_MAX + 1))
    {
        return false;
    }
    if (rm_class_normalize(wide, clsid))
    {
        return rm_hook_record_exists(clsid, RM_REG_VIEW_64) ||
               rm_hook_record_exists(clsid, RM_REG_VIEW_32);
    }
    for (unsigned i = 0; record_at(i, clsid); i++)
    {
        wchar_t path[RM_REG_PATH_MAX];
        wchar_t progid[RM_PROGID_MAX + 1];
        rm_reg_path(path, RM_HOOKS_PATH, clsid, NULL);
        if (rm_reg_read_text(RM_REG_VIEW_64, path, L"ProgID", progid, RM_PROGID_MAX + 1) &&
            rm_wide_equal(progid, wide))
        {
            return true;
        }
    }
    clsid[0] = L'\0';
    return false;
}

void rm_hooks_query(const char *name, struct rm_hook_info *info)
{
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    wchar_t wide[RM_PROGID_MAX + 1];
    if (rm_hooks_find_enabled(name, clsid) ||
        (rm_wide_from_utf8(name, wide, RM_PROGID_MAX + 1) && rm_class_find(wide, clsid)))
    {
        rm_hooks_query_class(clsid, info);
        return;
    }
    *info = (struct rm_hook_info){.state = RM_HOOK_OFF};
}

bool rm_hooks_is_outdated(const struct rm_server_config *server)
{
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    uint8_t *bytes;
    size_t size;
    struct rm_reg_value stored;
    if (!rm_hooks_find_enabled(server->progid, clsid) ||
        rm_snapshot_compile(NULL, server, clsid, &bytes, &size) != RM_OK)
    {
        return false;
    }
    rm_snapshot_load(clsid, &stored);
    bool is_same = stored.exists && stored.type == REG_BINARY && stored.size_bytes == size &&
                   memcmp(stored.bytes, bytes, size) == 0;
    rm_reg_value_clear(&stored);
    free(bytes);
    return !is_same;
}
