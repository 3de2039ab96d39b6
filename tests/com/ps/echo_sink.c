/* The group object: where the client connects its IOPCDataCallback. */
#include "echo.h"

FORWARD_UNKNOWN(IConnectionPointContainer, echo_group, container, IOPCGroupStateMgt2)
FORWARD_UNKNOWN(IConnectionPoint, echo_group, point, IOPCGroupStateMgt2)

#define COOKIE 0x77000001

static HRESULT STDMETHODCALLTYPE container_EnumConnectionPoints(IConnectionPointContainer *iface,
                                                                IEnumConnectionPoints **result)
{
    (void)iface;
    *result = NULL;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE container_FindConnectionPoint(IConnectionPointContainer *iface,
                                                               REFIID riid,
                                                               IConnectionPoint **result)
{
    struct echo_group *group =
        CONTAINING_RECORD(iface, struct echo_group, IConnectionPointContainer_iface);

    *result = NULL;
    if (!IsEqualIID(riid, &IID_IOPCDataCallback))
        return CONNECT_E_NOCONNECTION;
    *result = &group->IConnectionPoint_iface;
    IConnectionPoint_AddRef(*result);
    return S_OK;
}

static const IConnectionPointContainerVtbl container_vtbl = {
    container_QueryInterface,
    container_AddRef,
    container_Release,
    container_EnumConnectionPoints,
    container_FindConnectionPoint,
};

static HRESULT STDMETHODCALLTYPE point_GetConnectionInterface(IConnectionPoint *iface, IID *iid)
{
    (void)iface;
    *iid = IID_IOPCDataCallback;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE
point_GetConnectionPointContainer(IConnectionPoint *iface, IConnectionPointContainer **result)
{
    struct echo_group *group = CONTAINING_RECORD(iface, struct echo_group, IConnectionPoint_iface);

    *result = &group->IConnectionPointContainer_iface;
    IConnectionPointContainer_AddRef(*result);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_Advise(IConnectionPoint *iface, IUnknown *sink,
                                              DWORD *cookie)
{
    struct echo_group *group = CONTAINING_RECORD(iface, struct echo_group, IConnectionPoint_iface);

    *cookie = COOKIE;
    if (group->sink)
        return CONNECT_E_ADVISELIMIT;
    if (FAILED(IUnknown_QueryInterface(sink, &IID_IOPCDataCallback, (void **)&group->sink)))
        return CONNECT_E_CANNOTCONNECT;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_Unadvise(IConnectionPoint *iface, DWORD cookie)
{
    struct echo_group *group = CONTAINING_RECORD(iface, struct echo_group, IConnectionPoint_iface);

    if (!group->sink || cookie != COOKIE)
        return CONNECT_E_NOCONNECTION;
    IOPCDataCallback_Release(group->sink);
    group->sink = NULL;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_EnumConnections(IConnectionPoint *iface,
                                                       IEnumConnections **result)
{
    (void)iface;
    *result = NULL;
    return E_NOTIMPL;
}

static const IConnectionPointVtbl point_vtbl = {
    point_QueryInterface,
    point_AddRef,
    point_Release,
    point_GetConnectionInterface,
    point_GetConnectionPointContainer,
    point_Advise,
    point_Unadvise,
    point_EnumConnections,
};

void echo_sink_init(struct echo_group *group)
{
    group->IConnectionPointContainer_iface.lpVtbl = &container_vtbl;
    group->IConnectionPoint_iface.lpVtbl = &point_vtbl;
}
