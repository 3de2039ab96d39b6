#include <wchar.h>

#include <hooks/dll_file.h>

static bool read_at(HANDLE file, DWORD offset, void *bytes, DWORD size)
{
    DWORD got = 0;
    return SetFilePointer(file, (LONG)offset, NULL, FILE_BEGIN) == offset &&
           ReadFile(file, bytes, size, &got, NULL) && got == size;
}

/* The machine type in the file's header; IMAGE_FILE_MACHINE_UNKNOWN if it is no Windows program. */
static WORD machine_type(const wchar_t *path)
{
    HANDLE file = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                              OPEN_EXISTING, 0, NULL);
    if (file == INVALID_HANDLE_VALUE)
    {
        return IMAGE_FILE_MACHINE_UNKNOWN;
    }
    IMAGE_DOS_HEADER dos;
    struct
    {
        DWORD signature;
        IMAGE_FILE_HEADER file;
    } image;
    WORD machine = IMAGE_FILE_MACHINE_UNKNOWN;
    if (read_at(file, 0, &dos, sizeof dos) && dos.e_magic == IMAGE_DOS_SIGNATURE &&
        dos.e_lfanew > 0 && read_at(file, (DWORD)dos.e_lfanew, &image, sizeof image) &&
        image.signature == IMAGE_NT_SIGNATURE)
    {
        machine = image.file.Machine;
    }
    CloseHandle(file);
    return machine;
}

bool rm_dll_find(const wchar_t *directory, enum rm_reg_view view, wchar_t path[MAX_PATH])
{
    static const wchar_t *const places[] = {L"\\", L"\\x86\\"};
    WORD wanted = view == RM_REG_VIEW_64 ? IMAGE_FILE_MACHINE_AMD64 : IMAGE_FILE_MACHINE_I386;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
    {
        if (wcslen(directory) + wcslen(places[i]) + wcslen(RM_DLL_NAME) < MAX_PATH)
        {
            wcscpy(path, directory);
            wcscat(path, places[i]);
            wcscat(path, RM_DLL_NAME);
            if (machine_type(path) == wanted)
            {
                return true;
            }
        }
    }
    path[0] = L'\0';
    return false;
}
