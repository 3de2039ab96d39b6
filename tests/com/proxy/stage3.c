#include "stage3.h"

#include <stdio.h>
#include <wchar.h>

IOPCServer *stage3_connect(const WCHAR *prog_id, bool is_direct)
{
    IOPCServer *server = NULL;
    CLSID clsid;

    assert_hr(CLSIDFromProgID(prog_id, &clsid), S_OK);
    assert_hr(CoCreateInstance(&clsid, NULL, is_direct ? CLSCTX_LOCAL_SERVER : CLSCTX_INPROC_SERVER,
                               &IID_IOPCServer, (void **)&server),
              S_OK);
    assert_non_null(server);
    return server;
}

void stage3_take(struct stage3_group *group, IOPCServer *server, IUnknown *unknown)
{
    DWORD rate_ms, lcid;
    OPCHANDLE client;
    FLOAT deadband;
    WCHAR *name;
    BOOL is_active;
    LONG bias;

    memset(group, 0, sizeof(*group));
    group->server = server;
    group->items = stage_query(unknown, &IID_IOPCItemMgt);
    group->state = stage_query(unknown, &IID_IOPCGroupStateMgt2);
    group->sync = stage_query(unknown, &IID_IOPCSyncIO2);
    group->async = stage_query(unknown, &IID_IOPCAsyncIO3);
    group->deadband = stage_query(unknown, &IID_IOPCItemDeadbandMgt);
    group->sampling = stage_query(unknown, &IID_IOPCItemSamplingMgt);
    stage_release(unknown);
    assert_hr(IOPCGroupStateMgt2_GetState(group->state, &rate_ms, &is_active, &name, &bias,
                                          &deadband, &lcid, &client, &group->handle),
              S_OK);
    CoTaskMemFree(name);
}

void stage3_open(struct stage3_group *group, IOPCServer *server, const WCHAR *name)
{
    IUnknown *unknown = NULL;
    OPCHANDLE handle;
    DWORD rate_ms = 0;

    assert_hr(IOPCServer_AddGroup(server, name, TRUE, 100, 78, NULL, NULL, 0, &handle, &rate_ms,
                                  &IID_IUnknown, &unknown),
              S_OK);
    stage3_take(group, server, unknown);
    assert_int_equal(group->handle, handle);
}

void stage3_advise(struct stage3_group *group)
{
    IConnectionPointContainer *points = stage_query(group->items, &IID_IConnectionPointContainer);

    group->sink = sink_new();
    assert_hr(
        IConnectionPointContainer_FindConnectionPoint(points, &IID_IOPCDataCallback, &group->point),
        S_OK);
    stage_release(points);
    assert_hr(IConnectionPoint_Advise(
                  group->point, (IUnknown *)&group->sink->IOPCDataCallback_iface, &group->cookie),
              S_OK);
}

void stage3_close(struct stage3_group *group)
{
    if (group->point)
    {
        assert_hr(IConnectionPoint_Unadvise(group->point, group->cookie), S_OK);
        stage_release(group->point);
    }
    stage_release(group->state);
    stage_release(group->sync);
    stage_release(group->async);
    stage_release(group->deadband);
    stage_release(group->sampling);
    stage_release(group->items);
    assert_hr(IOPCServer_RemoveGroup(group->server, group->handle, FALSE), S_OK);
    if (group->sink)
        sink_release(group->sink);
}

OPCHANDLE stage3_add(struct stage3_group *group, const WCHAR *id, OPCHANDLE client)
{
    struct stage_group plain = {.items = group->items};

    return stage_add(&plain, id, client);
}

/* The item's result where the call brought one, else the call's. */
static HRESULT result_of(HRESULT hr, HRESULT *errors)
{
    if (SUCCEEDED(hr))
    {
        assert_non_null(errors);
        assert_int_equal(hr == S_OK, errors[0] == S_OK);
        hr = errors[0];
    }
    else
        assert_null(errors);
    CoTaskMemFree(errors);
    return hr;
}

HRESULT stage3_set_deadband(struct stage3_group *group, OPCHANDLE handle, FLOAT deadband)
{
    HRESULT *errors = NULL;
    HRESULT hr =
        IOPCItemDeadbandMgt_SetItemDeadband(group->deadband, 1, &handle, &deadband, &errors);

    return result_of(hr, errors);
}

