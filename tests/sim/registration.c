#include "registration.h"
#include "storedoptions.h"
#include "text.h"

#include <opc/opcguids.h>

#include <comcat.h>
#include <ctype.h>
#include <objbase.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define CLASSES L"SOFTWARE\\Classes\\"
#define VENDOR  L"RedundancyMaster simulation"

#define CLASS_PATH_MAX 80
#define COMMAND_MAX    260 /* without " -Embedding", which COM appends */

static const REGSAM views[] = {KEY_WOW64_64KEY, KEY_WOW64_32KEY};

struct names
{
    wchar_t prog_id[64];
    wchar_t plain_prog_id[64]; /* without the version */
    wchar_t description[80];
    wchar_t clsid[40];
    wchar_t app_id[40];
};

/* A GUID that is a function of the text: 128 bits of FNV-1a, marked as such a one (version 8). */
static GUID guid_of(const char *kind, const char *machine)
{
    uint64_t hash[2] = {UINT64_C(0xCBF29CE484222325), UINT64_C(0x84222325CBF29CE4)};
    char text[80];
    snprintf(text, sizeof(text), "rmsim %s %s", kind, machine);
    for (const char *c = text; *c != '\0'; c++)
    {
        for (int i = 0; i < 2; i++)
        {
            hash[i] ^= (uint64_t)toupper((unsigned char)*c) + (uint64_t)i * 0x100;
            hash[i] *= UINT64_C(0x100000001B3);
        }
    }
    GUID guid;
    memcpy(&guid, hash, sizeof(guid));
    guid.Data3 = (unsigned short)((guid.Data3 & 0x0FFF) | 0x8000);
    guid.Data4[0] = (unsigned char)((guid.Data4[0] & 0x3F) | 0x80);
    return guid;
}

CLSID sim_registration_clsid(const char *machine)
{
    return guid_of("class", machine);
}

static void make_names(const char *machine, struct names *names)
{
    CLSID clsid = sim_registration_clsid(machine);
    GUID app_id = guid_of("application", machine);
    _snwprintf(names->prog_id, 64, L"RMSim.%hs.1", machine);
    _snwprintf(names->plain_prog_id, 64, L"RMSim.%hs", machine);
    _snwprintf(names->description, 80, L"RMSim %hs - simulated OPC server", machine);
    StringFromGUID2(&clsid, names->clsid, 40);
    StringFromGUID2(&app_id, names->app_id, 40);
}

/* Below HKEY_LOCAL_MACHINE. */
static void class_path(const struct names *names, wchar_t *path)
{
    _snwprintf(path, CLASS_PATH_MAX, CLASSES L"CLSID\\%ls", names->clsid);
}

/* `path` below SOFTWARE\Classes; `name` NULL: the key's own value; `value` NULL: the key only. */
static bool set(REGSAM view, const wchar_t *path, const wchar_t *name, const wchar_t *value)
{
    wchar_t full[512];
    HKEY key;
    _snwprintf(full, 512, L"%ls%ls", CLASSES, path);
    LSTATUS status =
        RegCreateKeyExW(HKEY_LOCAL_MACHINE, full, 0, NULL, 0, KEY_WRITE | view, NULL, &key, NULL);
    if (status == ERROR_SUCCESS)
    {
        if (value != NULL)
        {
            status = RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)value,
                                    (DWORD)((wcslen(value) + 1) * sizeof(*value)));
        }
        RegCloseKey(key);
    }
    if (status != ERROR_SUCCESS)
    {
        sim_text_error("HKLM\\%ls can't be written (error %ld)", full, status);
    }
    return status == ERROR_SUCCESS;
}

static void remove_tree(REGSAM view, const wchar_t *path)
{
    wchar_t full[512];
    HKEY key;
    _snwprintf(full, 512, L"%ls%ls", CLASSES, path);
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, full, 0, KEY_ALL_ACCESS | view, &key) == ERROR_SUCCESS)
    {
        RegDeleteTreeW(key, NULL);
        RegCloseKey(key);
        RegDeleteKeyExW(HKEY_LOCAL_MACHINE, full, view, 0);
    }
}

static bool write_prog_ids(REGSAM view, const struct names *names)
{
    wchar_t path[200];
    bool is_set = set(view, names->prog_id, NULL, names->description) &&
                  set(view, names->plain_prog_id, NULL, names->description);
    _snwprintf(path, 200, L"%ls\\CLSID", names->prog_id);
    is_set = is_set && set(view, path, NULL, names->clsid);
    _snwprintf(path, 200, L"%ls\\OPC", names->prog_id);
    is_set = is_set && set(view, path, NULL, NULL);
    _snwprintf(path, 200, L"%ls\\OPC\\Vendor", names->prog_id);
    is_set = is_set && set(view, path, NULL, VENDOR);
    _snwprintf(path, 200, L"%ls\\CLSID", names->plain_prog_id);
    is_set = is_set && set(view, path, NULL, names->clsid);
    _snwprintf(path, 200, L"%ls\\CurVer", names->plain_prog_id);
    return is_set && set(view, path, NULL, names->prog_id);
}

struct category
{
    const CATID *id;
    const wchar_t *text;
    bool is_offered[SIM_DA_3_ONLY + 1]; /* by a server of that enum sim_da */
};

static const struct category categories[] = {
    {&CATID_OPCDAServer10, L"OPC Data Access Servers Version 1.0", {true, true, false}},
    {&CATID_OPCDAServer20, L"OPC Data Access Servers Version 2.0", {true, true, false}},
    {&CATID_OPCDAServer30, L"OPC Data Access Servers Version 3.0", {false, true, true}},
};

#define CATEGORY_COUNT 3

