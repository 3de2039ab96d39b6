#include <wchar.h>

#include <hooks/hook_record.h>

static void record_path(const wchar_t *clsid, enum rm_reg_view view, wchar_t path[RM_REG_PATH_MAX])
{
    rm_reg_path(path, RM_HOOKS_PATH, clsid, view == RM_REG_VIEW_64 ? L"64" : L"32");
}

void rm_hook_record_clear(struct rm_hook_record *record)
{
    rm_reg_value_clear(&record->before_dll);
    rm_reg_value_clear(&record->before_model);
}

LSTATUS rm_hook_record_read(const wchar_t *clsid, enum rm_reg_view view,
                            struct rm_hook_record *record)
{
    *record = (struct rm_hook_record){0};
    wchar_t path[RM_REG_PATH_MAX];
    record_path(clsid, view, path);
    HKEY key;
    LSTATUS result = rm_reg_open(RM_REG_VIEW_64, path, KEY_READ, &key);
    if (result != ERROR_SUCCESS)
    {
        return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
    }
    DWORD recorded = 0;
    DWORD number = 0;
    record->is_complete = rm_reg_read_number(key, L"Recorded", &recorded) && recorded == 1;
    record->class_key_existed = rm_reg_read_number(key, L"ClassKeyExisted", &number) && number != 0;
    record->key_existed = rm_reg_read_number(key, L"KeyExisted", &number) && number != 0;
    rm_reg_read_text(RM_REG_VIEW_64, path, L"Dll", record->dll, MAX_PATH);
    HKEY before;
    if (RegOpenKeyExW(key, L"Before", 0, KEY_READ | KEY_WOW64_64KEY, &before) == ERROR_SUCCESS)
    {
        result = rm_reg_read(before, NULL, &record->before_dll);
        if (result == ERROR_SUCCESS)
        {
            result = rm_reg_read(before, RM_HOOK_MODEL_NAME, &record->before_model);
        }
        RegCloseKey(before);
    }
    RegCloseKey(key);
    if (result != ERROR_SUCCESS)
    {
        rm_hook_record_clear(record);
    }
    return result;
}

static LSTATUS write_fields(HKEY key, const struct rm_hook_record *record)
{
    HKEY before;
    LSTATUS result =
        rm_reg_write_number(key, L"ClassKeyExisted", record->class_key_existed ? 1 : 0);
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_write_number(key, L"KeyExisted", record->key_existed ? 1 : 0);
    }
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_write_text(key, L"Dll", record->dll);
    }
    if (result == ERROR_SUCCESS)
    {
        result = RegCreateKeyExW(key, L"Before", 0, NULL, 0, KEY_WRITE | KEY_WOW64_64KEY, NULL,
                                 &before, NULL);
    }
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_write(before, NULL, &record->before_dll);
        if (result == ERROR_SUCCESS)
        {
            result = rm_reg_write(before, RM_HOOK_MODEL_NAME, &record->before_model);
        }
        RegCloseKey(before);
    }
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_write_number(key, L"Recorded", 1);
    }
    return result == ERROR_SUCCESS ? RegFlushKey(key) : result;
}

LSTATUS rm_hook_record_write(const wchar_t *clsid, enum rm_reg_view view,
                             const struct rm_hook_record *record)
{
    HKEY key = NULL;
    LSTATUS result = rm_hook_record_remove(clsid, view);
    wchar_t path[RM_REG_PATH_MAX];
    record_path(clsid, view, path);
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_create(RM_REG_VIEW_64, path, &key);
    }
    if (result == ERROR_SUCCESS)
    {
        result = write_fields(key, record);
        RegCloseKey(key);
    }
    return result;
}

LSTATUS rm_hook_record_remove(const wchar_t *clsid, enum rm_reg_view view)
{
    wchar_t path[RM_REG_PATH_MAX];
    record_path(clsid, view, path);
    return rm_reg_delete_tree(RM_REG_VIEW_64, path);
}

bool rm_hook_record_exists(const wchar_t *clsid, enum rm_reg_view view)
{
    wchar_t path[RM_REG_PATH_MAX];
    record_path(clsid, view, path);
    return rm_reg_exists(RM_REG_VIEW_64, path);
}
