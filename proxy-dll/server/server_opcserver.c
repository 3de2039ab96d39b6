#include "link/link.h"
#include "module/memory.h"
#include "server/forward.h"
#include "server/server_methods.h"
#include "session/session.h"

static struct rm_server_object *impl_from_IOPCServer(IOPCServer *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IOPCServer_iface);
}

static HRESULT STDMETHODCALLTYPE server_opcserver_QueryInterface(IOPCServer *iface, REFIID iid,
                                                                 void **out)
{
    return rm_server_object_query(impl_from_IOPCServer(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_opcserver_AddRef(IOPCServer *iface)
{
    return rm_server_object_add_ref(impl_from_IOPCServer(iface));
}

static ULONG STDMETHODCALLTYPE server_opcserver_Release(IOPCServer *iface)
{
    return rm_server_object_release(impl_from_IOPCServer(iface));
}

static HRESULT STDMETHODCALLTYPE server_opcserver_AddGroup(IOPCServer *iface, LPCWSTR name,
                                                           BOOL is_active, DWORD rate_ms,
                                                           OPCHANDLE client, LONG *time_bias,
                                                           FLOAT *deadband, DWORD lcid,
                                                           OPCHANDLE *handle, DWORD *revised_ms,
                                                           REFIID iid, LPUNKNOWN *group)
{
    HRESULT hr;

    if (handle)
        *handle = 0;
    if (revised_ms)
        *revised_ms = 0;
    if (group)
        *group = NULL;
    if (!name || !handle || !revised_ms || !iid || !group)
        return RM_HRESULT_NULL_REF;
    do
        hr = rm_server_add_group(impl_from_IOPCServer(iface), name, is_active, rate_ms, client,
                                 time_bias, deadband, lcid, handle, revised_ms, iid, group);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

struct error_string_call
{
    struct rm_forward forward;
    HRESULT code;
    LCID lcid;
    WCHAR *text;
};

static HRESULT run_error_string(struct rm_call *call, struct rm_link *link)
{
    struct error_string_call *get = RM_FORWARD_OF(call, struct error_string_call);
    HRESULT hr = IOPCServer_GetErrorString((IOPCServer *)get->forward.real, get->code, get->lcid,
                                           &get->text);

    (void)link;
    rm_forward_drop(&get->forward);
    return hr;
}

static void destroy_error_string(struct rm_call *call)
{
    CoTaskMemFree(RM_FORWARD_OF(call, struct error_string_call)->text);
    rm_forward_destroy(call);
}

static const struct rm_call_class error_string_class = {
    .name = "IOPCServer::GetErrorString",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_error_string,
    .destroy = destroy_error_string,
};

static HRESULT get_error_string_once(struct rm_server_object *server, HRESULT code, LCID lcid,
                                     WCHAR **text)
{
    struct error_string_call *get = rm_forward_new(sizeof(*get), &error_string_class,
                                                   server->session, NULL, RM_SERVER_OPCSERVER);
    HRESULT hr;

    if (!get)
        return E_OUTOFMEMORY;
    get->code = code;
    get->lcid = lcid;
    hr = rm_forward_execute(&get->forward);
    if (rm_forward_has_results(&get->forward, hr))
    {
        *text = get->text;
        get->text = NULL;
    }
    rm_call_release(&get->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_opcserver_GetErrorString(IOPCServer *iface, HRESULT code,
                                                                 LCID lcid, LPWSTR *text)
{
    HRESULT hr;

    if (!text)
        return RM_HRESULT_NULL_REF;
    *text = NULL;
    do
        hr = get_error_string_once(impl_from_IOPCServer(iface), code, lcid, text);
    while (hr == RM_CALL_REPEAT);
    return hr == RM_HRESULT_UNAVAILABLE ? rm_error_text(code, lcid, text) : hr;
}

static HRESULT STDMETHODCALLTYPE server_opcserver_GetGroupByName(IOPCServer *iface, LPCWSTR name,
                                                                 REFIID iid, LPUNKNOWN *group)
{
    HRESULT hr;

    if (group)
        *group = NULL;
    if (!name || !iid || !group)
        return RM_HRESULT_NULL_REF;
    do
        hr = rm_server_group_by_name(impl_from_IOPCServer(iface), name, iid, group);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

struct status_call
{
    struct rm_forward forward;
    OPCSERVERSTATUS *status;
};

static HRESULT run_status(struct rm_call *call, struct rm_link *link)
{
    struct status_call *get = RM_FORWARD_OF(call, struct status_call);
    HRESULT hr = IOPCServer_GetStatus((IOPCServer *)get->forward.real, &get->status);

    (void)link;
    if (SUCCEEDED(hr) && !get->status)
        hr = E_FAIL;
    rm_forward_drop(&get->forward);
    return hr;
}

static void destroy_status(struct rm_call *call)
{
    struct status_call *get = RM_FORWARD_OF(call, struct status_call);

    if (get->status)
        CoTaskMemFree(get->status->szVendorInfo);
    CoTaskMemFree(get->status);
    rm_forward_destroy(call);
}

static const struct rm_call_class status_class = {
    .name = "IOPCServer::GetStatus",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_status,
    .destroy = destroy_status,
};

static HRESULT get_status_once(struct rm_server_object *server, OPCSERVERSTATUS **status)
{
    struct status_call *get =
        rm_forward_new(sizeof(*get), &status_class, server->session, NULL, RM_SERVER_OPCSERVER);
    HRESULT hr;

    if (!get)
        return E_OUTOFMEMORY;
    hr = rm_forward_execute(&get->forward);
    if (rm_forward_has_results(&get->forward, hr))
    {
        *status = get->status;
        get->status = NULL;
    }
    rm_call_release(&get->forward.call);
    return hr;
}

/* OPC_STATUS_COMM_FAULT is known since 3.0 only. Both interfaces: a server of 3.0 must have them,
 * and one of 2.05a may have borrowed one. */
static bool is_of_version_3(const struct rm_session *session)
{
    return session->offers[RM_SERVER_BROWSE] && session->offers[RM_SERVER_ITEM_IO];
}

/* With no machine left the client learns it from the server's state, as from a server whose
 * devices are gone, and keeps its objects (F-10). */
static HRESULT make_failed_status(struct rm_session *session, OPCSERVERSTATUS **status_out)
{
    OPCSERVERSTATUS *status = CoTaskMemAlloc(sizeof(*status));

    if (!status)
        return E_OUTOFMEMORY;
    memset(status, 0, sizeof(*status));
    status->szVendorInfo = rm_com_wcsdup(L"RedundancyMaster: no machine answers");
    if (!status->szVendorInfo)
    {
        CoTaskMemFree(status);
        return E_OUTOFMEMORY;
    }
    GetSystemTimeAsFileTime(&status->ftCurrentTime);
    status->ftStartTime = status->ftLastUpdateTime = status->ftCurrentTime;
    status->dwServerState = is_of_version_3(session) ? OPC_STATUS_COMM_FAULT : OPC_STATUS_FAILED;
    status->dwBandWidth = 0xFFFFFFFF; /* not known */
    rm_session_lock(session);
    status->dwGroupCount = session->group_count;
    rm_session_unlock(session);
    *status_out = status;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_opcserver_GetStatus(IOPCServer *iface,
                                                            OPCSERVERSTATUS **status)
{
    struct rm_server_object *server = impl_from_IOPCServer(iface);
    HRESULT hr;

    if (!status)
        return RM_HRESULT_NULL_REF;
    *status = NULL;
    do
        hr = get_status_once(server, status);
    while (hr == RM_CALL_REPEAT);
    return hr == RM_HRESULT_UNAVAILABLE ? make_failed_status(server->session, status) : hr;
}

static HRESULT STDMETHODCALLTYPE server_opcserver_RemoveGroup(IOPCServer *iface, OPCHANDLE handle,
                                                              BOOL is_forced)
{
    HRESULT hr;

    do
        hr = rm_server_remove_group(impl_from_IOPCServer(iface), handle, is_forced);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_opcserver_CreateGroupEnumerator(IOPCServer *iface,
                                                                        OPCENUMSCOPE scope,
                                                                        REFIID iid,
                                                                        LPUNKNOWN *enumerator)
{
    if (enumerator)
        *enumerator = NULL;
    if (!iid || !enumerator)
        return RM_HRESULT_NULL_REF;
    if (!rm_is_enum((int)scope))
        return RM_HRESULT_ENUM_RANGE;
    return rm_server_enum_groups(impl_from_IOPCServer(iface), scope, iid, enumerator);
}

const IOPCServerVtbl rm_server_opcserver_vtbl = {
    server_opcserver_QueryInterface,
    server_opcserver_AddRef,
    server_opcserver_Release,
    server_opcserver_AddGroup,
    server_opcserver_GetErrorString,
    server_opcserver_GetGroupByName,
    server_opcserver_GetStatus,
    server_opcserver_RemoveGroup,
    server_opcserver_CreateGroupEnumerator,
};
