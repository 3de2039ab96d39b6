#include "leak.h"

#include <windows.h>

#define LATE_MS   300
#define UNUSED_MS 20000 /* threads of pools end when they were idle for 5 s */

void leak_begin(struct meter *before)
{
    meter_read(before);
}

static long least(const struct leak *leak, long known, size_t after, size_t before)
{
    long left = (long)after - (long)before;
    return leak->runs == 0 || left < known ? left : known;
}

static bool is_more(const struct meter *after, const struct meter *before)
{
    return after->handles > before->handles || after->blocks > before->blocks;
}

void leak_end(struct leak *leak, const struct meter *before, void (*pause)(void))
{
    struct meter after;
    DWORD start = GetTickCount();
    meter_read(&after);
    while (is_more(&after, before) && GetTickCount() - start < LATE_MS)
    {
        pause();
        meter_read(&after);
    }
    leak->handles = least(leak, leak->handles, after.handles, before->handles);
    leak->blocks = least(leak, leak->blocks, after.blocks, before->blocks);
    leak->bytes = least(leak, leak->bytes, after.bytes, before->bytes);
    leak->runs++;
}

bool leak_is_likely(const struct leak *leak)
{
    return leak->handles > 0 || leak->blocks > 0;
}

bool leak_is_more(const struct leak *leak, const struct leak *other)
{
    long handles = other->handles > 0 ? other->handles : 0;
    long blocks = other->blocks > 0 ? other->blocks : 0;
    return leak->handles > handles || leak->blocks > blocks;
}

bool leak_is_module_unused(void (*pause)(void))
{
    typedef HRESULT(STDAPICALLTYPE * can_unload_now)(void);
    HMODULE module = GetModuleHandleW(L"redundancymaster.dll");
    if (module == NULL)
    {
        return true;
    }
    can_unload_now ask = (can_unload_now)(void (*)(void))GetProcAddress(module, "DllCanUnloadNow");
    DWORD start = GetTickCount();
    while (ask() != S_OK && GetTickCount() - start < UNUSED_MS)
    {
        pause();
    }
    return ask() == S_OK;
}
