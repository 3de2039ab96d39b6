#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/snapshot.h>

#include <hooks/hook_record.h>
#include <hooks/hook_view.h>
#include <hooks/hooks_internal.h>
#include <hooks/orders_store.h>
#include <hooks/snapshot_store.h>
#include <hooks/wide.h>

static void tell_undone(const struct rm_hooks *hooks, const wchar_t *clsid, enum rm_reg_view view,
                        enum rm_hook_undone undone)
{
    wchar_t path[RM_REG_PATH_MAX];
    rm_hook_view_key(clsid, path);
    if (undone == RM_HOOK_UNDONE_THEIRS)
    {
        rm_hooks_tell(hooks,
                      "Another program has changed HKLM\\%ls (%s view) since it was hooked,"
                      " perhaps a repair or an update of the server. It was left as it is now.",
                      path, rm_reg_view_name(view));
    }
    else if (undone == RM_HOOK_UNDONE_PARTLY)
    {
        rm_hooks_tell(hooks,
                      "Another program has added entries to HKLM\\%ls (%s view), which did not"
                      " exist before. Our entries are gone, theirs were left.",
                      path, rm_reg_view_name(view));
    }
}

/* Removes what is left of our keys once nothing is in them. */
static void drop_empty_keys(const wchar_t *clsid)
{
    wchar_t path[RM_REG_PATH_MAX];
    if (!rm_hook_record_exists(clsid, RM_REG_VIEW_64) &&
        !rm_hook_record_exists(clsid, RM_REG_VIEW_32))
    {
        rm_reg_path(path, RM_HOOKS_PATH, clsid, NULL);
        rm_reg_delete_tree(RM_REG_VIEW_64, path);
    }
    rm_reg_delete_if_empty(RM_REG_VIEW_64, RM_HOOKS_PATH);
    rm_reg_delete_if_empty(RM_REG_VIEW_64, RM_REG_ROOT);
}

static LSTATUS write_progid(const wchar_t *clsid, const char *progid)
{
    wchar_t path[RM_REG_PATH_MAX];
    wchar_t wide[RM_PROGID_MAX + 1];
    HKEY key;
    rm_wide_from_utf8(progid, wide, RM_PROGID_MAX + 1);
    rm_reg_path(path, RM_HOOKS_PATH, clsid, NULL);
    LSTATUS result = rm_reg_create(RM_REG_VIEW_64, path, &key);
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_write_text(key, L"ProgID", wide);
        RegCloseKey(key);
    }
    return result;
}

/* One view brought to what it should be. `dll` "": it should not be hooked. */
static LSTATUS enable_view(const struct rm_hooks *hooks, const wchar_t *clsid,
                           enum rm_reg_view view, const wchar_t *dll)
{
    wchar_t present[MAX_PATH];
    enum rm_hook_view_state state = rm_hook_view_state(clsid, view, present);
    if (state == RM_HOOK_VIEW_ON && rm_wide_equal(present, dll))
    {
        return ERROR_SUCCESS;
    }
    LSTATUS result = ERROR_SUCCESS;
    if (rm_hook_record_exists(clsid, view))
    {
        enum rm_hook_undone undone;
        result = rm_hook_view_undo(clsid, view, &undone);
        if (result == ERROR_SUCCESS && state == RM_HOOK_VIEW_CHANGED)
        {
            rm_hooks_tell(hooks,
                          "The hook for %s clients was not in place: another program had changed"
                          " it, or enabling was interrupted. It has been written again.",
                          rm_reg_view_name(view));
        }
    }
    bool was_orphan = false;
    if (result == ERROR_SUCCESS && dll[0] != L'\0')
    {
        result = rm_hook_view_record(clsid, view, dll, &was_orphan);
        if (result == ERROR_SUCCESS)
        {
            result = rm_hook_view_write(clsid, view);
        }
    }
    if (was_orphan)
    {
        rm_hooks_tell(hooks,
                      "The class was hooked for %s clients without a record of what was there"
                      " before; disabling will leave nothing there.",
                      rm_reg_view_name(view));
    }
    return result;
}

static LSTATUS undo_views(const struct rm_hooks *hooks, const wchar_t *clsid)
{
    LSTATUS result = ERROR_SUCCESS;
    for (int i = 0; i < RM_REG_VIEW_COUNT && result == ERROR_SUCCESS; i++)
    {
        enum rm_reg_view view = (enum rm_reg_view)i;
        enum rm_hook_undone undone;
        result = rm_hook_view_undo(clsid, view, &undone);
        if (result == ERROR_SUCCESS)
        {
            tell_undone(hooks, clsid, view, undone);
        }
    }
    return result;
}

static enum rm_status compile(const struct rm_hooks *hooks, const struct rm_server_config *server,
                              const wchar_t *clsid, uint8_t **bytes, size_t *size,
                              struct rm_config_error *error)
{
    enum rm_status status = rm_snapshot_compile(hooks, server, clsid, bytes, size);
    return status == RM_OK ? RM_OK
                           : rm_hooks_fail(error, status,
                                           "The settings of '%s' could not be compiled: %s. Nothing"
                                           " was changed.",
                                           server->progid, rm_status_text(status));
}

static struct rm_server_config *load_settings(const wchar_t *clsid)
{
    struct rm_reg_value value;
    struct rm_server_config *server = NULL;
    LSTATUS result = rm_snapshot_load(clsid, &value);
    if (result == ERROR_SUCCESS && value.exists && value.type == REG_BINARY)
    {
        rm_snapshot_decode(value.bytes, value.size_bytes, &server);
    }
    rm_reg_value_clear(&value);
    return server;
}