/* Beside ICatRegister, which reaches only the view of this program's own bitness. */
static bool write_categories(REGSAM view, const struct names *names, enum sim_da da)
{
    bool is_set = true;
    wchar_t path[200];
    _snwprintf(path, 200, L"CLSID\\%ls\\Implemented Categories", names->clsid);
    remove_tree(view, path); /* registered before, perhaps as a server of another version */
    for (int i = 0; i < CATEGORY_COUNT && is_set; i++)
    {
        wchar_t category[40];
        if (!categories[i].is_offered[da])
        {
            continue;
        }
        StringFromGUID2(categories[i].id, category, 40);
        _snwprintf(path, 200, L"Component Categories\\%ls", category);
        is_set = set(view, path, L"409", categories[i].text);
        _snwprintf(path, 200, L"CLSID\\%ls\\Implemented Categories\\%ls", names->clsid, category);
        is_set = is_set && set(view, path, NULL, NULL);
    }
    return is_set;
}

static bool write_class(REGSAM view, const struct names *names, const wchar_t *command)
{
    wchar_t path[200];
    _snwprintf(path, 200, L"CLSID\\%ls", names->clsid);
    bool is_set =
        set(view, path, NULL, names->description) && set(view, path, L"AppID", names->app_id);
    _snwprintf(path, 200, L"CLSID\\%ls\\ProgID", names->clsid);
    is_set = is_set && set(view, path, NULL, names->prog_id);
    _snwprintf(path, 200, L"CLSID\\%ls\\VersionIndependentProgID", names->clsid);
    is_set = is_set && set(view, path, NULL, names->plain_prog_id);
    _snwprintf(path, 200, L"CLSID\\%ls\\LocalServer32", names->clsid);
    is_set = is_set && set(view, path, NULL, command);
    _snwprintf(path, 200, L"AppID\\%ls", names->app_id);
    return is_set && set(view, path, NULL, names->description);
}

static bool register_categories(const char *machine, enum sim_da da)
{
    CLSID clsid = sim_registration_clsid(machine);
    CATEGORYINFO infos[CATEGORY_COUNT];
    CATID ids[CATEGORY_COUNT];
    ULONG count = 0;
    for (int i = 0; i < CATEGORY_COUNT; i++)
    {
        if (categories[i].is_offered[da])
        {
            ids[count] = *categories[i].id;
            infos[count].catid = ids[count];
            infos[count].lcid = 0x409;
            wcscpy(infos[count].szDescription, categories[i].text);
            count++;
        }
    }
    void *object = NULL;
    HRESULT result = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (SUCCEEDED(result))
    {
        result = CoCreateInstance(&CLSID_StdComponentCategoriesMgr, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_ICatRegister, &object);
        ICatRegister *catalogue = object;
        if (SUCCEEDED(result))
        {
            result = ICatRegister_RegisterCategories(catalogue, count, infos);
            if (SUCCEEDED(result))
            {
                result = ICatRegister_RegisterClassImplCategories(catalogue, &clsid, count, ids);
            }
            ICatRegister_Release(catalogue);
        }
        CoUninitialize();
    }
    if (FAILED(result))
    {
        sim_text_error("the categories can't be registered (0x%08lx)", (unsigned long)result);
    }
    return SUCCEEDED(result);
}

static bool make_command(const char *machine, wchar_t *command)
{
    wchar_t program[COMMAND_MAX + 1] = L"";
    DWORD length = GetModuleFileNameW(NULL, program, COMMAND_MAX + 1);
    int written = _snwprintf(command, COMMAND_MAX + 1, L"\"%ls\" --name %hs", program, machine);
    if (length > COMMAND_MAX || written < 0 || written > COMMAND_MAX)
    {
        sim_text_error("the path of rmsim is too long: COM starts no command line of more than %d "
                       "characters",
                       COMMAND_MAX);
        return false;
    }
    return true;
}

bool sim_registration_add(const char *machine, enum sim_da da, int option_count,
                          wchar_t *const *options)
{
    struct names names;
    wchar_t command[COMMAND_MAX + 1];
    wchar_t path[CLASS_PATH_MAX];
    make_names(machine, &names);
    class_path(&names, path);
    bool is_written = make_command(machine, command);
    for (int i = 0; i < 2 && is_written; i++)
    {
        is_written = write_prog_ids(views[i], &names) && write_class(views[i], &names, command) &&
                     sim_stored_options_write(views[i], path, option_count, options) &&
                     write_categories(views[i], &names, da);
    }
    return is_written && register_categories(machine, da);
}

bool sim_registration_options(int count, wchar_t *const *arguments, struct sim_options *options)
{
    struct names names;
    wchar_t path[CLASS_PATH_MAX];
    make_names(options->name, &names);
    class_path(&names, path);
    return sim_stored_options_parse(path, count, arguments, options);
}

bool sim_registration_exists(const char *machine)
{
    struct names names;
    CLSID clsid;
    make_names(machine, &names);
    return SUCCEEDED(CLSIDFromProgID(names.prog_id, &clsid));
}

bool sim_registration_remove(const char *machine)
{
    struct names names;
    wchar_t path[200];
    make_names(machine, &names);
    for (int i = 0; i < 2; i++)
    {
        remove_tree(views[i], names.prog_id);
        remove_tree(views[i], names.plain_prog_id);
        _snwprintf(path, 200, L"CLSID\\%ls", names.clsid);
        remove_tree(views[i], path);
        _snwprintf(path, 200, L"AppID\\%ls", names.app_id);
        remove_tree(views[i], path);
    }
    if (sim_registration_exists(machine))
    {
        sim_text_error("%ls can't be removed", names.prog_id);
        return false;
    }
    return true;
}
