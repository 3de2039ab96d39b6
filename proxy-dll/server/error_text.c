#include "module/memory.h"
#include "server/server_methods.h"

HRESULT rm_error_text(HRESULT code, LCID lcid, WCHAR **text_out)
{
    const DWORD flags = FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS;
    WCHAR buffer[512];
    DWORD length = FormatMessageW(flags, NULL, (DWORD)code, LANGIDFROMLCID(lcid), buffer,
                                  ARRAYSIZE(buffer), NULL);

    *text_out = NULL;
    if (!length)
        length = FormatMessageW(flags, NULL, (DWORD)code, 0, buffer, ARRAYSIZE(buffer), NULL);
    while (length && (buffer[length - 1] == L'\n' || buffer[length - 1] == L'\r'))
        length--;
    if (!length)
        return E_INVALIDARG;
    buffer[length] = 0;
    *text_out = rm_com_wcsdup(buffer);
    return *text_out ? S_OK : E_OUTOFMEMORY;
}
