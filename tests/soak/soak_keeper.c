/* soak_keeper PROGID: a second client of a machine, by its local server alone, that holds an object
 * of each interface and makes no calls. So the server's process stays, and so do the interfaces
 * that it has registered with RPC: Wine 8 now and then hangs for ever in unregistering one while a
 * call of it is ending. Prints "ready", or "failed 0x........"; ends with the end of its input.
 */
#include <stdio.h>

#include <opc/opccomn.h>

#include "subscription.h"

static const IID *const server_iids[] = {&IID_IOPCCommon, &IID_IConnectionPointContainer,
                                         &IID_IOPCBrowseServerAddressSpace,
                                         &IID_IOPCItemProperties};
static const IID *const group_iids[] = {&IID_IOPCGroupStateMgt, &IID_IConnectionPointContainer};

static IClassFactory *factory;
static IOPCServer *server;
static struct subscription subscription;

/* The references are given back with the end of the process. */
static void hold(IUnknown *object, const IID *const *iids, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        void *held = NULL;
        if (FAILED(IUnknown_QueryInterface(object, iids[i], &held)))
            printf("note: interface %zu isn't offered\n", i);
    }
}

static HRESULT begin(const char *progid)
{
    WCHAR wide[256] = L"";
    CLSID clsid;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    MultiByteToWideChar(CP_UTF8, 0, progid, -1, wide, ARRAYSIZE(wide) - 1);
    if (SUCCEEDED(hr))
        hr = CLSIDFromProgID(wide, &clsid);
    if (SUCCEEDED(hr))
        hr = CoGetClassObject(&clsid, CLSCTX_LOCAL_SERVER, NULL, &IID_IClassFactory,
                              (void **)&factory);
    if (SUCCEEDED(hr))
        hr = IClassFactory_CreateInstance(factory, NULL, &IID_IOPCServer, (void **)&server);
    if (SUCCEEDED(hr))
        hr = subscription_open(&subscription, server, 1);
    if (FAILED(hr))
        return hr;
    hold((IUnknown *)server, server_iids, ARRAYSIZE(server_iids));
    hold((IUnknown *)subscription.items, group_iids, ARRAYSIZE(group_iids));
    return S_OK;
}

int main(int count, char **words)
{
    HRESULT hr = count == 2 ? begin(words[1]) : E_INVALIDARG;

    if (FAILED(hr))
    {
        printf("failed 0x%08lX\n", (unsigned long)hr);
        return 1;
    }
    printf("ready\n");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    return 0;
}
