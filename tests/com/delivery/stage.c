#include "stage.h"

#include <string.h>
#include <opc/opcconst.h>

#include "delivery/client_sink.h"

struct stage stage = {.groups = {&stage.group}};

static HRESULT WINAPI client_OnDataChange(IOPCDataCallback *iface, DWORD transaction,
                                          OPCHANDLE client_group, HRESULT master_quality,
                                          HRESULT master_error, DWORD count, OPCHANDLE *clients,
                                          VARIANT *values, WORD *qualities, FILETIME *times,
                                          HRESULT *errors)
{
    LONG value = V_I4(&values[0]);

    (void)iface, (void)client_group, (void)master_quality, (void)master_error;
    (void)clients, (void)qualities, (void)times, (void)errors;
    assert_int_equal(stage.lock_depth, 0);
    assert_int_equal(transaction, 0);
    if (count == 0)
    {
        stage.keep_alives++;
        return S_OK;
    }
    assert_int_equal(count, 1);
    assert_true(stage.seen_count < SEEN_MAX);
    stage.seen[stage.seen_count++] = value;
    if (stage.during_call)
        stage.during_call(value);
    return stage.answer;
}

static ULONG WINAPI client_Release(IOPCDataCallback *iface)
{
    (void)iface;
    return 1;
}

IOPCDataCallbackVtbl stage_client_vtbl = {.Release = client_Release,
                                          .OnDataChange = client_OnDataChange};
static IOPCDataCallback client = {&stage_client_vtbl};

void rm_client_sink_add_ref(struct rm_client_sink *sink)
{
    (void)sink;
}

void rm_client_sink_release(struct rm_client_sink *sink)
{
    (void)sink;
}

IOPCDataCallback *rm_client_sink_take(struct rm_client_sink *sink)
{
    (void)sink;
    return &client;
}

HRESULT stage_send(DWORD link, DWORD transaction, DWORD count, LONG value, LONG as_of)
{
    OPCHANDLE clients[1] = {CLIENT_HANDLE};
    VARIANT values[1];
    WORD qualities[1] = {OPC_QUALITY_GOOD};
    ULONGLONG time = ((ULONGLONG)1 << 32) + (ULONGLONG)as_of * 1000000;
    FILETIME times[1] = {
        {(DWORD)time, (DWORD)(time >> 32)}
    };
    HRESULT errors[1] = {S_OK};
    struct rm_callback data = {.kind = RM_CALLBACK_DATA_CHANGE,
                               .transaction = transaction,
                               .count = count,
                               .clients = clients,
                               .values = values,
                               .qualities = qualities,
                               .times = times,
                               .errors = errors};

    V_VT(&values[0]) = VT_I4;
    V_I4(&values[0]) = value;
    return rm_delivery_data_change(&stage.group, link, &data);
}

HRESULT stage_send_from(DWORD link, LONG value)
{
    return stage_send(link, 0, 1, value, value);
}

HRESULT stage_refresh_from(DWORD link, LONG value)
{
    return stage_send(link, RM_OWN_REFRESH, 1, value, value + 10);
}

void stage_check_seen(int count)
{
    assert_int_equal(stage.seen_count, count);
    for (int i = 0; i < count; i++)
        assert_int_equal(stage.seen[i], i);
}

int stage_set_up(void **state)
{
    (void)state;
    memset(&stage.session, 0, sizeof(stage.session));
    memset(&stage.group, 0, sizeof(stage.group));
    memset(&stage.item, 0, sizeof(stage.item));
    memset(stage.links, 0, sizeof(stage.links));
    memset(stage.link_groups, 0, sizeof(stage.link_groups));
    memset(stage.link_items, 0, sizeof(stage.link_items));
    memset(&stage.config, 0, sizeof(stage.config));
    stage.config.machine_count = 2;
    rm_server_rank_machines(&stage.config);
    stage.config.ping_interval_ms = stage.config.ping_timeout_ms = 1000;
    stage.config.fall = 1;
    stage.config.mode = RM_MODE_HOT;
    stage.session.config = &stage.config;
    for (int i = 0; i < 2; i++)
    {
        stage.links[i].number = i ? NEW_LINK : OLD_LINK;
        stage.links[i].skew.is_known = true;
        stage.links[i].session = &stage.session;
        stage.links[i].buffer.bytes_max = RM_STANDBY_BYTES_MAX;
        stage.links[i].groups = &stage.link_groups[i];
        stage.links[i].group_slots = 1;
        stage.link_groups[i].group = &stage.group;
        stage.link_groups[i].items = &stage.link_items[i];
        stage.link_groups[i].item_slots = 1;
        stage.session.links[i] = &stage.links[i];
    }
    stage.session.delivering_link = OLD_LINK;
    stage.session.groups = stage.groups;
    stage.session.group_slots = 1;
    stage.group.session = &stage.session;
    stage.group.revised_rate_ms = 100;
    stage.group.is_active = stage.group.is_enabled = TRUE;
    stage.group.items = &stage.item;
    stage.group.item_slots = stage.group.item_count = 1;
    stage.item.is_used = true;
    stage.item.is_active = TRUE;
    stage.item.client = CLIENT_HANDLE;
    stage.now_ms = 100000;
    stage.job = NULL;
    stage.wakes = 0;
    stage.group.sink = (struct rm_client_sink *)(void *)&client;
    rm_delivery_init(&stage.group.delivery);
    stage.seen_count = 0;
    stage.keep_alives = 0;
    stage.during_wait = NULL;
    stage.during_call = NULL;
    stage.answer = S_OK;
    stage.overflow_events = 0;
    return 0;
}

int stage_tear_down(void **state)
{
    (void)state;
    rm_delivery_clear(&stage.group.delivery);
    rm_standby_forget(&stage.links[0]);
    rm_standby_forget(&stage.links[1]);
    assert_int_equal(stage.links[0].buffer.buffered, 0);
    assert_int_equal(stage.links[1].buffer.bytes, 0);
    return 0;
}

void stage_take_over(DWORD link)
{
    stage.session.delivering_link = link;
    rm_standby_take_over(&stage.session, &stage.links[link == NEW_LINK]);
}

void stage_run_job(void)
{
    assert_non_null(stage.job);
    stage.job(&stage.group, NULL);
    stage.job = NULL;
}
