/* The server object: IOPCServer, IOPCServerPublicGroups. */
#include "echo.h"

#include "heap.h"

static struct echo_server *impl_from_IOPCServer(IOPCServer *iface)
{
    return CONTAINING_RECORD(iface, struct echo_server, IOPCServer_iface);
}

static HRESULT STDMETHODCALLTYPE server_QueryInterface(IOPCServer *iface, REFIID riid, void **ppv)
{
    struct echo_server *server = impl_from_IOPCServer(iface);
    const struct
    {
        const IID *iid;
        void *object;
    } known[] = {
        {&IID_IUnknown,                     &server->IOPCServer_iface                  },
        {&IID_IOPCServer,                   &server->IOPCServer_iface                  },
        {&IID_IOPCServerPublicGroups,       &server->IOPCServerPublicGroups_iface      },
        {&IID_IOPCCommon,                   &server->IOPCCommon_iface                  },
        {&IID_IOPCServerList,               &server->IOPCServerList_iface              },
        {&IID_IOPCServerList2,              &server->IOPCServerList2_iface             },
        {&IID_IOPCSecurityNT,               &server->IOPCSecurityNT_iface              },
        {&IID_IOPCSecurityPrivate,          &server->IOPCSecurityPrivate_iface         },
        {&IID_IOPCBrowseServerAddressSpace, &server->IOPCBrowseServerAddressSpace_iface},
        {&IID_IOPCItemProperties,           &server->IOPCItemProperties_iface          },
        {&IID_IOPCBrowse,                   &server->IOPCBrowse_iface                  },
        {&IID_IOPCItemIO,                   &server->IOPCItemIO_iface                  },
    };

    *ppv = NULL;
    for (size_t i = 0; i < ARRAYSIZE(known); i++)
    {
        if (IsEqualIID(riid, known[i].iid))
        {
            *ppv = known[i].object;
            IOPCServer_AddRef(iface);
            return S_OK;
        }
    }
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE server_AddRef(IOPCServer *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IOPCServer(iface)->refs);
}

static ULONG STDMETHODCALLTYPE server_Release(IOPCServer *iface)
{
    struct echo_server *server = impl_from_IOPCServer(iface);
    LONG refs = InterlockedDecrement(&server->refs);

    if (!refs)
    {
        CoTaskMemFree(server);
        server_unlock();
    }
    return (ULONG)refs;
}

static HRESULT STDMETHODCALLTYPE server_AddGroup(IOPCServer *iface, LPCWSTR name, BOOL active,
                                                 DWORD rate, OPCHANDLE client, LONG *bias,
                                                 FLOAT *deadband, DWORD lcid, OPCHANDLE *handle,
                                                 DWORD *revised, REFIID riid, LPUNKNOWN *unknown)
{
    HRESULT hr;

    (void)iface;
    trace(L"AddGroup %ls active=%ld rate=%lu client=%lx", name, active, rate, client);
    trace_add(bias ? L" bias=%ld" : L" bias=NULL", bias ? *bias : 0);
    trace_add(deadband ? L" deadband=%g" : L" deadband=NULL", deadband ? (double)*deadband : 0.0);
    trace_add(L" lcid=%lx", lcid);
    hr = echo_group_create(riid, (void **)unknown);
    *handle = 0xA0000001;
    *revised = rate + 1;
    return SUCCEEDED(hr) ? OPC_S_UNSUPPORTEDRATE : hr;
}

static HRESULT STDMETHODCALLTYPE server_GetErrorString(IOPCServer *iface, HRESULT error,
                                                       LCID locale, LPWSTR *string)
{
    (void)iface;
    trace(L"GetErrorString %08lx locale=%lx", error, locale);
    *string = error == S_OK ? NULL : task_string(error == S_FALSE ? L"" : L"server: no such item");
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_GetGroupByName(IOPCServer *iface, LPCWSTR name, REFIID riid,
                                                       LPUNKNOWN *unknown)
{
    (void)iface;
    trace(L"GetGroupByName %ls", name);
    return echo_group_create(riid, (void **)unknown);
}

/* Carries the trace, and as the bandwidth what of this process's heap is in use. */
static HRESULT STDMETHODCALLTYPE server_GetStatus(IOPCServer *iface, OPCSERVERSTATUS **result)
{
    OPCSERVERSTATUS *status = task_alloc(sizeof(*status));

    (void)iface;
    status->ftStartTime = number_to_time(1);
    status->ftCurrentTime = number_to_time(2);
    status->ftLastUpdateTime = number_to_time(3);
    status->dwServerState = OPC_STATUS_COMM_FAULT;
    status->dwGroupCount = 0x87654321;
    status->dwBandWidth = heap_in_use();
    status->wMajorVersion = 0x1234;
    status->wMinorVersion = 0x5678;
    status->wBuildNumber = 0x9ABC;
    status->wReserved = 0xDEF0;
    status->szVendorInfo = trace_take();
    *result = status;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_RemoveGroup(IOPCServer *iface, OPCHANDLE handle, BOOL force)
{
    (void)iface;
    trace(L"RemoveGroup %lx force=%ld", handle, force);
    return OPC_S_INUSE;
}

static HRESULT STDMETHODCALLTYPE server_CreateGroupEnumerator(IOPCServer *iface, OPCENUMSCOPE scope,
                                                              REFIID riid, LPUNKNOWN *unknown)
{
    (void)iface;
    trace(L"CreateGroupEnumerator %d", scope);
    *unknown = NULL;
    if (scope == OPC_ENUM_PUBLIC)
        return S_FALSE;
    return echo_enum_string_create(riid, (void **)unknown);
}

static const IOPCServerVtbl server_vtbl = {
    server_QueryInterface, server_AddRef,         server_Release,
    server_AddGroup,       server_GetErrorString, server_GetGroupByName,
    server_GetStatus,      server_RemoveGroup,    server_CreateGroupEnumerator,
};

FORWARD_UNKNOWN(IOPCServerPublicGroups, echo_server, public, IOPCServer)

static HRESULT STDMETHODCALLTYPE public_GetPublicGroupByName(IOPCServerPublicGroups *iface,
                                                             LPCWSTR name, REFIID riid,
                                                             LPUNKNOWN *unknown)
{
    (void)iface;
    trace(L"GetPublicGroupByName %ls", name);
    return echo_group_create(riid, (void **)unknown);
}

static HRESULT STDMETHODCALLTYPE public_RemovePublicGroup(IOPCServerPublicGroups *iface,
                                                          OPCHANDLE handle, BOOL force)
{
    (void)iface;
    trace(L"RemovePublicGroup %lx force=%ld", handle, force);
    return OPC_E_NOTFOUND;
}

static const IOPCServerPublicGroupsVtbl public_vtbl = {
    public_QueryInterface,    public_AddRef, public_Release, public_GetPublicGroupByName,
    public_RemovePublicGroup,
};

HRESULT echo_server_create(REFIID riid, void **object)
{
    struct echo_server *server = task_alloc(sizeof(*server));
    HRESULT hr;

    server_lock();
    server->IOPCServer_iface.lpVtbl = &server_vtbl;
    server->IOPCServerPublicGroups_iface.lpVtbl = &public_vtbl;
    echo_common_init(server);
    echo_browse_init(server);
    echo_browse3_init(server);
    server->refs = 1;
    hr = IOPCServer_QueryInterface(&server->IOPCServer_iface, riid, object);
    IOPCServer_Release(&server->IOPCServer_iface);
    return hr;
}
