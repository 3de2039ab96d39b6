/* The server object: IOPCCommon, both server lists, both security interfaces. */
#include "echo.h"

FORWARD_UNKNOWN(IOPCCommon, echo_server, common, IOPCServer)
FORWARD_UNKNOWN(IOPCServerList, echo_server, list, IOPCServer)
FORWARD_UNKNOWN(IOPCServerList2, echo_server, list2, IOPCServer)
FORWARD_UNKNOWN(IOPCSecurityNT, echo_server, nt, IOPCServer)
FORWARD_UNKNOWN(IOPCSecurityPrivate, echo_server, private, IOPCServer)

static HRESULT STDMETHODCALLTYPE common_SetLocaleID(IOPCCommon *iface, LCID lcid)
{
    (void)iface;
    trace(L"SetLocaleID %lx", lcid);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE common_GetLocaleID(IOPCCommon *iface, LCID *lcid)
{
    (void)iface;
    trace(L"GetLocaleID");
    *lcid = 0x81234567;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE common_QueryAvailableLocaleIDs(IOPCCommon *iface, DWORD *count,
                                                                LCID **lcids)
{
    (void)iface;
    trace(L"QueryAvailableLocaleIDs");
    *count = 3;
    *lcids = task_alloc(3 * sizeof(**lcids));
    (*lcids)[0] = 0x409;
    (*lcids)[2] = 0xFFFFFFFF;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE common_GetErrorString(IOPCCommon *iface, HRESULT error,
                                                       LPWSTR *string)
{
    (void)iface;
    trace(L"GetErrorString %08lx", error);
    *string = task_string(L"common: no such item");
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE common_SetClientName(IOPCCommon *iface, LPCWSTR name)
{
    (void)iface;
    trace(L"SetClientName %ls", name);
    return S_OK;
}

static const IOPCCommonVtbl common_vtbl = {
    common_QueryInterface, common_AddRef,        common_Release,
    common_SetLocaleID,    common_GetLocaleID,   common_QueryAvailableLocaleIDs,
    common_GetErrorString, common_SetClientName,
};

static void trace_categories(const WCHAR *name, ULONG count, const CATID *categories)
{
    trace_add(L" %ls=%lu", name, count);
    for (ULONG i = 0; i < count; i++)
        trace_add(L" %lx..%x", categories[i].Data1, categories[i].Data4[7]);
}

static HRESULT STDMETHODCALLTYPE list_EnumClassesOfCategories(IOPCServerList *iface,
                                                              ULONG implemented, CATID *impl,
                                                              ULONG required, CATID *req,
                                                              IEnumGUID **result)
{
    (void)iface;
    trace(L"EnumClassesOfCategories");
    trace_categories(L"implemented", implemented, impl);
    trace_categories(L"required", required, req);
    return echo_enum_guid_create(0, &IID_IEnumGUID, (void **)result);
}

static HRESULT STDMETHODCALLTYPE list_GetClassDetails(IOPCServerList *iface, REFCLSID clsid,
                                                      LPOLESTR *progid, LPOLESTR *type)
{
    (void)iface;
    trace(L"GetClassDetails %lx..%x", clsid->Data1, clsid->Data4[7]);
    *progid = task_string(L"Vendor.Server.1");
    *type = task_string(L"user type");
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE list_CLSIDFromProgID(IOPCServerList *iface, LPCOLESTR progid,
                                                      LPCLSID clsid)
{
    (void)iface;
    trace(L"CLSIDFromProgID %ls", progid);
    *clsid = IID_IOPCServerList;
    return S_OK;
}

static const IOPCServerListVtbl list_vtbl = {
    list_QueryInterface,          list_AddRef,          list_Release,
    list_EnumClassesOfCategories, list_GetClassDetails, list_CLSIDFromProgID,
};

static HRESULT STDMETHODCALLTYPE list2_EnumClassesOfCategories(IOPCServerList2 *iface,
                                                               ULONG implemented, CATID *impl,
                                                               ULONG required, CATID *req,
                                                               IOPCEnumGUID **result)
{
    (void)iface;
    trace(L"EnumClassesOfCategories2");
    trace_categories(L"implemented", implemented, impl);
    trace_categories(L"required", required, req);
    return echo_enum_guid_create(0, &IID_IOPCEnumGUID, (void **)result);
}

static HRESULT STDMETHODCALLTYPE list2_GetClassDetails(IOPCServerList2 *iface, REFCLSID clsid,
                                                       LPOLESTR *progid, LPOLESTR *type,
                                                       LPOLESTR *independent)
{
    (void)iface;
    trace(L"GetClassDetails2 %lx..%x", clsid->Data1, clsid->Data4[7]);
    *progid = task_string(L"Vendor.Server.2");
    *type = NULL;
    *independent = task_string(L"Vendor.Server");
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE list2_CLSIDFromProgID(IOPCServerList2 *iface, LPCOLESTR progid,
                                                       LPCLSID clsid)
{
    (void)iface;
    trace(L"CLSIDFromProgID2 %ls", progid);
    *clsid = IID_IOPCServerList2;
    return S_OK;
}

static const IOPCServerList2Vtbl list2_vtbl = {
    list2_QueryInterface,          list2_AddRef,          list2_Release,
    list2_EnumClassesOfCategories, list2_GetClassDetails, list2_CLSIDFromProgID,
};

static HRESULT STDMETHODCALLTYPE nt_IsAvailableNT(IOPCSecurityNT *iface, BOOL *available)
{
    (void)iface;
    trace(L"IsAvailableNT");
    *available = TRUE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE nt_QueryMinImpersonationLevel(IOPCSecurityNT *iface, DWORD *level)
{
    (void)iface;
    trace(L"QueryMinImpersonationLevel");
    *level = 4;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE nt_ChangeUser(IOPCSecurityNT *iface)
{
    (void)iface;
    trace(L"ChangeUser");
    return OPC_E_PRIVATE_ACTIVE;
}

static const IOPCSecurityNTVtbl nt_vtbl = {
    nt_QueryInterface, nt_AddRef, nt_Release, nt_IsAvailableNT, nt_QueryMinImpersonationLevel,
    nt_ChangeUser,
};

static HRESULT STDMETHODCALLTYPE private_IsAvailablePriv(IOPCSecurityPrivate *iface,
                                                         BOOL *available)
{
    (void)iface;
    trace(L"IsAvailablePriv");
    *available = TRUE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE private_Logon(IOPCSecurityPrivate *iface, LPCWSTR user,
                                               LPCWSTR password)
{
    (void)iface;
    trace(L"Logon %ls %ls", user, password);
    return OPC_S_LOW_AUTHN_LEVEL;
}

static HRESULT STDMETHODCALLTYPE private_Logoff(IOPCSecurityPrivate *iface)
{
    (void)iface;
    trace(L"Logoff");
    return S_OK;
}

static const IOPCSecurityPrivateVtbl private_vtbl = {
    private_QueryInterface,  private_AddRef, private_Release,
    private_IsAvailablePriv, private_Logon,  private_Logoff,
};

void echo_common_init(struct echo_server *server)
{
    server->IOPCCommon_iface.lpVtbl = &common_vtbl;
    server->IOPCServerList_iface.lpVtbl = &list_vtbl;
    server->IOPCServerList2_iface.lpVtbl = &list2_vtbl;
    server->IOPCSecurityNT_iface.lpVtbl = &nt_vtbl;
    server->IOPCSecurityPrivate_iface.lpVtbl = &private_vtbl;
}
