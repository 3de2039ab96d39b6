/* The group object's state. */
#include "ps_test.h"

/* Also for the interface that inherits it: both have the same slots. */
static void check_state_methods(IOPCGroupStateMgt *group)
{
    DWORD rate = POISON_NUMBER, lcid = POISON_NUMBER, revised = POISON_NUMBER;
    BOOL active = POISON_NUMBER & 0x7FFFFFFF;
    WCHAR *name = POISON;
    LONG bias = 1;
    FLOAT deadband = 0;
    OPCHANDLE client = POISON_NUMBER, server = POISON_NUMBER;
    IOPCSyncIO2 *clone = POISON;

    /* Regression: the name is NULL without the repair of widl's output. */
    assert_hr(IOPCGroupStateMgt_GetState(group, &rate, &active, &name, &bias, &deadband, &lcid,
                                         &client, &server),
              S_OK);
    assert_int_equal(rate, 0x80000001);
    assert_int_equal(active, TRUE);
    assert_out_text(name, L"Group 1");
    assert_int_equal(bias, -60);
    assert_true(deadband == 12.5f);
    assert_int_equal(lcid, 0x407);
    assert_int_equal(client, 0xC0000002);
    assert_int_equal(server, 0xD0000003);

    rate = 77;
    active = 0;
    assert_hr(IOPCGroupStateMgt_SetState(group, &rate, &revised, &active, &bias, &deadband, &lcid,
                                         &client),
              OPC_S_UNSUPPORTEDRATE);
    assert_trace(L"SetState rate=77 active=0 bias=-60 deadband=12.5 lcid=407 client=c0000002");
    assert_int_equal(revised, 4321);
    assert_hr(IOPCGroupStateMgt_SetState(group, NULL, &revised, NULL, NULL, NULL, NULL, NULL),
              OPC_S_UNSUPPORTEDRATE);
    assert_trace(L"SetState rate=NULL active=NULL bias=NULL deadband=NULL lcid=NULL client=NULL");
    assert_hr(IOPCGroupStateMgt_SetState(group, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
              NULL_REFERENCE);
    assert_hr(IOPCGroupStateMgt_GetState(group, &rate, &active, NULL, &bias, &deadband, &lcid,
                                         &client, &server),
              NULL_REFERENCE);

    assert_hr(IOPCGroupStateMgt_SetName(group, L"new"), OPC_E_DUPLICATENAME);
    assert_trace(L"SetName new");
    assert_hr(IOPCGroupStateMgt_CloneGroup(group, L"copy", &IID_IOPCSyncIO2, (IUnknown **)&clone),
              S_OK);
    assert_trace(L"CloneGroup copy");
    IOPCSyncIO2_Release(clone);
}

static void group_state(void **state)
{
    IOPCGroupStateMgt *group = group_interface(&IID_IOPCGroupStateMgt);

    (void)state;
    check_state_methods(group);
    IOPCGroupStateMgt_Release(group);
}

static void group_state2_with_inherited_methods(void **state)
{
    IOPCGroupStateMgt2 *group = group_interface(&IID_IOPCGroupStateMgt2);
    DWORD time = POISON_NUMBER;

    (void)state;
    check_state_methods((IOPCGroupStateMgt *)group);
    assert_hr(IOPCGroupStateMgt2_SetKeepAlive(group, 5000, &time), OPC_S_UNSUPPORTEDRATE);
    assert_int_equal(time, 5001);
    assert_trace(L"SetKeepAlive 5000");
    assert_hr(IOPCGroupStateMgt2_GetKeepAlive(group, &time), S_OK);
    assert_int_equal(time, 0xFFFFFFF0);
    IOPCGroupStateMgt2_Release(group);
}

static void public_group(void **state)
{
    IOPCPublicGroupStateMgt *group = group_interface(&IID_IOPCPublicGroupStateMgt);
    BOOL is_public = 0;

    (void)state;
    assert_hr(IOPCPublicGroupStateMgt_GetState(group, &is_public), S_OK);
    assert_int_equal(is_public, TRUE);
    assert_hr(IOPCPublicGroupStateMgt_MoveToPublic(group), OPC_E_PUBLIC);
    assert_trace(L"MoveToPublic");
    IOPCPublicGroupStateMgt_Release(group);
}

int group_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(group_state),
        cmocka_unit_test(group_state2_with_inherited_methods),
        cmocka_unit_test(public_group),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
