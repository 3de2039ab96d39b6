#include "link/process_watch.h"

#include <stdbool.h>
#include <stdint.h>

/* What stands at the beginning of a marshaled interface: [MS-DCOM] 2.2.18. */
#define OBJREF_SIGNATURE 0x574F454D
#define OBJREF_STANDARD  1
#define OBJREF_HANDLER   2

struct object_reference
{
    uint32_t signature;
    uint32_t flags;
    IID iid;
    uint32_t standard_flags;
    uint32_t references;
    uint64_t exporter;
    uint64_t object;
    GUID interface_id; /* of the interface at its server: the IPID */
};

/* Reads the reference that COM has for the interface. The references to the object that it bears
 * are given back by unmarshaling it: CoReleaseMarshalData doesn't do that for a proxy under Wine 8.
 */
static bool read_reference(IUnknown *proxy, REFIID iid, struct object_reference *reference)
{
    static const LARGE_INTEGER beginning = {.QuadPart = 0};
    IStream *stream = NULL;
    IUnknown *again = NULL;
    ULONG size = 0;
    HRESULT hr = CreateStreamOnHGlobal(NULL, TRUE, &stream);

    if (FAILED(hr))
        return false;
    hr = CoMarshalInterface(stream, iid, proxy, MSHCTX_LOCAL, NULL, MSHLFLAGS_NORMAL);
    if (SUCCEEDED(hr))
    {
        IStream_Seek(stream, beginning, STREAM_SEEK_SET, NULL);
        hr = IStream_Read(stream, reference, sizeof *reference, &size);
        IStream_Seek(stream, beginning, STREAM_SEEK_SET, NULL);
        if (SUCCEEDED(CoUnmarshalInterface(stream, iid, (void **)&again)))
            IUnknown_Release(again);
        else
            CoReleaseMarshalData(stream);
    }
    IStream_Release(stream);
    return SUCCEEDED(hr) && size == sizeof *reference && reference->signature == OBJREF_SIGNATURE &&
           (reference->flags == OBJREF_STANDARD || reference->flags == OBJREF_HANDLER);
}

/* The process's number is in the second part of the IPID in Windows, in the third in Wine; the
 * other one is a thread's, of which there is no process. */
static HANDLE open_server(IUnknown *proxy, REFIID iid)
{
    struct object_reference reference;
    DWORD own = GetCurrentProcessId();
    HANDLE process = NULL;
    DWORD numbers[2];
    int i;

    if (!read_reference(proxy, iid, &reference))
        return NULL;
    numbers[0] = reference.interface_id.Data2;
    numbers[1] = reference.interface_id.Data3;
    for (i = 0; i < 2 && !process; i++)
    {
        if (numbers[i] && numbers[i] != own)
            process = OpenProcess(SYNCHRONIZE, FALSE, numbers[i]);
    }
    return process;
}

void rm_process_watch_begin(struct rm_process_watch *watch, IUnknown *proxy, REFIID iid,
                            WAITORTIMERCALLBACK told, void *context)
{
    watch->wait = NULL;
    watch->process = open_server(proxy, iid);
    if (!watch->process ||
        RegisterWaitForSingleObject(&watch->wait, watch->process, told, context, INFINITE,
                                    WT_EXECUTEONLYONCE | WT_EXECUTEINWAITTHREAD))
        return;
    watch->wait = NULL;
    rm_process_watch_end(watch);
}

void rm_process_watch_end(struct rm_process_watch *watch)
{
    if (watch->wait)
        UnregisterWaitEx(watch->wait, INVALID_HANDLE_VALUE);
    if (watch->process)
        CloseHandle(watch->process);
    watch->wait = NULL;
    watch->process = NULL;
}
