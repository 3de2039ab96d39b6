#include "link/link.h"
#include "module/memory.h"
#include "server/forward.h"
#include "server/server_methods.h"
#include "session/session.h"

static struct rm_server_object *impl_from_IOPCCommon(IOPCCommon *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IOPCCommon_iface);
}

/* All methods of the interface fit into one struct. */
struct common_call
{
    struct rm_forward forward;
    LCID lcid;
    HRESULT code;
    const WCHAR *name;
    LCID found;
    DWORD count;
    LCID *lcids;
    WCHAR *text;
};

static void destroy_common(struct rm_call *call)
{
    struct common_call *common = RM_FORWARD_OF(call, struct common_call);

    CoTaskMemFree(common->lcids);
    CoTaskMemFree(common->text);
    rm_forward_destroy(call);
}

static struct common_call *new_call(IOPCCommon *iface, const struct rm_call_class *call_class)
{
    return rm_forward_new(sizeof(struct common_call), call_class,
                          impl_from_IOPCCommon(iface)->session, NULL, RM_SERVER_COMMON);
}

static HRESULT STDMETHODCALLTYPE server_common_QueryInterface(IOPCCommon *iface, REFIID iid,
                                                              void **out)
{
    return rm_server_object_query(impl_from_IOPCCommon(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_common_AddRef(IOPCCommon *iface)
{
    return rm_server_object_add_ref(impl_from_IOPCCommon(iface));
}

static ULONG STDMETHODCALLTYPE server_common_Release(IOPCCommon *iface)
{
    return rm_server_object_release(impl_from_IOPCCommon(iface));
}

static HRESULT run_set_locale(struct rm_call *call, struct rm_link *link)
{
    struct common_call *set = RM_FORWARD_OF(call, struct common_call);
    HRESULT hr = IOPCCommon_SetLocaleID((IOPCCommon *)set->forward.real, set->lcid);

    (void)link;
    rm_forward_drop(&set->forward);
    return hr;
}

static void record_set_locale(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct common_call *set = RM_FORWARD_OF(call, struct common_call);
    struct rm_session *session = set->forward.session;

    if (FAILED(hr))
        return;
    session->has_locale = true;
    session->locale = set->lcid;
    link->applied_locale = set->lcid;
    rm_session_changed(session);
}

static const struct rm_call_class set_locale_class = {
    .name = "IOPCCommon::SetLocaleID",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_forward_prepare,
    .run = run_set_locale,
    .record = record_set_locale,
    .destroy = destroy_common,
};

static HRESULT set_locale_once(IOPCCommon *iface, LCID lcid)
{
    struct common_call *set = new_call(iface, &set_locale_class);
    HRESULT hr;

    if (!set)
        return E_OUTOFMEMORY;
    set->lcid = lcid;
    hr = rm_forward_execute(&set->forward);
    rm_call_release(&set->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_common_SetLocaleID(IOPCCommon *iface, LCID lcid)
{
    HRESULT hr;

    do
        hr = set_locale_once(iface, lcid);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_get_locale(struct rm_call *call, struct rm_link *link)
{
    struct common_call *get = RM_FORWARD_OF(call, struct common_call);
    HRESULT hr = IOPCCommon_GetLocaleID((IOPCCommon *)get->forward.real, &get->found);

    (void)link;
    rm_forward_drop(&get->forward);
    return hr;
}

static const struct rm_call_class get_locale_class = {
    .name = "IOPCCommon::GetLocaleID",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_get_locale,
    .destroy = destroy_common,
};

static HRESULT get_locale_once(IOPCCommon *iface, LCID *lcid)
{
    struct common_call *get = new_call(iface, &get_locale_class);
    HRESULT hr;

    if (!get)
        return E_OUTOFMEMORY;
    hr = rm_forward_execute(&get->forward);
    if (rm_forward_has_results(&get->forward, hr))
        *lcid = get->found;
    rm_call_release(&get->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_common_GetLocaleID(IOPCCommon *iface, LCID *lcid)
{
    HRESULT hr;

    if (!lcid)
        return RM_HRESULT_NULL_REF;
    *lcid = 0;
    do
        hr = get_locale_once(iface, lcid);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_query_locales(struct rm_call *call, struct rm_link *link)
{
    struct common_call *query = RM_FORWARD_OF(call, struct common_call);
    HRESULT hr = IOPCCommon_QueryAvailableLocaleIDs((IOPCCommon *)query->forward.real,
                                                    &query->count, &query->lcids);

    (void)link;
    rm_forward_drop(&query->forward);
    return hr;
}

static const struct rm_call_class query_locales_class = {
    .name = "IOPCCommon::QueryAvailableLocaleIDs",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_query_locales,
    .destroy = destroy_common,
};

static HRESULT query_locales_once(IOPCCommon *iface, DWORD *count, LCID **lcids)
{
    struct common_call *query = new_call(iface, &query_locales_class);
    HRESULT hr;

    if (!query)
        return E_OUTOFMEMORY;
    hr = rm_forward_execute(&query->forward);
    if (rm_forward_has_results(&query->forward, hr))
    {
        *count = query->count;
        *lcids = query->lcids;
        query->lcids = NULL;
    }
    rm_call_release(&query->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_common_QueryAvailableLocaleIDs(IOPCCommon *iface,
                                                                       DWORD *count, LCID **lcids)
{
    HRESULT hr;

    if (count)
        *count = 0;
    if (lcids)
        *lcids = NULL;
    if (!count || !lcids)
        return RM_HRESULT_NULL_REF;
    do
        hr = query_locales_once(iface, count, lcids);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_error_string(struct rm_call *call, struct rm_link *link)
{
    struct common_call *get = RM_FORWARD_OF(call, struct common_call);
    HRESULT hr = IOPCCommon_GetErrorString((IOPCCommon *)get->forward.real, get->code, &get->text);

    (void)link;
    rm_forward_drop(&get->forward);
    return hr;
}

static const struct rm_call_class error_string_class = {
    .name = "IOPCCommon::GetErrorString",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_error_string,
    .destroy = destroy_common,
};

static HRESULT error_string_once(IOPCCommon *iface, HRESULT code, WCHAR **text)
{
    struct common_call *get = new_call(iface, &error_string_class);
    HRESULT hr;

    if (!get)
        return E_OUTOFMEMORY;
    get->code = code;
    hr = rm_forward_execute(&get->forward);
    if (rm_forward_has_results(&get->forward, hr))
    {
        *text = get->text;
        get->text = NULL;
    }
    rm_call_release(&get->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_common_GetErrorString(IOPCCommon *iface, HRESULT code,
                                                              LPWSTR *text)
{
    struct rm_session *session = impl_from_IOPCCommon(iface)->session;
    LCID lcid = 0;
    HRESULT hr;

    if (!text)
        return RM_HRESULT_NULL_REF;
    *text = NULL;
    do
        hr = error_string_once(iface, code, text);
    while (hr == RM_CALL_REPEAT);
    if (hr != RM_HRESULT_UNAVAILABLE)
        return hr;
    rm_session_lock(session);
    if (session->has_locale)
        lcid = session->locale;
    rm_session_unlock(session);
    return rm_error_text(code, lcid, text);
}

static HRESULT run_set_name(struct rm_call *call, struct rm_link *link)
{
    struct common_call *set = RM_FORWARD_OF(call, struct common_call);
    HRESULT hr = IOPCCommon_SetClientName((IOPCCommon *)set->forward.real, set->name);

    (void)link;
    rm_forward_drop(&set->forward);
    return hr;
}

/* Without memory the old name stays. */
static void replace_name(WCHAR **name, const WCHAR *text)
{
    WCHAR *copy = rm_wcsdup(text);

    if (!copy)
        return;
    rm_free(*name);
    *name = copy;
}

static void record_set_name(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct common_call *set = RM_FORWARD_OF(call, struct common_call);
    struct rm_session *session = set->forward.session;

    if (FAILED(hr))
        return;
    replace_name(&session->client_name, set->name);
    replace_name(&link->applied_client_name, set->name);
    rm_session_changed(session);
}

static const struct rm_call_class set_name_class = {
    .name = "IOPCCommon::SetClientName",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_forward_prepare,
    .run = run_set_name,
    .record = record_set_name,
    .destroy = destroy_common,
};

static HRESULT set_name_once(IOPCCommon *iface, const WCHAR *name)
{
    struct common_call *set = new_call(iface, &set_name_class);
    HRESULT hr;

    if (!set)
        return E_OUTOFMEMORY;
    set->name = rm_forward_text(&set->forward, name);
    hr = rm_forward_execute(&set->forward);
    rm_call_release(&set->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_common_SetClientName(IOPCCommon *iface, LPCWSTR name)
{
    HRESULT hr;

    if (!name)
        return RM_HRESULT_NULL_REF;
    do
        hr = set_name_once(iface, name);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

const IOPCCommonVtbl rm_server_common_vtbl = {
    server_common_QueryInterface, server_common_AddRef,
    server_common_Release,        server_common_SetLocaleID,
    server_common_GetLocaleID,    server_common_QueryAvailableLocaleIDs,
    server_common_GetErrorString, server_common_SetClientName,
};
