#include <string.h>
#include <wchar.h>

#include <hooks/dll_file.h>
#include <hooks/hook_record.h>
#include <hooks/hook_view.h>
#include <hooks/wide.h>

static const wchar_t both[] = L"Both";

static void class_key_path(const wchar_t *clsid, wchar_t path[RM_REG_PATH_MAX])
{
    rm_reg_path(path, L"SOFTWARE\\Classes\\CLSID", clsid, NULL);
}

void rm_hook_view_key(const wchar_t *clsid, wchar_t path[RM_REG_PATH_MAX])
{
    rm_reg_path(path, L"SOFTWARE\\Classes\\CLSID", clsid, L"InprocServer32");
}

/* The two values as they are now; none where the key isn't there. */
static LSTATUS read_present(const wchar_t *clsid, enum rm_reg_view view, bool *exists,
                            struct rm_reg_value *dll, struct rm_reg_value *model)
{
    *exists = false;
    *dll = *model = (struct rm_reg_value){false, 0, 0, NULL};
    wchar_t path[RM_REG_PATH_MAX];
    rm_hook_view_key(clsid, path);
    HKEY key;
    LSTATUS result = rm_reg_open(view, path, KEY_READ, &key);
    if (result != ERROR_SUCCESS)
    {
        return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
    }
    *exists = true;
    result = rm_reg_read(key, NULL, dll);
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_read(key, RM_HOOK_MODEL_NAME, model);
    }
    RegCloseKey(key);
    if (result != ERROR_SUCCESS)
    {
        rm_reg_value_clear(dll);
    }
    return result;
}

enum rm_hook_view_state rm_hook_view_state(const wchar_t *clsid, enum rm_reg_view view,
                                           wchar_t *dll)
{
    if (dll != NULL)
    {
        dll[0] = L'\0';
    }
    struct rm_hook_record record;
    if (rm_hook_record_read(clsid, view, &record) != ERROR_SUCCESS)
    {
        return RM_HOOK_VIEW_OFF;
    }
    enum rm_hook_view_state state = RM_HOOK_VIEW_OFF;
    if (record.is_complete)
    {
        bool exists;
        struct rm_reg_value now, model;
        struct rm_reg_value ours = rm_reg_text_value(record.dll);
        struct rm_reg_value ours_model = rm_reg_text_value(both);
        read_present(clsid, view, &exists, &now, &model);
        state = rm_reg_value_equal(&now, &ours) && rm_reg_value_equal(&model, &ours_model)
                    ? RM_HOOK_VIEW_ON
                    : RM_HOOK_VIEW_CHANGED;
        rm_reg_value_clear(&now);
        rm_reg_value_clear(&model);
        if (dll != NULL)
        {
            wcscpy(dll, record.dll);
        }
    }
    rm_hook_record_clear(&record);
    return state;
}

static bool is_our_dll(const struct rm_reg_value *value)
{
    wchar_t text[MAX_PATH] = L"";
    size_t length = value->size_bytes / sizeof(wchar_t);
    if (!value->exists || value->type != REG_SZ || length >= MAX_PATH)
    {
        return false;
    }
    memcpy(text, value->bytes, length * sizeof(wchar_t));
    const wchar_t *slash = wcsrchr(text, L'\\');
    return rm_wide_equal(slash != NULL ? slash + 1 : text, RM_DLL_NAME);
}

