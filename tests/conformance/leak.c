#include "leak.h"

#include <windows.h>

#define LATE_MS   300
#define UNUSED_MS 20000 /* threads of pools end when they were idle for 5 s */

void leak_begin(struct meter *before)
{
    meter_read(before);
}

static void add(struct leak *leak, enum leak_figure figure, size_t after, size_t before)
{
    long *sorted = leak->left[figure];
    long left = (long)after - (long)before;
    int i = leak->runs;
    for (; i > 0 && sorted[i - 1] > left; i--)
    {
        sorted[i] = sorted[i - 1];
    }
    sorted[i] = left;
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
    if (leak->runs < LEAK_RUNS)
    {
        add(leak, LEAK_HANDLES, after.handles, before->handles);
        add(leak, LEAK_BLOCKS, after.blocks, before->blocks);
        add(leak, LEAK_BYTES, after.bytes, before->bytes);
        leak->runs++;
    }
}

long leak_least(const struct leak *leak, enum leak_figure figure)
{
    return leak->left[figure][0];
}

long leak_usual(const struct leak *leak, enum leak_figure figure)
{
    return leak->left[figure][leak->runs / 2];
}

bool leak_is_likely(const struct leak *leak)
{
    return leak_least(leak, LEAK_HANDLES) > 0 || leak_least(leak, LEAK_BLOCKS) > 0;
}

static bool is_figure_more(const struct leak *leak, const struct leak *direct,
                           enum leak_figure figure)
{
    long usual = leak_usual(direct, figure);
    return leak_least(leak, figure) > (usual > 0 ? usual : 0);
}

bool leak_is_more(const struct leak *leak, const struct leak *direct)
{
    return is_figure_more(leak, direct, LEAK_HANDLES) || is_figure_more(leak, direct, LEAK_BLOCKS);
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