/* Operators' commands name machines by their place in the list: they go along with it. Sessions
 * that run do the same with what they have seen. */
static LSTATUS renumber_orders(const wchar_t *clsid, const struct rm_server_config *before,
                               const struct rm_server_config *after)
{
    unsigned ranks[RM_MACHINES_MAX + 1];
    struct rm_orders orders;
    LSTATUS result = rm_orders_load(clsid, &orders);
    if (result != ERROR_SUCCESS || orders.number == 0)
    {
        return result;
    }
    rm_server_new_ranks(before, after, ranks);
    rm_orders_renumber(&orders, ranks);
    return rm_orders_store(clsid, &orders);
}

static LSTATUS store_settings(const wchar_t *clsid, const struct rm_server_config *server,
                              const uint8_t *bytes, size_t size)
{
    struct rm_server_config *before = load_settings(clsid);
    LSTATUS result = rm_snapshot_store(clsid, bytes, size);
    if (result == ERROR_SUCCESS && before != NULL)
    {
        result = renumber_orders(clsid, before, server);
    }
    rm_server_config_free(before);
    return result;
}

static LSTATUS enable_all(const struct rm_hooks *hooks, const struct rm_server_config *server,
                          const wchar_t *clsid, const struct rm_hooks_dlls *dlls,
                          const uint8_t *bytes, size_t size)
{
    /* Settings first: a client that finds the hook must find them too. */
    LSTATUS result = store_settings(clsid, server, bytes, size);
    if (result == ERROR_SUCCESS)
    {
        result = write_progid(clsid, server->progid);
    }
    for (int view = 0; view < RM_REG_VIEW_COUNT && result == ERROR_SUCCESS; view++)
    {
        if (rm_reg_has_view((enum rm_reg_view)view))
        {
            result = enable_view(hooks, clsid, (enum rm_reg_view)view, dlls->paths[view]);
        }
    }
    return result;
}

enum rm_status rm_hooks_enable(const struct rm_hooks *hooks, const struct rm_server_config *server,
                               bool *was_enabled, struct rm_config_error *error)
{
    *was_enabled = false;
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    struct rm_hooks_dlls dlls;
    uint8_t *bytes = NULL;
    size_t size = 0;
    enum rm_status status = rm_server_check(server, error);
    if (status == RM_OK)
    {
        status = rm_hooks_find_class(hooks, server, clsid, error);
    }
    if (status == RM_OK)
    {
        status = rm_hooks_check_instance(hooks, server, clsid, error);
    }
    if (status == RM_OK)
    {
        status = rm_hooks_find_dlls(hooks, &dlls, error);
    }
    if (status == RM_OK)
    {
        status = compile(hooks, server, clsid, &bytes, &size, error);
    }
    if (status != RM_OK)
    {
        return status;
    }
    struct rm_hook_info before;
    rm_hooks_query_class(clsid, &before);
    LSTATUS result = enable_all(hooks, server, clsid, &dlls, bytes, size);
    free(bytes);
    if (result != ERROR_SUCCESS)
    {
        status = rm_hooks_fail_registry(error, result, "hooking the server's class");
        if (before.state == RM_HOOK_OFF && undo_views(hooks, clsid) == ERROR_SUCCESS)
        {
            rm_snapshot_remove(clsid);
            drop_empty_keys(clsid);
        }
        return status;
    }
    rm_hooks_tell_bitness(hooks, &dlls);
    *was_enabled = before.state == RM_HOOK_ON;
    return RM_OK;
}

enum rm_status rm_hooks_disable(const struct rm_hooks *hooks, const char *name, bool *was_enabled,
                                struct rm_config_error *error)
{
    *was_enabled = false;
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    if (!rm_hooks_find_enabled(name, clsid))
    {
        return RM_OK;
    }
    struct rm_hook_info before;
    rm_hooks_query_class(clsid, &before);
    LSTATUS result = undo_views(hooks, clsid);
    if (result == ERROR_SUCCESS)
    {
        result = rm_orders_remove(clsid);
    }
    if (result == ERROR_SUCCESS)
    {
        result = rm_snapshot_remove(clsid);
    }
    if (result != ERROR_SUCCESS)
    {
        return rm_hooks_fail_registry(error, result, "taking the hook out");
    }
    drop_empty_keys(clsid);
    *was_enabled = before.state != RM_HOOK_OFF;
    return RM_OK;
}

enum rm_status rm_hooks_update(const struct rm_hooks *hooks, const struct rm_server_config *server,
                               bool *was_enabled, struct rm_config_error *error)
{
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct rm_hook_info info = {.state = RM_HOOK_OFF};
    if (rm_hooks_find_enabled(server->progid, clsid))
    {
        rm_hooks_query_class(clsid, &info);
    }
    *was_enabled = info.state != RM_HOOK_OFF;
    if (!*was_enabled)
    {
        return RM_OK;
    }
    enum rm_status status = compile(hooks, server, clsid, &bytes, &size, error);
    if (status != RM_OK)
    {
        return status;
    }
    LSTATUS result = store_settings(clsid, server, bytes, size);
    free(bytes);
    return result == ERROR_SUCCESS
               ? RM_OK
               : rm_hooks_fail_registry(error, result, "giving the settings to the clients");
}
