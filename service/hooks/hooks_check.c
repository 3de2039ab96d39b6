/* What must be there before a class is hooked: the class, and DLLs for its clients. */
#include <stdio.h>
#include <string.h>

#include <hooks/dll_file.h>
#include <hooks/hook_view.h>
#include <hooks/hooks_internal.h>
#include <hooks/wide.h>
#include <rm/instance.h>

enum rm_status rm_hooks_find_dlls(const struct rm_hooks *hooks, struct rm_hooks_dlls *dlls,
                                  struct rm_config_error *error)
{
    wchar_t directory[MAX_PATH];
    bool is_any = false;
    rm_wide_from_utf8(hooks->dll_directory, directory, MAX_PATH);
    for (int view = 0; view < RM_REG_VIEW_COUNT; view++)
    {
        dlls->paths[view][0] = L'\0';
        is_any = (rm_reg_has_view((enum rm_reg_view)view) &&
                  rm_dll_find(directory, (enum rm_reg_view)view, dlls->paths[view])) ||
                 is_any;
    }
    return is_any ? RM_OK
                  : rm_hooks_fail(error, RM_E_NOT_FOUND,
                                  "There is no usable redundancymaster.dll in '%s', so no client"
                                  " could be served. Repair the installation; nothing was changed.",
                                  hooks->dll_directory);
}

enum rm_status rm_hooks_find_class(const struct rm_hooks *hooks,
                                   const struct rm_server_config *server,
                                   wchar_t clsid[RM_CLASS_TEXT_MAX], struct rm_config_error *error)
{
    wchar_t wide[RM_PROGID_MAX + 1];
    wchar_t given[RM_CLASS_TEXT_MAX];
    bool is_given = rm_wide_from_utf8(server->clsid, wide, RM_PROGID_MAX + 1) &&
                    rm_class_normalize(wide, given);
    bool is_found =
        rm_wide_from_utf8(server->progid, wide, RM_PROGID_MAX + 1) && rm_class_find(wide, clsid);
    if (is_found && is_given && wcscmp(clsid, given) != 0)
    {
        rm_hooks_tell(hooks,
                      "'%s' has class id %ls on this computer, not %s as the settings say. The"
                      " computer's is used, since clients find that one.",
                      server->progid, clsid, server->clsid);
    }
    if (!is_found && is_given)
    {
        wcscpy(clsid, given);
        is_found = true;
    }
    switch (is_found ? rm_class_kind(clsid) : RM_CLASS_MISSING)
    {
    case RM_CLASS_LOCAL: return RM_OK;
    case RM_CLASS_MISSING:
        return rm_hooks_fail(error, RM_E_NOT_FOUND,
                             "No OPC server is registered as '%s' on this computer, so clients here"
                             " can't ask for it. Install the server on this computer too (it need"
                             " not run), or correct the ProgID; nothing was changed.",
                             server->progid);
    case RM_CLASS_IN_PROCESS:
        return rm_hooks_fail(error, RM_E_INVALID,
                             "'%s' is a DLL that runs in its client's process, not a program of its"
                             " own; such servers can't be made redundant. Nothing was changed.",
                             server->progid);
    case RM_CLASS_OURS:
        return rm_hooks_fail(error, RM_E_INVALID,
                             "'%s' is RedundancyMaster itself. Name the ProgID of an OPC server;"
                             " nothing was changed.",
                             server->progid);
    case RM_CLASS_KIND_COUNT: break;
    }
    return RM_E_INVALID;
}

/* The instance whose DLL stands there, if it has a record of that. */
static bool is_anothers(const wchar_t *dll, const wchar_t *own, const wchar_t *clsid)
{
    wchar_t instance[RM_INSTANCE_SIZE], hooks[RM_INSTANCE_KEY_SIZE], path[RM_REG_PATH_MAX];
    const wchar_t *slash = wcsrchr(dll, L'\\');
    HKEY key;
    if (slash == NULL || !rm_wide_equal(slash + 1, RM_DLL_NAME))
    {
        return false;
    }
    rm_instance_of_path(dll, instance);
    rm_instance_key(instance, L"\\Hooks", hooks);
    if (rm_wide_equal(instance, own) || !rm_reg_path(path, hooks, clsid, NULL) ||
        RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, KEY_READ | KEY_WOW64_64KEY, &key) !=
            ERROR_SUCCESS)
    {
        return false;
    }
    RegCloseKey(key);
    return true;
}

enum rm_status rm_hooks_check_instance(const struct rm_hooks *hooks,
                                       const struct rm_server_config *server, const wchar_t *clsid,
                                       struct rm_config_error *error)
{
    wchar_t directory[MAX_PATH], program[MAX_PATH + 16], own[RM_INSTANCE_SIZE];
    wchar_t path[RM_REG_PATH_MAX], dll[MAX_PATH];
    char text[MAX_PATH * 3];
    rm_wide_from_utf8(hooks->dll_directory, directory, MAX_PATH);
    _snwprintf(program, MAX_PATH + 16, L"%ls\\%ls", directory, RM_DLL_NAME);
    rm_instance_of_path(program, own);
    rm_hook_view_key(clsid, path);
    for (int view = 0; view < RM_REG_VIEW_COUNT; view++)
    {
        if (rm_reg_read_text((enum rm_reg_view)view, path, NULL, dll, MAX_PATH) &&
            is_anothers(dll, own, clsid))
        {
            rm_utf8_from_wide(dll, text, sizeof text);
            return rm_hooks_fail(error, RM_E_EXISTS,
                                 "'%s' is enabled by another installation of RedundancyMaster on"
                                 " this computer (%s). Disable it with the rmctl beside that file"
                                 " first; nothing was changed.",
                                 server->progid, text);
        }
    }
    return RM_OK;
}

void rm_hooks_tell_bitness(const struct rm_hooks *hooks, const struct rm_hooks_dlls *dlls)
{
    for (int i = 0; i < RM_REG_VIEW_COUNT; i++)
    {
        enum rm_reg_view view = (enum rm_reg_view)i;
        if (dlls->paths[i][0] == L'\0' && rm_reg_has_view(view))
        {
            rm_hooks_tell(hooks,
                          "%s clients get no redundancy: there is no %s redundancymaster.dll in"
                          " '%s%s'.",
                          rm_reg_view_name(view), rm_reg_view_name(view), hooks->dll_directory,
                          view == RM_REG_VIEW_32 ? "\\x86" : "");
        }
    }
}
