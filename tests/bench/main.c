/* bench_client PROGID calls|load|memory mta|sta cold|warm|hot [quick] [control] [only NAME]: one
 * client with two sessions, one with the server's own object and one with ours, that measures both
 * in turn; tools/bench plays it. With "control" both are the server's own, so all ratios must be 1.
 * With "only" one call or callback is measured.
 *
 * "calls" are calls and callbacks, "load" is the processor time per update, "memory" is the memory
 * per item and, in cold mode, AddItems: there no standby is being set up on the same processor
 * meanwhile. Exit status 0, or 1 with a line that says what has failed.
 */
#include "bench.h"
#include "session.h"

#include <opc/opcerror.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void bench_must(HRESULT hr, const char *what)
{
    if (hr == S_OK || hr == OPC_S_UNSUPPORTEDRATE)
        return;
    printf("failed: %s: 0x%08lX\n", what, (unsigned long)hr);
    fflush(stdout);
    ExitProcess(1);
}

void *bench_alloc(size_t count, size_t size)
{
    void *block = calloc(count, size);

    bench_must(block ? S_OK : E_OUTOFMEMORY, "memory");
    return block;
}

bool bench_wants(const struct bench *bench, const char *name)
{
    return !bench->only || strcmp(bench->only, name) == 0;
}

const char *bench_bits(void)
{
    return sizeof(void *) == 8 ? "64" : "32";
}

const char *bench_apartment(const struct bench *bench)
{
    return bench->is_single ? "sta" : "mta";
}

int main(int count, char **words)
{
    DWORD context = CLSCTX_INPROC_SERVER;
    struct bench bench = {.is_quick = false};
    WCHAR progid[256] = L"";
    const char *what;

    if (count < 5)
        return 2;
    MultiByteToWideChar(CP_UTF8, 0, words[1], -1, progid, ARRAYSIZE(progid) - 1);
    what = words[2];
    bench.is_single = strcmp(words[3], "sta") == 0;
    bench.mode = words[4];
    for (int i = 5; i < count; i++)
    {
        if (strcmp(words[i], "quick") == 0)
            bench.is_quick = true;
        else if (strcmp(words[i], "control") == 0)
            context = CLSCTX_LOCAL_SERVER;
        else if (strcmp(words[i], "only") == 0 && i + 1 < count)
            bench.only = words[++i];
        else
            return 2;
    }
    bench_must(
        CoInitializeEx(NULL, bench.is_single ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED),
        "CoInitializeEx");
    bench.servers[BENCH_DIRECT] = bench_connect(progid, CLSCTX_LOCAL_SERVER);
    bench.servers[BENCH_THROUGH] = bench_connect(progid, context);
    if (strcmp(what, "calls") == 0)
    {
        bench_calls(&bench);
        bench_callbacks(&bench);
    }
    else if (strcmp(what, "load") == 0)
    {
        bench_load(&bench);
    }
    else
    {
        bench_memory(&bench);
        if (strcmp(bench.mode, "cold") == 0)
            bench_adds(&bench);
    }
    IOPCServer_Release(bench.servers[BENCH_THROUGH]);
    IOPCServer_Release(bench.servers[BENCH_DIRECT]);
    CoUninitialize();
    return 0;
}