LSTATUS rm_hook_view_record(const wchar_t *clsid, enum rm_reg_view view, const wchar_t *dll,
                            bool *was_orphan)
{
    *was_orphan = false;
    struct rm_hook_record record = {0};
    wchar_t path[RM_REG_PATH_MAX];
    class_key_path(clsid, path);
    record.class_key_existed = rm_reg_exists(view, path);
    if (wcslen(dll) >= MAX_PATH)
    {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    wcscpy(record.dll, dll);
    LSTATUS result =
        read_present(clsid, view, &record.key_existed, &record.before_dll, &record.before_model);
    if (result != ERROR_SUCCESS)
    {
        return result;
    }
    if (is_our_dll(&record.before_dll))
    {
        *was_orphan = true;
        record.key_existed = false;
        rm_hook_record_clear(&record);
    }
    result = rm_hook_record_write(clsid, view, &record);
    rm_hook_record_clear(&record);
    return result;
}

LSTATUS rm_hook_view_write(const wchar_t *clsid, enum rm_reg_view view)
{
    struct rm_hook_record record;
    LSTATUS result = rm_hook_record_read(clsid, view, &record);
    if (result != ERROR_SUCCESS || !record.is_complete)
    {
        return result != ERROR_SUCCESS ? result : ERROR_INVALID_STATE;
    }
    wchar_t path[RM_REG_PATH_MAX];
    rm_hook_view_key(clsid, path);
    HKEY key;
    result = rm_reg_create(view, path, &key);
    if (result == ERROR_SUCCESS)
    {
        /* The path comes last: from then on clients get our DLL, with the right model. */
        result = rm_reg_write_text(key, RM_HOOK_MODEL_NAME, both);
        if (result == ERROR_SUCCESS)
        {
            result = rm_reg_write_text(key, NULL, record.dll);
        }
        RegCloseKey(key);
    }
    rm_hook_record_clear(&record);
    return result;
}

static LSTATUS restore_values(const wchar_t *clsid, enum rm_reg_view view,
                              const struct rm_hook_record *record,
                              const struct rm_reg_value *model_now)
{
    wchar_t path[RM_REG_PATH_MAX];
    rm_hook_view_key(clsid, path);
    HKEY key;
    LSTATUS result = rm_reg_open(view, path, KEY_READ | KEY_WRITE, &key);
    if (result != ERROR_SUCCESS)
    {
        return result;
    }
    struct rm_reg_value ours_model = rm_reg_text_value(both);
    result = rm_reg_write(key, NULL, &record->before_dll);
    if (result == ERROR_SUCCESS && rm_reg_value_equal(model_now, &ours_model))
    {
        result = rm_reg_write(key, RM_HOOK_MODEL_NAME, &record->before_model);
    }
    RegCloseKey(key);
    return result;
}

static LSTATUS undo_complete(const wchar_t *clsid, enum rm_reg_view view,
                             const struct rm_hook_record *record, enum rm_hook_undone *undone)
{
    bool exists;
    struct rm_reg_value dll, model;
    LSTATUS result = read_present(clsid, view, &exists, &dll, &model);
    if (result != ERROR_SUCCESS)
    {
        return result;
    }
    struct rm_reg_value ours = rm_reg_text_value(record->dll);
    bool is_ours = exists && rm_reg_value_equal(&dll, &ours);
    bool is_as_it_was = rm_reg_value_equal(&dll, &record->before_dll);
    *undone = is_ours ? RM_HOOK_UNDONE_RESTORED : RM_HOOK_UNDONE_NOTHING;
    if (!is_ours && !is_as_it_was)
    {
        *undone = RM_HOOK_UNDONE_THEIRS;
    }
    else if (exists)
    {
        result = restore_values(clsid, view, record, &model);
    }
    rm_reg_value_clear(&dll);
    rm_reg_value_clear(&model);
    if (result != ERROR_SUCCESS || *undone == RM_HOOK_UNDONE_THEIRS)
    {
        return result;
    }
    wchar_t path[RM_REG_PATH_MAX];
    rm_hook_view_key(clsid, path);
    bool is_clean = record->key_existed || rm_reg_delete_if_empty(view, path);
    class_key_path(clsid, path);
    is_clean = (record->class_key_existed || rm_reg_delete_if_empty(view, path)) && is_clean;
    if (!is_clean)
    {
        *undone = RM_HOOK_UNDONE_PARTLY;
    }
    return ERROR_SUCCESS;
}

LSTATUS rm_hook_view_undo(const wchar_t *clsid, enum rm_reg_view view, enum rm_hook_undone *undone)
{
    *undone = RM_HOOK_UNDONE_NOTHING;
    struct rm_hook_record record;
    LSTATUS result = rm_hook_record_read(clsid, view, &record);
    if (result == ERROR_SUCCESS && record.is_complete)
    {
        result = undo_complete(clsid, view, &record, undone);
    }
    rm_hook_record_clear(&record);
    if (result != ERROR_SUCCESS)
    {
        return result;
    }
    return rm_hook_record_remove(clsid, view);
}
