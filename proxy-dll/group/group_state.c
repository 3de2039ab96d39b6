#include "group/group_methods.h"
#include "group/group_object.h"
#include "link/link.h"
#include "module/memory.h"
#include "server/forward.h"
#include "session/session.h"

static struct rm_group *impl_from_IOPCGroupStateMgt2(IOPCGroupStateMgt2 *iface)
{
    return CONTAINING_RECORD(iface, struct rm_group, IOPCGroupStateMgt2_iface);
}

static HRESULT STDMETHODCALLTYPE group_state_QueryInterface(IOPCGroupStateMgt2 *iface, REFIID iid,
                                                            void **out)
{
    return rm_group_object_query(impl_from_IOPCGroupStateMgt2(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE group_state_AddRef(IOPCGroupStateMgt2 *iface)
{
    return rm_group_object_add_ref(impl_from_IOPCGroupStateMgt2(iface));
}

static ULONG STDMETHODCALLTYPE group_state_Release(IOPCGroupStateMgt2 *iface)
{
    return rm_group_object_release(impl_from_IOPCGroupStateMgt2(iface));
}

struct group_state
{
    DWORD rate_ms;
    BOOL is_active;
    WCHAR *name; /* COM allocator */
    LONG time_bias;
    FLOAT deadband;
    DWORD lcid;
    OPCHANDLE client, handle;
};

struct get_state_call
{
    struct rm_forward forward;
    struct group_state state;
};

static HRESULT run_get_state(struct rm_call *call, struct rm_link *link)
{
    struct get_state_call *get = RM_FORWARD_OF(call, struct get_state_call);
    struct group_state *state = &get->state;
    HRESULT hr = IOPCGroupStateMgt_GetState(
        (IOPCGroupStateMgt *)get->forward.real, &state->rate_ms, &state->is_active, &state->name,
        &state->time_bias, &state->deadband, &state->lcid, &state->client, &state->handle);

    (void)link;
    rm_forward_drop(&get->forward);
    return hr;
}

/* Where the machine's group must differ from what the client has made, the client sees its own. */
static void record_get_state(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct get_state_call *get = RM_FORWARD_OF(call, struct get_state_call);
    const struct rm_group *group = get->forward.group;

    (void)link;
    if (FAILED(hr))
        return;
    CoTaskMemFree(get->state.name);
    get->state.name = rm_com_wcsdup(group->name);
    get->state.client = group->client_handle;
    get->state.handle = group->handle;
}

static void destroy_get_state(struct rm_call *call)
{
    CoTaskMemFree(RM_FORWARD_OF(call, struct get_state_call)->state.name);
    rm_forward_destroy(call);
}

static const struct rm_call_class get_state_class = {
    .name = "IOPCGroupStateMgt::GetState",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_get_state,
    .record = record_get_state,
    .destroy = destroy_get_state,
};

static HRESULT get_state_once(struct rm_group *group, struct group_state *state)
{
    struct get_state_call *get =
        rm_forward_new(sizeof(*get), &get_state_class, group->session, group, RM_GROUP_STATE_MGT);
    HRESULT hr;

    if (!get)
        return E_OUTOFMEMORY;
    hr = rm_forward_execute(&get->forward);
    if (rm_forward_has_results(&get->forward, hr))
    {
        if (!get->state.name)
            hr = E_OUTOFMEMORY;
        else
            *state = get->state;
        get->state.name = NULL;
    }
    rm_call_release(&get->forward.call);
    return hr;
}

static void clear_state(DWORD *rate_ms, BOOL *is_active, LPWSTR *name, LONG *time_bias,
                        FLOAT *deadband, DWORD *lcid, OPCHANDLE *client, OPCHANDLE *handle)
{
    DWORD *const numbers[] = {rate_ms, lcid, client, handle};

    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
    {
        if (numbers[i])
            *numbers[i] = 0;
    }
    if (is_active)
        *is_active = FALSE;
    if (name)
        *name = NULL;
    if (time_bias)
        *time_bias = 0;
    if (deadband)
        *deadband = 0.0f;
}

static HRESULT STDMETHODCALLTYPE group_state_GetState(IOPCGroupStateMgt2 *iface, DWORD *rate_ms,
                                                      BOOL *is_active, LPWSTR *name,
                                                      LONG *time_bias, FLOAT *deadband, DWORD *lcid,
                                                      OPCHANDLE *client, OPCHANDLE *handle)
{
    struct group_state state = {0};
    HRESULT hr;

    clear_state(rate_ms, is_active, name, time_bias, deadband, lcid, client, handle);
    if (!rate_ms || !is_active || !name || !time_bias || !deadband || !lcid || !client || !handle)
        return RM_HRESULT_NULL_REF;
    do
        hr = get_state_once(impl_from_IOPCGroupStateMgt2(iface), &state);
    while (hr == RM_CALL_REPEAT);
    *rate_ms = state.rate_ms;
    *is_active = state.is_active;
    *name = state.name;
    *time_bias = state.time_bias;
    *deadband = state.deadband;
    *lcid = state.lcid;
    *client = state.client;
    *handle = state.handle;
    return hr;
}

/* The six inputs that may be left out. */
struct state_change
{
    DWORD *rate_ms;
    BOOL *is_active;
    LONG *time_bias;
    FLOAT *deadband;
    DWORD *lcid;
    OPCHANDLE *client;
};

struct set_state_call
{
    struct rm_forward forward;
    struct state_change change; /* pointing into the call's own inputs */
    DWORD revised_ms;
};

static HRESULT run_set_state(struct rm_call *call, struct rm_link *link)
{
    struct set_state_call *set = RM_FORWARD_OF(call, struct set_state_call);
    const struct state_change *change = &set->change;
    HRESULT hr = IOPCGroupStateMgt_SetState((IOPCGroupStateMgt *)set->forward.real, change->rate_ms,
                                            &set->revised_ms, change->is_active, change->time_bias,
                                            change->deadband, change->lcid, change->client);

    (void)link;
    rm_forward_drop(&set->forward);
    return hr;
}

static void change_shadow(struct rm_group *group, const struct set_state_call *set)
{
    const struct state_change *change = &set->change;

    if (change->rate_ms)
    {
        group->requested_rate_ms = *change->rate_ms;
        group->revised_rate_ms = set->revised_ms;
    }
    if (change->is_active)
        group->is_active = *change->is_active;
    if (change->time_bias)
    {
        group->has_time_bias = true;
        group->time_bias = *change->time_bias;
    }
    if (change->deadband)
    {
        group->has_deadband = true;
        group->deadband = *change->deadband;
    }
    if (change->lcid)
        group->lcid = *change->lcid;
    if (change->client)
        group->client_handle = *change->client;
}

static void change_link(struct rm_link_group *link_group, const struct state_change *change)
{
    if (change->rate_ms)
        link_group->rate_ms = *change->rate_ms;
    if (change->is_active)
        link_group->is_active = *change->is_active;
    if (change->time_bias)
        link_group->time_bias = *change->time_bias;
    if (change->deadband)
        link_group->deadband = *change->deadband;
    if (change->lcid)
        link_group->lcid = *change->lcid;
    if (change->client)
        link_group->client_handle = *change->client;
}

static void record_set_state(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct set_state_call *set = RM_FORWARD_OF(call, struct set_state_call);
    struct rm_group *group = set->forward.group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (FAILED(hr))
        return;
    change_shadow(group, set);
    if (link_group)
        change_link(link_group, &set->change);
    rm_session_changed(group->session);
}

static const struct rm_call_class set_state_class = {
    .name = "IOPCGroupStateMgt::SetState",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_forward_prepare,
    .run = run_set_state,
    .record = record_set_state,
    .destroy = rm_forward_destroy,
};

/* NULL stays NULL, which means "as it was". */
static void *copy_optional(struct rm_forward *forward, const void *value, size_t size)
{
    return value ? rm_forward_array(forward, value, 1, size) : NULL;
}

static HRESULT set_state_once(struct rm_group *group, const struct state_change *change,
                              DWORD *revised_ms)
{
    struct set_state_call *set =
        rm_forward_new(sizeof(*set), &set_state_class, group->session, group, RM_GROUP_STATE_MGT);
    struct rm_forward *forward;
    HRESULT hr;

    if (!set)
        return E_OUTOFMEMORY;
    forward = &set->forward;
    set->change.rate_ms = copy_optional(forward, change->rate_ms, sizeof(*change->rate_ms));
    set->change.is_active = copy_optional(forward, change->is_active, sizeof(*change->is_active));
    set->change.time_bias = copy_optional(forward, change->time_bias, sizeof(*change->time_bias));
    set->change.deadband = copy_optional(forward, change->deadband, sizeof(*change->deadband));
    set->change.lcid = copy_optional(forward, change->lcid, sizeof(*change->lcid));
    set->change.client = copy_optional(forward, change->client, sizeof(*change->client));
    hr = rm_forward_execute(forward);
    if (rm_forward_has_results(forward, hr))
        *revised_ms = set->revised_ms;
    rm_call_release(&forward->call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_state_SetState(IOPCGroupStateMgt2 *iface, DWORD *rate_ms,
                                                      DWORD *revised_ms, BOOL *is_active,
                                                      LONG *time_bias, FLOAT *deadband, DWORD *lcid,
                                                      OPCHANDLE *client)
{
    const struct state_change change = {rate_ms, is_active, time_bias, deadband, lcid, client};
    HRESULT hr;

    if (!revised_ms)
        return RM_HRESULT_NULL_REF;
    *revised_ms = 0;
    do
        hr = set_state_once(impl_from_IOPCGroupStateMgt2(iface), &change, revised_ms);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

struct set_name_call
{
    struct rm_forward forward;
    WCHAR *name;
    WCHAR *shadow_name, *link_name; /* copies for the records, which must not fail */
};

static HRESULT run_set_name(struct rm_call *call, struct rm_link *link)
{
    struct set_name_call *set = RM_FORWARD_OF(call, struct set_name_call);
    HRESULT hr = IOPCGroupStateMgt_SetName((IOPCGroupStateMgt *)set->forward.real, set->name);

    (void)link;
    rm_forward_drop(&set->forward);
    return hr;
}

static void swap_names(WCHAR **one, WCHAR **other)
{
    WCHAR *name = *one;

    *one = *other;
    *other = name;
}

static void record_set_name(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct set_name_call *set = RM_FORWARD_OF(call, struct set_name_call);
    struct rm_group *group = set->forward.group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (FAILED(hr))
        return;
    swap_names(&group->name, &set->shadow_name);
    if (link_group)
        swap_names(&link_group->name, &set->link_name);
    rm_session_changed(group->session);
}

static void destroy_set_name(struct rm_call *call)
{
    struct set_name_call *set = RM_FORWARD_OF(call, struct set_name_call);

    rm_free(set->shadow_name);
    rm_free(set->link_name);
    rm_forward_destroy(call);
}

static const struct rm_call_class set_name_class = {
    .name = "IOPCGroupStateMgt::SetName",
    .kind = RM_CALL_SHADOW,
    .prepare = rm_forward_prepare,
    .run = run_set_name,
    .record = record_set_name,
    .destroy = destroy_set_name,
};

static HRESULT set_name_once(struct rm_group *group, const WCHAR *name)
{
    struct set_name_call *set =
        rm_forward_new(sizeof(*set), &set_name_class, group->session, group, RM_GROUP_STATE_MGT);
    HRESULT hr = E_OUTOFMEMORY;

    if (!set)
        return hr;
    set->name = rm_forward_text(&set->forward, name);
    set->shadow_name = rm_wcsdup(name);
    set->link_name = rm_wcsdup(name);
    if (set->shadow_name && set->link_name)
        hr = rm_forward_execute(&set->forward);
    rm_call_release(&set->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_state_SetName(IOPCGroupStateMgt2 *iface, LPCWSTR name)
{
    HRESULT hr;

    if (!name)
        return RM_HRESULT_NULL_REF;
    do
        hr = set_name_once(impl_from_IOPCGroupStateMgt2(iface), name);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_state_CloneGroup(IOPCGroupStateMgt2 *iface, LPCWSTR name,
                                                        REFIID iid, LPUNKNOWN *clone)
{
    HRESULT hr;

    if (clone)
        *clone = NULL;
    if (!name || !iid || !clone)
        return RM_HRESULT_NULL_REF;
    do
        hr = rm_group_clone_once(impl_from_IOPCGroupStateMgt2(iface), name, iid, clone);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_state_SetKeepAlive(IOPCGroupStateMgt2 *iface, DWORD time_ms,
                                                          DWORD *revised_ms)
{
    HRESULT hr;

    if (!revised_ms)
        return RM_HRESULT_NULL_REF;
    *revised_ms = 0;
    do
        hr = rm_group_set_keep_alive_once(impl_from_IOPCGroupStateMgt2(iface), time_ms, revised_ms);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_state_GetKeepAlive(IOPCGroupStateMgt2 *iface, DWORD *time_ms)
{
    HRESULT hr;

    if (!time_ms)
        return RM_HRESULT_NULL_REF;
    *time_ms = 0;
    do
        hr = rm_group_get_keep_alive_once(impl_from_IOPCGroupStateMgt2(iface), time_ms);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

/* Serves IOPCGroupStateMgt as well. */
const IOPCGroupStateMgt2Vtbl rm_group_state_vtbl = {
    group_state_QueryInterface, group_state_AddRef,       group_state_Release,
    group_state_GetState,       group_state_SetState,     group_state_SetName,
    group_state_CloneGroup,     group_state_SetKeepAlive, group_state_GetKeepAlive,
};
