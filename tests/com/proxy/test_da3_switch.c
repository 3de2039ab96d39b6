#include "stage3.h"

#include <math.h>

/* What a client has set beyond the state of a group is on the new machine after a switch. */

static const WCHAR level[] = L"Analog.Level", temperature[] = L"Analog.Temperature";

struct settings
{
    struct stage3_group group;
    OPCHANDLE level, temperature, text;
};

static void set_all(struct settings *set, IOPCServer *server, const WCHAR *name)
{
    DWORD revised_ms;

    stage3_open(&set->group, server, name);
    set->level = stage3_add(&set->group, level, 1);
    set->temperature = stage3_add(&set->group, temperature, 2);
    set->text = stage3_add(&set->group, L"Memory.String", 3);
    assert_hr(stage3_set_deadband(&set->group, set->level, 12.5f), S_OK);
    assert_hr(stage3_set_deadband(&set->group, set->temperature, 50), S_OK);
    assert_hr(stage3_set_deadband(&set->group, set->text, 50), OPC_E_DEADBANDNOTSUPPORTED);
    assert_hr(stage3_set_rate(&set->group, set->level, 20), S_OK);
    assert_hr(stage3_set_rate(&set->group, set->text, 1237), OPC_S_UNSUPPORTEDRATE);
    assert_hr(stage3_set_buffer(&set->group, set->level, TRUE), S_OK);
    assert_hr(stage3_set_buffer(&set->group, set->temperature, TRUE), S_OK);
    assert_hr(IOPCGroupStateMgt2_SetKeepAlive(set->group.state, 4000, &revised_ms), S_OK);
}

static void check_all(struct settings *set)
{
    FLOAT deadband;
    DWORD number;
    BOOL flag;

    assert_hr(stage3_get_deadband(&set->group, set->level, &deadband), S_OK);
    assert_true(fabsf(deadband - 12.5f) < 0.01f);
    assert_hr(stage3_get_deadband(&set->group, set->temperature, &deadband), S_OK);
    assert_true(fabsf(deadband - 50) < 0.01f);
    assert_hr(stage3_get_deadband(&set->group, set->text, &deadband), OPC_E_DEADBANDNOTSUPPORTED);
    assert_hr(stage3_get_rate(&set->group, set->level, &number), S_OK);
    assert_int_equal(number, 20);
    assert_hr(stage3_get_rate(&set->group, set->temperature, &number), OPC_E_RATENOTSET);
    assert_hr(stage3_get_rate(&set->group, set->text, &number), S_OK);
    assert_int_equal(number, 1240);
    assert_hr(stage3_get_buffer(&set->group, set->level, &flag), S_OK);
    assert_true(flag);
    assert_hr(stage3_get_buffer(&set->group, set->temperature, &flag), S_OK);
    assert_true(flag);
    assert_hr(stage3_get_buffer(&set->group, set->text, &flag), S_OK);
    assert_false(flag);
    assert_hr(IOPCGroupStateMgt2_GetKeepAlive(set->group.state, &number), S_OK);
    assert_int_equal(number, 4000);
}

static void clear_all(struct settings *set)
{
    DWORD revised_ms;

    assert_hr(stage3_clear_deadband(&set->group, set->level), S_OK);
    assert_hr(stage3_clear_rate(&set->group, set->level), S_OK);
    assert_hr(stage3_clear_rate(&set->group, set->text), S_OK);
    assert_hr(stage3_set_buffer(&set->group, set->level, FALSE), S_OK);
    assert_hr(IOPCGroupStateMgt2_SetKeepAlive(set->group.state, 0, &revised_ms), S_OK);
}

static void check_cleared(struct settings *set)
{
    FLOAT deadband;
    DWORD number;
    BOOL flag;

    assert_hr(stage3_get_deadband(&set->group, set->level, &deadband), OPC_E_DEADBANDNOTSET);
    assert_hr(stage3_get_deadband(&set->group, set->temperature, &deadband), S_OK);
    assert_hr(stage3_get_rate(&set->group, set->level, &number), OPC_E_RATENOTSET);
    assert_hr(stage3_get_rate(&set->group, set->text, &number), OPC_E_RATENOTSET);
    assert_hr(stage3_get_buffer(&set->group, set->level, &flag), S_OK);
    assert_false(flag);
    assert_hr(stage3_get_buffer(&set->group, set->temperature, &flag), S_OK);
    assert_true(flag);
    assert_hr(IOPCGroupStateMgt2_GetKeepAlive(set->group.state, &number), S_OK);
    assert_int_equal(number, 0);
}

