#include <windows.h>

#include <hooks/wide.h>

bool rm_wide_from_utf8(const char *text, wchar_t *wide, size_t capacity)
{
    wide[0] = L'\0';
    if (MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, text, -1, wide, (int)capacity) > 0)
    {
        return true;
    }
    wide[0] = L'\0';
    return false;
}

bool rm_utf8_from_wide(const wchar_t *wide, char *text, size_t capacity)
{
    text[0] = '\0';
    if (WideCharToMultiByte(CP_UTF8, 0, wide, -1, text, (int)capacity, NULL, NULL) > 0)
    {
        return true;
    }
    text[0] = '\0';
    return false;
}

bool rm_wide_equal(const wchar_t *a, const wchar_t *b)
{
    return CompareStringOrdinal(a, -1, b, -1, TRUE) == CSTR_EQUAL;
}
