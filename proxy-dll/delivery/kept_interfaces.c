#include "delivery/kept_interfaces.h"

#include <windows.h>
#include <objbase.h>
#include <opc/opccomn.h>
#include <opc/opcda.h>

/* Those under which a server gets our sinks and calls them. */
static const IID *const kept[] = {&IID_IUnknown, &IID_IOPCDataCallback, &IID_IOPCShutdown};

static SRWLOCK lock = SRWLOCK_INIT;
static IStream
    *streams[ARRAYSIZE(kept)]; /* what CoReleaseMarshalData needs; NULL = not marshaled */
static volatile LONG refs;

/* Is of every kept interface, as nobody ever calls it. */
static HRESULT WINAPI keeper_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    for (size_t i = 0; i < ARRAYSIZE(kept); i++)
        if (IsEqualIID(iid, kept[i]))
        {
            *out = iface;
            IUnknown_AddRef(iface);
            return S_OK;
        }
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG WINAPI keeper_AddRef(IUnknown *iface)
{
    (void)iface;
    return (ULONG)InterlockedIncrement(&refs);
}

static ULONG WINAPI keeper_Release(IUnknown *iface)
{
    (void)iface;
    return (ULONG)InterlockedDecrement(&refs);
}

static bool is_held_by_com(void)
{
    return InterlockedCompareExchange(&refs, 0, 0) != 0;
}

static void release_streams(void)
{
    for (size_t i = 0; i < ARRAYSIZE(kept); i++)
    {
        if (!streams[i])
            continue;
        if (is_held_by_com() && SUCCEEDED(IStream_Seek(streams[i], (LARGE_INTEGER){.QuadPart = 0},
                                                       STREAM_SEEK_SET, NULL)))
            CoReleaseMarshalData(streams[i]);
        IStream_Release(streams[i]);
        streams[i] = NULL;
    }
}

void rm_kept_interfaces_keep(void)
{
    static const IUnknownVtbl vtbl = {keeper_QueryInterface, keeper_AddRef, keeper_Release};
    static IUnknown keeper = {&vtbl};

    AcquireSRWLockExclusive(&lock);
    if (!is_held_by_com())
    {
        release_streams(); /* of an apartment that is gone */
        for (size_t i = 0; i < ARRAYSIZE(kept); i++)
            if (FAILED(CreateStreamOnHGlobal(NULL, TRUE, &streams[i])))
                streams[i] = NULL;
            else if (FAILED(CoMarshalInterface(streams[i], kept[i], &keeper, MSHCTX_LOCAL, NULL,
                                               MSHLFLAGS_TABLESTRONG)))
            {
                IStream_Release(streams[i]);
                streams[i] = NULL;
            }
    }
    ReleaseSRWLockExclusive(&lock);
}

bool rm_kept_interfaces_drop(void)
{
    AcquireSRWLockExclusive(&lock);
    release_streams();
    ReleaseSRWLockExclusive(&lock);
    return !is_held_by_com();
}