HRESULT stage3_get_deadband(struct stage3_group *group, OPCHANDLE handle, FLOAT *deadband)
{
    HRESULT *errors = NULL;
    FLOAT *deadbands = NULL;
    HRESULT hr =
        IOPCItemDeadbandMgt_GetItemDeadband(group->deadband, 1, &handle, &deadbands, &errors);

    *deadband = deadbands ? deadbands[0] : -1;
    CoTaskMemFree(deadbands);
    return result_of(hr, errors);
}

HRESULT stage3_clear_deadband(struct stage3_group *group, OPCHANDLE handle)
{
    HRESULT *errors = NULL;
    HRESULT hr = IOPCItemDeadbandMgt_ClearItemDeadband(group->deadband, 1, &handle, &errors);

    return result_of(hr, errors);
}

HRESULT stage3_set_rate(struct stage3_group *group, OPCHANDLE handle, DWORD rate_ms)
{
    HRESULT *errors = NULL;
    DWORD *revised = NULL;
    HRESULT hr = IOPCItemSamplingMgt_SetItemSamplingRate(group->sampling, 1, &handle, &rate_ms,
                                                         &revised, &errors);

    CoTaskMemFree(revised);
    return result_of(hr, errors);
}

HRESULT stage3_get_rate(struct stage3_group *group, OPCHANDLE handle, DWORD *rate_ms)
{
    HRESULT *errors = NULL;
    DWORD *rates = NULL;
    HRESULT hr =
        IOPCItemSamplingMgt_GetItemSamplingRate(group->sampling, 1, &handle, &rates, &errors);

    *rate_ms = rates ? rates[0] : 4711;
    CoTaskMemFree(rates);
    return result_of(hr, errors);
}

HRESULT stage3_clear_rate(struct stage3_group *group, OPCHANDLE handle)
{
    HRESULT *errors = NULL;
    HRESULT hr = IOPCItemSamplingMgt_ClearItemSamplingRate(group->sampling, 1, &handle, &errors);

    return result_of(hr, errors);
}

HRESULT stage3_set_buffer(struct stage3_group *group, OPCHANDLE handle, BOOL is_buffered)
{
    HRESULT *errors = NULL;
    HRESULT hr =
        IOPCItemSamplingMgt_SetItemBufferEnable(group->sampling, 1, &handle, &is_buffered, &errors);

    return result_of(hr, errors);
}

HRESULT stage3_get_buffer(struct stage3_group *group, OPCHANDLE handle, BOOL *is_buffered)
{
    HRESULT *errors = NULL;
    BOOL *are_buffered = NULL;
    HRESULT hr = IOPCItemSamplingMgt_GetItemBufferEnable(group->sampling, 1, &handle, &are_buffered,
                                                         &errors);

    *is_buffered = are_buffered ? are_buffered[0] : -1;
    CoTaskMemFree(are_buffered);
    return result_of(hr, errors);
}

void stage3_wait_state(IOPCServer *server, OPCSERVERSTATE wanted)
{
    ULONGLONG until = GetTickCount64() + WAIT_MS;
    OPCSERVERSTATE state;

    do
    {
        OPCSERVERSTATUS *status = NULL;

        assert_hr(IOPCServer_GetStatus(server, &status), S_OK);
        state = status->dwServerState;
        CoTaskMemFree(status->szVendorInfo);
        CoTaskMemFree(status);
        if (state != wanted)
            stage_pump(NULL, 50);
    } while (state != wanted && GetTickCount64() < until);
    assert_int_equal(state, wanted);
}

void stage3_wait_running(IOPCServer *server)
{
    stage3_wait_state(server, OPC_STATUS_RUNNING);
}

int stage3_clear(void **state)
{
    static const WCHAR *const machines[] = {L"P3A", L"P3B", L"P3C", L"PB", L"PGA"};

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(machines); i++)
    {
        WCHAR order[40];

        if (!stage_has_touched(machines[i]))
            continue;
        swprintf(order, ARRAYSIZE(order), L"/fault %ls clear", machines[i]);
        stage_rmsim(order);
    }
    stage_forget_touched();
    return 0;
}
