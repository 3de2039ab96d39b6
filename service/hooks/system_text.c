#include <hooks/system_text.h>

bool rm_system_text(DWORD code, wchar_t *text, size_t capacity)
{
    DWORD length = FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, NULL,
                                  code, 0, text, (DWORD)capacity, NULL);
    while (length > 0 && (text[length - 1] <= L' ' || text[length - 1] == L'.'))
    {
        length--;
    }
    text[length] = L'\0';
    return length > 0;
}
