/* The group object: IOPCGroupStateMgt2 with its inherited methods, IOPCPublicGroupStateMgt. */
#include "echo.h"

static struct echo_group *impl_from_IOPCGroupStateMgt2(IOPCGroupStateMgt2 *iface)
{
    return CONTAINING_RECORD(iface, struct echo_group, IOPCGroupStateMgt2_iface);
}

static HRESULT STDMETHODCALLTYPE group_QueryInterface(IOPCGroupStateMgt2 *iface, REFIID riid,
                                                      void **ppv)
{
    struct echo_group *group = impl_from_IOPCGroupStateMgt2(iface);
    const struct
    {
        const IID *iid;
        void *object;
    } known[] = {
        {&IID_IUnknown,                  &group->IOPCGroupStateMgt2_iface       },
        {&IID_IOPCGroupStateMgt,         &group->IOPCGroupStateMgt2_iface       },
        {&IID_IOPCGroupStateMgt2,        &group->IOPCGroupStateMgt2_iface       },
        {&IID_IOPCPublicGroupStateMgt,   &group->IOPCPublicGroupStateMgt_iface  },
        {&IID_IOPCItemMgt,               &group->IOPCItemMgt_iface              },
        {&IID_IOPCItemDeadbandMgt,       &group->IOPCItemDeadbandMgt_iface      },
        {&IID_IOPCItemSamplingMgt,       &group->IOPCItemSamplingMgt_iface      },
        {&IID_IOPCSyncIO,                &group->IOPCSyncIO2_iface              },
        {&IID_IOPCSyncIO2,               &group->IOPCSyncIO2_iface              },
        {&IID_IOPCAsyncIO,               &group->IOPCAsyncIO_iface              },
        {&IID_IOPCAsyncIO2,              &group->IOPCAsyncIO3_iface             },
        {&IID_IOPCAsyncIO3,              &group->IOPCAsyncIO3_iface             },
        {&IID_IConnectionPointContainer, &group->IConnectionPointContainer_iface},
        {&IID_IConnectionPoint,          &group->IConnectionPoint_iface         },
    };

    *ppv = NULL;
    for (size_t i = 0; i < ARRAYSIZE(known); i++)
    {
        if (IsEqualIID(riid, known[i].iid))
        {
            *ppv = known[i].object;
            IOPCGroupStateMgt2_AddRef(iface);
            return S_OK;
        }
    }
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE group_AddRef(IOPCGroupStateMgt2 *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IOPCGroupStateMgt2(iface)->refs);
}

static ULONG STDMETHODCALLTYPE group_Release(IOPCGroupStateMgt2 *iface)
{
    struct echo_group *group = impl_from_IOPCGroupStateMgt2(iface);
    LONG refs = InterlockedDecrement(&group->refs);

    if (!refs)
    {
        if (group->sink)
            IOPCDataCallback_Release(group->sink);
        CoTaskMemFree(group);
    }
    return (ULONG)refs;
}

static HRESULT STDMETHODCALLTYPE group_GetState(IOPCGroupStateMgt2 *iface, DWORD *rate,
                                                BOOL *active, LPWSTR *name, LONG *bias,
                                                FLOAT *deadband, DWORD *lcid, OPCHANDLE *client,
                                                OPCHANDLE *server)
{
    (void)iface;
    trace(L"GetState");
    *rate = 0x80000001;
    *active = TRUE;
    *name = task_string(L"Group 1");
    *bias = -60;
    *deadband = 12.5f;
    *lcid = 0x407;
    *client = 0xC0000002;
    *server = 0xD0000003;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE group_SetState(IOPCGroupStateMgt2 *iface, DWORD *rate,
                                                DWORD *revised, BOOL *active, LONG *bias,
                                                FLOAT *deadband, DWORD *lcid, OPCHANDLE *client)
{
    (void)iface;
    trace(rate ? L"SetState rate=%lu" : L"SetState rate=NULL", rate ? *rate : 0);
    trace_add(active ? L" active=%ld" : L" active=NULL", active ? *active : 0);
    trace_add(bias ? L" bias=%ld" : L" bias=NULL", bias ? *bias : 0);
    trace_add(deadband ? L" deadband=%g" : L" deadband=NULL", deadband ? (double)*deadband : 0.0);
    trace_add(lcid ? L" lcid=%lx" : L" lcid=NULL", lcid ? *lcid : 0);
    trace_add(client ? L" client=%lx" : L" client=NULL", client ? *client : 0);
    *revised = 4321;
    return OPC_S_UNSUPPORTEDRATE;
}

static HRESULT STDMETHODCALLTYPE group_SetName(IOPCGroupStateMgt2 *iface, LPCWSTR name)
{
    (void)iface;
    trace(L"SetName %ls", name);
    return OPC_E_DUPLICATENAME;
}

static HRESULT STDMETHODCALLTYPE group_CloneGroup(IOPCGroupStateMgt2 *iface, LPCWSTR name,
                                                  REFIID riid, LPUNKNOWN *unknown)
{
    (void)iface;
    trace(L"CloneGroup %ls", name);
    return echo_group_create(riid, (void **)unknown);
}

static HRESULT STDMETHODCALLTYPE group_SetKeepAlive(IOPCGroupStateMgt2 *iface, DWORD time,
                                                    DWORD *revised)
{
    (void)iface;
    trace(L"SetKeepAlive %lu", time);
    *revised = time + 1;
    return OPC_S_UNSUPPORTEDRATE;
}

static HRESULT STDMETHODCALLTYPE group_GetKeepAlive(IOPCGroupStateMgt2 *iface, DWORD *time)
{
    (void)iface;
    trace(L"GetKeepAlive");
    *time = 0xFFFFFFF0;
    return S_OK;
}

static const IOPCGroupStateMgt2Vtbl group_vtbl = {
    group_QueryInterface, group_AddRef,     group_Release,      group_GetState,     group_SetState,
    group_SetName,        group_CloneGroup, group_SetKeepAlive, group_GetKeepAlive,
};

FORWARD_UNKNOWN(IOPCPublicGroupStateMgt, echo_group, public, IOPCGroupStateMgt2)

static HRESULT STDMETHODCALLTYPE public_GetState(IOPCPublicGroupStateMgt *iface, BOOL *is_public)
{
    (void)iface;
    trace(L"PublicGroupStateMgt::GetState");
    *is_public = TRUE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE public_MoveToPublic(IOPCPublicGroupStateMgt *iface)
{
    (void)iface;
    trace(L"MoveToPublic");
    return OPC_E_PUBLIC;
}

static const IOPCPublicGroupStateMgtVtbl public_vtbl = {
    public_QueryInterface, public_AddRef, public_Release, public_GetState, public_MoveToPublic,
};

HRESULT echo_group_create(REFIID riid, void **object)
{
    struct echo_group *group = task_alloc(sizeof(*group));
    HRESULT hr;

    group->IOPCGroupStateMgt2_iface.lpVtbl = &group_vtbl;
    group->IOPCPublicGroupStateMgt_iface.lpVtbl = &public_vtbl;
    echo_items_init(group);
    echo_sync_init(group);
    echo_async_init(group);
    echo_sink_init(group);
    group->refs = 1;
    hr = IOPCGroupStateMgt2_QueryInterface(&group->IOPCGroupStateMgt2_iface, riid, object);
    IOPCGroupStateMgt2_Release(&group->IOPCGroupStateMgt2_iface);
    return hr;
}
