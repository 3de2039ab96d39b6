#include <windows.h>
#include <string.h>
#include <wctype.h>

#include <hooks/class_info.h>
#include <hooks/registry.h>

#define CLASSES L"SOFTWARE\\Classes"

bool rm_class_normalize(const wchar_t *text, wchar_t clsid[RM_CLASS_TEXT_MAX])
{
    static const char form[] = "{xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx}";
    clsid[0] = L'\0';
    if (wcslen(text) != sizeof form - 1)
    {
        return false;
    }
    for (size_t i = 0; i < sizeof form - 1; i++)
    {
        bool is_right =
            form[i] == 'x' ? text[i] < 0x80 && iswxdigit(text[i]) : text[i] == (wchar_t)form[i];
        if (!is_right)
        {
            clsid[0] = L'\0';
            return false;
        }
        clsid[i] = (wchar_t)towupper(text[i]);
    }
    clsid[sizeof form - 1] = L'\0';
    return true;
}

static bool find_directly(const wchar_t *progid, wchar_t clsid[RM_CLASS_TEXT_MAX])
{
    for (int view = 0; view < RM_REG_VIEW_COUNT; view++)
    {
        wchar_t path[RM_REG_PATH_MAX];
        wchar_t text[RM_CLASS_TEXT_MAX + 1];
        if (rm_reg_has_view((enum rm_reg_view)view) &&
            rm_reg_path(path, CLASSES, progid, L"CLSID") &&
            rm_reg_read_text((enum rm_reg_view)view, path, NULL, text, RM_CLASS_TEXT_MAX + 1) &&
            rm_class_normalize(text, clsid))
        {
            return true;
        }
    }
    clsid[0] = L'\0';
    return false;
}

bool rm_class_find(const wchar_t *progid, wchar_t clsid[RM_CLASS_TEXT_MAX])
{
    clsid[0] = L'\0';
    /* A backslash would lead to another key than the ProgID's. */
    if (*progid == L'\0' || wcschr(progid, L'\\') != NULL)
    {
        return false;
    }
    if (find_directly(progid, clsid))
    {
        return true;
    }
    wchar_t path[RM_REG_PATH_MAX];
    wchar_t present[RM_REG_PATH_MAX];
    for (int view = 0; view < RM_REG_VIEW_COUNT; view++)
    {
        if (rm_reg_has_view((enum rm_reg_view)view) &&
            rm_reg_path(path, CLASSES, progid, L"CurVer") &&
            rm_reg_read_text((enum rm_reg_view)view, path, NULL, present, RM_REG_PATH_MAX) &&
            wcschr(present, L'\\') == NULL && find_directly(present, clsid))
        {
            return true;
        }
    }
    return false;
}

static bool names_file(wchar_t *command, const wchar_t *file)
{
    return wcsstr(_wcslwr(command), file) != NULL;
}

/* A server that runs as a Windows service may have no LocalServer32, only an AppID that says so. */
static bool is_service(enum rm_reg_view view, const wchar_t *class_path)
{
    wchar_t text[RM_CLASS_TEXT_MAX + 1];
    wchar_t appid[RM_CLASS_TEXT_MAX];
    wchar_t path[RM_REG_PATH_MAX];
    wchar_t service[256];
    return rm_reg_read_text(view, class_path, L"AppID", text, RM_CLASS_TEXT_MAX + 1) &&
           rm_class_normalize(text, appid) && rm_reg_path(path, CLASSES L"\\AppID", appid, NULL) &&
           rm_reg_read_text(view, path, L"LocalService", service, 256) && service[0] != L'\0';
}

static enum rm_class_kind kind_in_view(enum rm_reg_view view, const wchar_t *clsid)
{
    wchar_t class_path[RM_REG_PATH_MAX];
    wchar_t path[RM_REG_PATH_MAX];
    wchar_t command[1024];
    rm_reg_path(class_path, CLASSES L"\\CLSID", clsid, NULL);
    if (!rm_reg_exists(view, class_path))
    {
        return RM_CLASS_MISSING;
    }
    rm_reg_path(path, class_path, L"InprocServer32", NULL);
    if (rm_reg_read_text(view, path, NULL, command, 1024) && names_file(command, L"opcda_ps.dll"))
    {
        return RM_CLASS_OURS;
    }
    rm_reg_path(path, class_path, L"LocalServer32", NULL);
    if (rm_reg_read_text(view, path, NULL, command, 1024) && command[0] != L'\0')
    {
        return names_file(command, L"rmhost.exe") ? RM_CLASS_OURS : RM_CLASS_LOCAL;
    }
    return is_service(view, class_path) ? RM_CLASS_LOCAL : RM_CLASS_IN_PROCESS;
}

enum rm_class_kind rm_class_kind(const wchar_t *clsid)
{
    enum rm_class_kind best = RM_CLASS_MISSING;
    for (int view = 0; view < RM_REG_VIEW_COUNT; view++)
    {
        if (!rm_reg_has_view((enum rm_reg_view)view))
        {
            continue;
        }
        enum rm_class_kind kind = kind_in_view((enum rm_reg_view)view, clsid);
        if (kind == RM_CLASS_OURS)
        {
            return kind;
        }
        if (kind == RM_CLASS_LOCAL || best == RM_CLASS_MISSING)
        {
            best = kind;
        }
    }
    return best;
}
