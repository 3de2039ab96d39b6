#include "keeper.h"

#include <windows.h>
#include <objbase.h>
#include <ocidl.h>
#include <stdbool.h>

#include <opc/opccomn.h>
#include <opc/opcda.h>
#include <opc/opcsec.h>

/* Those of servers and of clients' sinks that are called over processes, as Wine knows an interface
 * to RPC by its own IID. */
static const IID *const kept[] = {
    &IID_IUnknown,
    &IID_IClassFactory,
    &IID_IServiceProvider,
    &IID_IOPCServer,
    &IID_IOPCCommon,
    &IID_IOPCBrowseServerAddressSpace,
    &IID_IOPCItemProperties,
    &IID_IOPCGroupStateMgt,
    &IID_IOPCItemMgt,
    &IID_IOPCSyncIO,
    &IID_IOPCAsyncIO2,
    &IID_IConnectionPointContainer,
    &IID_IConnectionPoint,
    &IID_IEnumConnectionPoints,
    &IID_IEnumConnections,
    &IID_IDataObject,
    &IID_IEnumString,
    &IID_IEnumUnknown,
    &IID_IEnumOPCItemAttributes,
    &IID_IOPCDataCallback,
    &IID_IOPCShutdown,
    &IID_IOPCServerPublicGroups,
    &IID_IOPCBrowse,
    &IID_IOPCItemIO,
    &IID_IPersistFile,
    &IID_IOPCSecurityNT,
    &IID_IOPCSecurityPrivate,
    &IID_IOPCGroupStateMgt2,
    &IID_IOPCPublicGroupStateMgt,
    &IID_IOPCSyncIO2,
    &IID_IOPCAsyncIO3,
    &IID_IOPCItemDeadbandMgt,
    &IID_IOPCItemSamplingMgt,
};

#define KEPT_COUNT (sizeof(kept) / sizeof(kept[0]))

/* Is of every kept interface, as nobody ever calls it. */
static HRESULT STDMETHODCALLTYPE keeper_QueryInterface(IUnknown *iface, REFIID iid, void **object)
{
    bool is_kept = IsEqualIID(iid, &IID_IUnknown);
    for (size_t i = 0; i < KEPT_COUNT && !is_kept; i++)
    {
        is_kept = IsEqualIID(iid, kept[i]);
    }
    *object = is_kept ? iface : NULL;
    return is_kept ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE keeper_AddRef(IUnknown *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE keeper_Release(IUnknown *iface)
{
    (void)iface;
    return 1;
}

void sim_keeper_keep_interfaces(void)
{
    static const IUnknownVtbl vtable = {keeper_QueryInterface, keeper_AddRef, keeper_Release};
    static IUnknown keeper = {&vtable};
    static volatile LONG is_done;
    if (InterlockedExchange(&is_done, 1) != 0)
    {
        return;
    }
    for (size_t i = 0; i < KEPT_COUNT; i++)
    {
        IStream *stream = NULL;
        if (SUCCEEDED(CreateStreamOnHGlobal(NULL, TRUE, &stream)))
        {
            CoMarshalInterface(stream, kept[i], &keeper, MSHCTX_LOCAL, NULL, MSHLFLAGS_TABLESTRONG);
            IStream_Release(stream);
        }
    }
}
