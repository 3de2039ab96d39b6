#include <stdarg.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "fake_class.h"

static void set_text(enum rm_reg_view view, const wchar_t *path, const wchar_t *text)
{
    HKEY key;
    assert_int_equal(rm_reg_create(view, path, &key), ERROR_SUCCESS);
    assert_int_equal(rm_reg_write_text(key, NULL, text), ERROR_SUCCESS);
    RegCloseKey(key);
}

void fake_register(enum rm_reg_view view, const wchar_t *progid, const wchar_t *clsid)
{
    wchar_t path[RM_REG_PATH_MAX];
    rm_reg_path(path, L"SOFTWARE\\Classes", progid, L"CLSID");
    set_text(view, path, clsid);
    rm_reg_path(path, L"SOFTWARE\\Classes\\CLSID", clsid, NULL);
    set_text(view, path, progid);
    rm_reg_path(path, L"SOFTWARE\\Classes\\CLSID", clsid, L"LocalServer32");
    set_text(view, path, L"\"C:\\opc\\fake.exe\" -embedding");
}

void fake_set(enum rm_reg_view view, const wchar_t *clsid, const struct fake_value *value)
{
    wchar_t path[RM_REG_PATH_MAX];
    HKEY key;
    rm_reg_path(path, L"SOFTWARE\\Classes\\CLSID", clsid,
                value->key[0] != L'\0' ? value->key : NULL);
    assert_int_equal(rm_reg_create(view, path, &key), ERROR_SUCCESS);
    if (value->bytes != NULL || value->type != 0)
    {
        assert_int_equal(
            RegSetValueExW(key, value->name, 0, value->type, value->bytes, value->size_bytes),
            ERROR_SUCCESS);
    }
    RegCloseKey(key);
}

static const wchar_t *const touched[] = {
    L"SOFTWARE\\Classes\\CLSID\\" FAKE_CLSID_W, L"SOFTWARE\\Classes\\CLSID\\" OTHER_CLSID_W,
    L"SOFTWARE\\Classes\\" FAKE_PROGID_W,       L"SOFTWARE\\Classes\\RMHooksTest.Other.1",
    L"SOFTWARE\\Classes\\RMHooksTest.Old",      RM_REG_ROOT,
};

void fake_delete_all(void)
{
    for (int view = 0; view < RM_REG_VIEW_COUNT; view++)
    {
        for (size_t i = 0; i < sizeof touched / sizeof *touched; i++)
        {
            assert_int_equal(rm_reg_delete_tree((enum rm_reg_view)view, touched[i]), ERROR_SUCCESS);
        }
    }
}

struct dump
{
    char *text;
    size_t used, room;
};

__attribute__((format(printf, 2, 3))) static void add(struct dump *dump, const char *format, ...)
{
    if (dump->room - dump->used < 2048)
    {
        dump->room = dump->room * 2 + 8192;
        dump->text = realloc(dump->text, dump->room);
        assert_non_null(dump->text);
    }
    va_list arguments;
    va_start(arguments, format);
    dump->used += (size_t)vsnprintf(dump->text + dump->used, 2048, format, arguments);
    va_end(arguments);
}

static void dump_key(struct dump *dump, HKEY key, const wchar_t *path)
{
    wchar_t name[256];
    BYTE bytes[512];
    DWORD length = 256, type, size = sizeof bytes;
    add(dump, "[%ls]\n", path);
    for (DWORD i = 0;
         RegEnumValueW(key, i, name, &length, NULL, &type, bytes, &size) == ERROR_SUCCESS; i++)
    {
        add(dump, "  '%ls' type %lx:", name, type);
        for (DWORD k = 0; k < size; k++)
        {
            add(dump, " %02x", bytes[k]);
        }
        add(dump, "\n");
        length = 256;
        size = sizeof bytes;
    }
    length = 256;
    for (DWORD i = 0; RegEnumKeyExW(key, i, name, &length, NULL, NULL, NULL, NULL) == ERROR_SUCCESS;
         i++)
    {
        wchar_t child_path[RM_REG_PATH_MAX];
        HKEY child;
        rm_reg_path(child_path, path, name, NULL);
        assert_int_equal(RegOpenKeyExW(key, name, 0, KEY_READ, &child), ERROR_SUCCESS);
        dump_key(dump, child, child_path);
        RegCloseKey(child);
        length = 256;
    }
}

char *fake_dump(void)
{
    struct dump dump = {NULL, 0, 0};
    for (int i = 0; i < RM_REG_VIEW_COUNT; i++)
    {
        enum rm_reg_view view = (enum rm_reg_view)i;
        add(&dump, "%s view\n", rm_reg_view_name(view));
        for (size_t k = 0; k < sizeof touched / sizeof *touched; k++)
        {
            HKEY key;
            if (rm_reg_open(view, touched[k], KEY_READ, &key) == ERROR_SUCCESS)
            {
                dump_key(&dump, key, touched[k]);
                RegCloseKey(key);
            }
        }
    }
    return dump.text;
}

static void write_image(const wchar_t *directory, WORD machine)
{
    struct
    {
        IMAGE_DOS_HEADER dos;
        DWORD signature;
        IMAGE_FILE_HEADER file;
    } image = {0};
    image.dos.e_magic = IMAGE_DOS_SIGNATURE;
    image.dos.e_lfanew = sizeof image.dos;
    image.signature = IMAGE_NT_SIGNATURE;
    image.file.Machine = machine;
    wchar_t path[MAX_PATH];
    DWORD written;
    wcscpy(path, directory);
    CreateDirectoryW(path, NULL);
    wcscat(path, L"\\redundancymaster.dll");
    HANDLE file = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
    assert_ptr_not_equal(file, INVALID_HANDLE_VALUE);
    assert_true(WriteFile(file, &image, sizeof image, &written, NULL));
    CloseHandle(file);
}

void fake_dlls(const wchar_t *directory, bool has_64, bool has_32)
{
    wchar_t x86[MAX_PATH], path[MAX_PATH];
    CreateDirectoryW(directory, NULL);
    wcscpy(x86, directory);
    wcscat(x86, L"\\x86");
    wcscpy(path, directory);
    wcscat(path, L"\\redundancymaster.dll");
    DeleteFileW(path);
    wcscpy(path, x86);
    wcscat(path, L"\\redundancymaster.dll");
    DeleteFileW(path);
    if (has_64)
    {
        write_image(directory, IMAGE_FILE_MACHINE_AMD64);
    }
    if (has_32)
    {
        write_image(x86, IMAGE_FILE_MACHINE_I386);
    }
}
