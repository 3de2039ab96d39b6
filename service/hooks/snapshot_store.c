#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/snapshot.h>

#include <hooks/snapshot_store.h>
#include <hooks/wide.h>

static bool replace_text(char **text, const char *with)
{
    size_t size = strlen(with) + 1;
    char *copy = malloc(size);
    if (copy == NULL)
    {
        return false;
    }
    memcpy(copy, with, size);
    free(*text);
    *text = copy;
    return true;
}

static bool is_this_computer(const char *host)
{
    char name[MAX_COMPUTERNAME_LENGTH * 3 + 1] = "";
    wchar_t wide[MAX_COMPUTERNAME_LENGTH + 1];
    DWORD length = MAX_COMPUTERNAME_LENGTH + 1;
    if (GetComputerNameW(wide, &length))
    {
        rm_utf8_from_wide(wide, name, sizeof name);
    }
    return _stricmp(host, "localhost") == 0 || strcmp(host, "127.0.0.1") == 0 ||
           strcmp(host, ".") == 0 || (name[0] != '\0' && _stricmp(host, name) == 0);
}

/* False: no memory. */
static bool fill_machine(const struct rm_hooks *hooks, struct rm_server_config *server,
                         unsigned number)
{
    struct rm_machine_config *machine = &server->machines[number - 1];
    const char *progid = rm_server_machine_progid(server, number);
    wchar_t wide[RM_PROGID_MAX + 1];
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    if (machine->clsid[0] != '\0')
    {
        return true;
    }
    if (_stricmp(progid, server->progid) == 0)
    {
        return replace_text(&machine->clsid, server->clsid);
    }
    if (rm_wide_from_utf8(progid, wide, RM_PROGID_MAX + 1) && rm_class_find(wide, clsid))
    {
        char text[RM_CLSID_TEXT_SIZE];
        return rm_utf8_from_wide(clsid, text, sizeof text) && replace_text(&machine->clsid, text);
    }
    if (hooks != NULL)
    {
        rm_hooks_tell(
            hooks,
            is_this_computer(machine->host)
                ? "Machine %u ('%s'): no OPC server is registered as '%s' on this computer."
                  " Install it, or correct the ProgID."
                : "Machine %u ('%s'): '%s' isn't registered on this computer, so its class"
                  " is looked up on that machine. If that fails, give its class id with"
                  " the machine.",
            number, machine->host, progid);
    }
    return true;
}

enum rm_status rm_snapshot_compile(const struct rm_hooks *hooks,
                                   const struct rm_server_config *server, const wchar_t *clsid,
                                   uint8_t **bytes_out, size_t *size_out)
{
    *bytes_out = NULL;
    *size_out = 0;
    char text[RM_CLSID_TEXT_SIZE];
    struct rm_server_config *copy = rm_server_config_copy(server);
    bool has_memory = copy != NULL && rm_utf8_from_wide(clsid, text, sizeof text) &&
                      replace_text(&copy->clsid, text);
    for (unsigned number = 1; has_memory && number <= copy->machine_count; number++)
    {
        has_memory = fill_machine(hooks, copy, number);
    }
    enum rm_status status =
        has_memory ? rm_snapshot_encode(copy, bytes_out, size_out) : RM_E_NO_MEMORY;
    if (copy != NULL)
    {
        rm_server_config_free(copy);
    }
    return status;
}

LSTATUS rm_snapshot_store(const wchar_t *clsid, const uint8_t *bytes, size_t size)
{
    HKEY key;
    LSTATUS result = rm_reg_create(RM_REG_VIEW_64, RM_SNAPSHOT_PATH, &key);
    if (result == ERROR_SUCCESS)
    {
        result = RegSetValueExW(key, clsid, 0, REG_BINARY, bytes, (DWORD)size);
        RegCloseKey(key);
    }
    return result;
}

LSTATUS rm_snapshot_load(const wchar_t *clsid, struct rm_reg_value *value)
{
    *value = (struct rm_reg_value){false, 0, 0, NULL};
    HKEY key;
    LSTATUS result = rm_reg_open(RM_REG_VIEW_64, RM_SNAPSHOT_PATH, KEY_READ, &key);
    if (result == ERROR_SUCCESS)
    {
        result = rm_reg_read(key, clsid, value);
        RegCloseKey(key);
    }
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}

LSTATUS rm_snapshot_remove(const wchar_t *clsid)
{
    HKEY key;
    LSTATUS result = rm_reg_open(RM_REG_VIEW_64, RM_SNAPSHOT_PATH, KEY_READ | KEY_WRITE, &key);
    if (result == ERROR_SUCCESS)
    {
        result = RegDeleteValueW(key, clsid);
        RegCloseKey(key);
    }
    rm_reg_delete_if_empty(RM_REG_VIEW_64, RM_SNAPSHOT_PATH);
    rm_reg_delete_if_empty(RM_REG_VIEW_64, RM_REG_ROOT);
    return result == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : result;
}