/* The standby gets what is set while it follows, and what is cleared there. */
static void test_kill(void **state)
{
    IOPCServer *server = stage3_connect(PROGID3, false);
    struct settings kept, cleared;

    (void)state;
    set_all(&kept, server, L"Kept");
    set_all(&cleared, server, L"Cleared");
    check_all(&kept);
    assert_true(stage_wait_both(PROGID3)); /* it has all of it before some is cleared again */
    stage_pump(NULL, 500);
    clear_all(&cleared);
    stage_rmsim(L"/fault P3A kill --away");
    stage3_wait_running(server);
    check_all(&kept);
    check_cleared(&cleared);
    stage3_close(&cleared.group);
    stage3_close(&kept.group);
    assert_int_equal(stage_release(server), 0);
}

/* A machine that is connected long after: all comes from the shadow. */
static void test_shutdown(void **state)
{
    IOPCServer *server;
    struct settings set;

    (void)state;
    stage_rmsim(L"/fault P3B refuse on");
    server = stage3_connect(PROGID3, false);
    set_all(&set, server, L"Late");
    stage_rmsim(L"/fault P3B refuse off");
    assert_true(stage_wait_both(PROGID3));
    stage_rmsim(L"/fault P3A shutdown --away");
    stage_pump(NULL, 500);
    stage3_wait_running(server);
    check_all(&set);
    stage3_close(&set.group);
    assert_int_equal(stage_release(server), 0);
}

/* What one machine refuses of the replay must not keep the rest away, nor the machine. */
static void test_refused(void **state)
{
    IOPCServer *server;
    struct settings set;
    OPCHANDLE handle;
    FLOAT deadband;
    DWORD number;
    BOOL flag;

    (void)state;
    stage_rmsim(L"/fault P3B fail IOPCItemDeadbandMgt.SetItemDeadband 0xC0040401");
    stage_rmsim(L"/fault P3B fail IOPCItemSamplingMgt.SetItemBufferEnable 0xC0040402");
    stage_rmsim(L"/fault P3B fail IOPCGroupStateMgt2.SetKeepAlive 0x80004001");
    server = stage3_connect(PROGID3, false);
    set_all(&set, server, L"Refused");
    stage_rmsim(L"/fault P3A kill --away");
    stage3_wait_running(server);
    assert_hr(stage3_get_deadband(&set.group, set.level, &deadband), OPC_E_DEADBANDNOTSET);
    assert_hr(stage3_get_rate(&set.group, set.level, &number), S_OK);
    assert_int_equal(number, 20);
    assert_hr(stage3_get_buffer(&set.group, set.level, &flag), S_OK);
    assert_false(flag);
    assert_hr(IOPCGroupStateMgt2_GetKeepAlive(set.group.state, &number), S_OK);
    assert_int_equal(number, 0);
    handle = stage3_add(&set.group, L"Memory.I4", 9);
    assert_int_not_equal(handle, 0);

    /* The client hears that it isn't set, and so it is not, anywhere; the rest comes back. */
    assert_hr(stage3_clear_deadband(&set.group, set.level), OPC_E_DEADBANDNOTSET);
    stage_rmsim(L"/fault P3A clear");
    assert_true(stage_wait_both(PROGID3));
    stage_rmsim(L"/fault P3B kill --away");
    stage3_wait_running(server);
    assert_hr(stage3_get_deadband(&set.group, set.level, &deadband), OPC_E_DEADBANDNOTSET);
    assert_hr(stage3_get_deadband(&set.group, set.temperature, &deadband), S_OK);
    assert_hr(IOPCGroupStateMgt2_GetKeepAlive(set.group.state, &number), S_OK);
    assert_int_equal(number, 4000);
    stage3_close(&set.group);
    assert_int_equal(stage_release(server), 0);
}

/* The new machine is 2.05a: E_FAIL for what it lacks, the rest works, and it comes back. */
static void test_missing_interface(void **state)
{
    IOPCServer *server = stage3_connect(PROGID32, false);
    struct settings set;
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;
    FLOAT deadband;
    DWORD number;
    BOOL flag;

    (void)state;
    set_all(&set, server, L"Missing");
    stage_rmsim(L"/fault P3C kill --away");
    stage3_wait_running(server);
    assert_hr(stage3_get_deadband(&set.group, set.level, &deadband), E_FAIL);
    assert_hr(stage3_set_deadband(&set.group, set.level, 1), E_FAIL);
    assert_hr(stage3_set_rate(&set.group, set.level, 500), E_FAIL);
    assert_hr(stage3_get_buffer(&set.group, set.level, &flag), E_FAIL);
    assert_hr(IOPCGroupStateMgt2_GetKeepAlive(set.group.state, &number), E_FAIL);
    assert_hr(IOPCSyncIO2_Read(set.group.sync, OPC_DS_DEVICE, 1, &set.text, &values, &errors),
              S_OK);
    VariantClear(&values[0].vDataValue);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    stage_rmsim(L"/fault P3C clear");
    assert_true(stage_wait_both(PROGID32));
    stage_rmsim(L"/fault PB kill --away");
    stage3_wait_running(server);
    check_all(&set);
    stage3_close(&set.group);
    assert_int_equal(stage_release(server), 0);
}

