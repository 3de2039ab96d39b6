/* IOPCSecurityNT and IOPCSecurityPrivate: every machine is told who the client is. */
#include "server_stage.h"

#include <wchar.h>

#define USER     L"operator"
#define PASSWORD L"plant"

static IOPCSecurityPrivate *get_private(IOPCSecurityNT *nt)
{
    return stage_query(nt, &IID_IOPCSecurityPrivate);
}

static void test_answers(void **state)
{
    IOPCSecurityNT *nt[2] = {server_interface_through(&IID_IOPCSecurityNT),
                             server_interface_direct(&IID_IOPCSecurityNT)};

    (void)state;
    for (int i = 0; i < 2; i++)
    {
        IOPCSecurityPrivate *private = get_private(nt[i]);
        BOOL has_nt = 77, has_private = 77;
        DWORD level = 77;

        assert_hr(IOPCSecurityNT_IsAvailableNT(nt[i], &has_nt), S_OK);
        assert_int_equal(has_nt, TRUE);
        assert_hr(IOPCSecurityNT_QueryMinImpersonationLevel(nt[i], &level), S_OK);
        assert_int_equal(level, RPC_C_IMP_LEVEL_IDENTIFY);
        assert_hr(IOPCSecurityPrivate_IsAvailablePriv(private, &has_private), S_OK);
        assert_int_equal(has_private, TRUE);
        assert_hr(IOPCSecurityPrivate_Logoff(private), E_FAIL);
        assert_hr(IOPCSecurityPrivate_Logon(private, USER, L"wrong"), E_ACCESSDENIED);
        assert_hr(IOPCSecurityNT_ChangeUser(nt[i]), S_OK);
        assert_hr(IOPCSecurityPrivate_Logon(private, USER, PASSWORD), S_OK);
        assert_hr(IOPCSecurityPrivate_Logon(private, L"nobody", L""), E_ACCESSDENIED);
        assert_hr(IOPCSecurityNT_ChangeUser(nt[i]), OPC_E_PRIVATE_ACTIVE);
        assert_hr(IOPCSecurityPrivate_Logoff(private), S_OK);
        assert_hr(IOPCSecurityPrivate_Logoff(private), E_FAIL);
        assert_hr(IOPCSecurityNT_ChangeUser(nt[i]), S_OK);
        assert_hr(IOPCSecurityNT_IsAvailableNT(nt[i], NULL), NULL_REF);
        assert_hr(IOPCSecurityNT_QueryMinImpersonationLevel(nt[i], NULL), NULL_REF);
        assert_hr(IOPCSecurityPrivate_IsAvailablePriv(private, NULL), NULL_REF);
        assert_hr(IOPCSecurityPrivate_Logon(private, NULL, PASSWORD), NULL_REF);
        assert_hr(IOPCSecurityPrivate_Logon(private, USER, NULL), NULL_REF);
        stage_release(private);
        server_close(nt[i]);
    }
}

/* A server answers PRIVATE_ACTIVE where somebody is logged on. */
static void test_switch(void **state)
{
    IOPCSecurityNT *nt = server_interface_through(&IID_IOPCSecurityNT);
    IOPCSecurityPrivate *private = get_private(nt);

    (void)state;
    assert_hr(IOPCSecurityNT_ChangeUser(nt), S_OK);
    assert_hr(IOPCSecurityPrivate_Logon(private, USER, PASSWORD), S_OK);
    stage_rmsim(L"/fault QA kill --away");
    assert_hr(IOPCSecurityNT_ChangeUser(nt), OPC_E_PRIVATE_ACTIVE);

    /* The link to the first machine is a new one now, and is told all of it in the right order. */
    stage_rmsim(L"/fault QA clear");
    stage_rmsim(L"/fault QB kill --away");
    assert_hr(server_wait_back((IUnknown *)nt), S_OK);
    assert_hr(IOPCSecurityNT_ChangeUser(nt), OPC_E_PRIVATE_ACTIVE);
    assert_false(server_has_event("refused to log the client on"));

    /* And logged off is logged off everywhere. */
    assert_hr(IOPCSecurityPrivate_Logoff(private), S_OK);
    stage_rmsim(L"/fault QB clear");
    stage_rmsim(L"/fault QA kill --away");
    assert_hr(server_wait_back((IUnknown *)nt), S_OK);
    assert_hr(IOPCSecurityPrivate_Logoff(private), E_FAIL);
    assert_hr(IOPCSecurityNT_ChangeUser(nt), S_OK);
    stage_release(private);
    server_close(nt);
}

static void test_logon_at_death(void **state)
{
    IOPCSecurityNT *nt = server_interface_through(&IID_IOPCSecurityNT);
    IOPCSecurityPrivate *private = get_private(nt);
    struct killer killer;

    (void)state;
    killer_start(&killer, L"IOPCSecurityPrivate.Logon");
    assert_hr(IOPCSecurityPrivate_Logon(private, USER, PASSWORD), S_OK);
    killer_join(&killer);
    assert_hr(IOPCSecurityNT_ChangeUser(nt), OPC_E_PRIVATE_ACTIVE);
    stage_release(private);
    server_close(nt);
}

/* A machine that takes the credentials no more: an event says so, and work goes on. */
static void test_refused_elsewhere(void **state)
{
    IOPCSecurityNT *nt = server_interface_through(&IID_IOPCSecurityNT);
    IOPCSecurityPrivate *private = get_private(nt);

    (void)state;
    stage_rmsim(L"/fault QB fail IOPCSecurityPrivate.Logon 0x80070005");
    assert_hr(IOPCSecurityPrivate_Logon(private, USER, PASSWORD), S_OK);
    stage_rmsim(L"/fault QA kill --away");
    assert_hr(IOPCSecurityNT_ChangeUser(nt), S_OK);
    assert_true(server_has_event("refused to log the client on"));
    stage_release(private);
    server_close(nt);
}

const struct CMUnitTest security_tests[] = {
    cmocka_unit_test(test_answers),
    cmocka_unit_test(test_switch),
    cmocka_unit_test(test_logon_at_death),
    cmocka_unit_test(test_refused_elsewhere),
};
const size_t security_test_count = ARRAYSIZE(security_tests);