/* F-10: a server of 3.0 says COMM_FAULT, one of 2.05a FAILED (test_lost.c). */
static void test_both_lost(void **state)
{
    IOPCServer *server = stage3_connect(PROGID3, false);
    struct stage3_group group;
    LONG changes;

    (void)state;
    stage3_open(&group, server, L"Both lost");
    stage3_add(&group, L"Memory.I4", 8);
    stage3_advise(&group);
    assert_true(sink_wait(group.sink, &group.sink->changes, 1));
    changes = group.sink->changes;
    stage_rmsim(L"/fault P3B kill --away");
    stage_rmsim(L"/fault P3A kill --away");
    stage3_wait_state(server, OPC_STATUS_COMM_FAULT);
    assert_true(sink_wait(group.sink, &group.sink->changes, changes + 1));
    assert_int_equal(group.sink->qualities[0], OPC_QUALITY_COMM_FAILURE);
    stage_rmsim(L"/fault P3A clear");
    stage3_wait_running(server);
    stage3_close(&group);
    assert_int_equal(stage_release(server), 0);
}

/* AddItems of a public group is refused by the machine. */
static HRESULT add_to_public(struct stage3_group *group)
{
    WCHAR item_id[] = L"Memory.R8", none[] = L"";
    OPCITEMDEF definition = {.szAccessPath = none, .szItemID = item_id, .bActive = TRUE};
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    HRESULT hr = IOPCItemMgt_AddItems(group->items, 1, &definition, &results, &errors);

    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    return hr;
}

static void test_public(void **state)
{
    IOPCServer *server = stage3_connect(PROGIDG, false);
    IOPCPublicGroupStateMgt *state_of_public;
    struct stage3_group group;
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;
    OPCHANDLE handle;
    BOOL is_public = TRUE;

    (void)state;
    stage3_open(&group, server, L"Public");
    handle = stage3_add(&group, L"Memory.I4", 4);
    state_of_public = stage_query(group.sync, &IID_IOPCPublicGroupStateMgt);
    assert_hr(IOPCPublicGroupStateMgt_GetState(state_of_public, NULL), NULL_REF);
    assert_hr(IOPCPublicGroupStateMgt_GetState(state_of_public, &is_public), S_OK);
    assert_false(is_public);
    assert_hr(IOPCPublicGroupStateMgt_MoveToPublic(state_of_public), S_OK);
    assert_hr(IOPCPublicGroupStateMgt_MoveToPublic(state_of_public), E_FAIL);
    assert_hr(IOPCPublicGroupStateMgt_GetState(state_of_public, &is_public), S_OK);
    assert_true(is_public);
    assert_hr(add_to_public(&group), OPC_E_PUBLIC);
    stage_rmsim(L"/fault PGA kill --away");
    stage3_wait_running(server);
    assert_hr(IOPCPublicGroupStateMgt_GetState(state_of_public, &is_public), S_OK);
    assert_true(is_public);
    assert_hr(add_to_public(&group), OPC_E_PUBLIC);
    assert_hr(IOPCSyncIO2_Read(group.sync, OPC_DS_DEVICE, 1, &handle, &values, &errors), S_OK);
    assert_int_equal(values[0].hClient, 4);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    stage_release(state_of_public);
    stage_release(group.state);
    stage_release(group.sync);
    stage_release(group.async);
    stage_release(group.deadband);
    stage_release(group.sampling);
    assert_int_equal(stage_release(group.items), 0);
    assert_int_equal(stage_release(server), 0);
}

const struct CMUnitTest da3_switch_tests[] = {
    stage3_test(test_kill),      stage3_test(test_shutdown),
    stage3_test(test_refused),   stage3_test(test_missing_interface),
    stage3_test(test_both_lost), stage3_test(test_public),
};
const size_t da3_switch_test_count = ARRAYSIZE(da3_switch_tests);
