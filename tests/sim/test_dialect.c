/* --other-dialect: each row of the disagreements between the specifications is answered in both
 * ways (difficulty.h). Each test runs against the one dialect and the other. */
#include "testclient.h"

#include <opc/opcsec.h>
#include <string.h>

static const wchar_t machine[] = L"SimTestF";

struct dialect
{
    const wchar_t *options;
    bool is_other;
    int da;
};

static const struct dialect dialects[] = {
    {L"--security",                        false, 2},
    {L"--security --other-dialect",        true,  2},
    {L"--security --da 3",                 false, 3},
    {L"--security --da 3 --other-dialect", true,  3},
};

static HRESULT add_group(IOPCServer *server, const wchar_t *name, FLOAT deadband, DWORD *handle,
                         DWORD *revised)
{
    IUnknown *group = NULL;
    HRESULT result = IOPCServer_AddGroup(server, name, TRUE, 100, 1, NULL, &deadband, 0, handle,
                                         revised, &IID_IOPCItemMgt, &group);
    if (SUCCEEDED(result))
    {
        IUnknown_Release(group);
    }
    return result;
}

static void check_logon(IOPCServer *server, const struct dialect *dialect)
{
    IOPCSecurityPrivate *security = test_query(server, &IID_IOPCSecurityPrivate);
    assert_int_equal(IOPCSecurityPrivate_Logon(security, L"clear", L"plant"),
                     dialect->is_other ? (HRESULT)0x00040303 : (HRESULT)0xC0040303);
    assert_int_equal(IOPCSecurityPrivate_Logoff(security), dialect->is_other ? S_OK : E_FAIL);
    IOPCSecurityPrivate_Release(security);
}

static void check_groups(IOPCServer *server, const struct dialect *dialect)
{
    HRESULT refused = dialect->da == 2 ? E_INVALIDARG : OPC_E_DEADBANDNOTSUPPORTED;
    DWORD handle = 0, revised = 0;
    assert_int_equal(add_group(server, L"dead", 5, &handle, &revised),
                     dialect->is_other ? refused : S_OK);
    if (!dialect->is_other)
    {
        assert_int_equal(IOPCServer_RemoveGroup(server, handle, FALSE), S_OK);
    }
    assert_int_equal(add_group(server, L"one", 0, &handle, &revised), S_OK);
    DWORD again = 0;
    assert_int_equal(add_group(server, L"one", 0, &again, &revised), OPC_E_DUPLICATENAME);
    assert_int_equal(revised, dialect->is_other ? 4711 : 0);
    assert_int_equal(IOPCServer_RemoveGroup(server, handle, FALSE), S_OK);
}

static void check_enumerators(IOPCServer *server, const struct dialect *dialect)
{
    IUnknown *names = NULL;
    assert_int_equal(
        IOPCServer_CreateGroupEnumerator(server, OPC_ENUM_ALL, &IID_IEnumString, &names), S_FALSE);
    assert_int_equal(names == NULL, dialect->is_other);
    if (names != NULL)
    {
        IUnknown_Release(names);
    }
    struct session session;
    test_open(&session, server, 100, TRUE);
    IUnknown *items = NULL;
    assert_int_equal(
        IOPCItemMgt_CreateEnumerator(session.items, &IID_IEnumOPCItemAttributes, &items), S_FALSE);
    assert_int_equal(items == NULL, !dialect->is_other);
    if (items != NULL)
    {
        IUnknown_Release(items);
    }
    test_close(&session);
}

static void check_items(IOPCServer *server, const struct dialect *dialect)
{
    struct session session;
    wchar_t id[] = L"Memory.I4";
    OPCITEMDEF definition = {.szItemID = id, .bActive = TRUE};
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    OPCITEMSTATE state;
    test_open(&session, server, 3600000, TRUE);
    assert_true(SUCCEEDED(
        IOPCItemMgt_ValidateItems(session.items, 1, &definition, FALSE, &results, &errors)));
    assert_int_equal(errors[0], dialect->is_other ? OPC_E_UNKNOWNPATH : S_OK);
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    DWORD handle = test_add(&session, id, 1, VT_EMPTY);
    assert_int_equal(test_read(&session, OPC_DS_CACHE, handle, &state), S_OK);
    WORD initial = dialect->da == 2 ? OPC_QUALITY_BAD : OPC_QUALITY_WAITING_FOR_INITIAL_DATA;
    assert_int_equal(state.wQuality, dialect->is_other ? initial : OPC_QUALITY_GOOD);
    VariantClear(&state.vDataValue);
    test_close(&session);
}

static void check_properties(IOPCServer *server, const struct dialect *dialect)
{
    IOPCItemProperties *properties = test_query(server, &IID_IOPCItemProperties);
    wchar_t id[] = L"Memory.I4";
    DWORD type = OPC_PROPERTY_EU_TYPE;
    VARIANT *values = NULL;
    HRESULT *errors = NULL;
    assert_true(SUCCEEDED(
        IOPCItemProperties_GetItemProperties(properties, id, 1, &type, &values, &errors)));
    assert_int_equal(errors[0] == S_OK, (dialect->da == 3) != dialect->is_other);
    VariantClear(&values[0]);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    IOPCItemProperties_Release(properties);
}

static void check_vqt(IOPCServer *server, const struct dialect *dialect)
{
    IOPCItemIO *io = test_query(server, &IID_IOPCItemIO);
    LPCWSTR ids[] = {L"Analog.Setpoint"};
    OPCITEMVQT vqt = {.vDataValue = test_r8(1), .bQualitySpecified = TRUE, .wQuality = 192};
    HRESULT *errors = NULL;
    assert_int_equal(IOPCItemIO_WriteVQT(io, 1, ids, &vqt, &errors),
                     dialect->is_other ? OPC_E_NOTSUPPORTED : S_FALSE);
    assert_int_equal(errors == NULL, dialect->is_other);
    CoTaskMemFree(errors);
    IOPCItemIO_Release(io);
}

static void test_dialects(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(dialects) / sizeof(dialects[0]); i++)
    {
        const struct dialect *dialect = &dialects[i];
        IOPCServer *server = test_connect_with(machine, dialect->options);
        check_logon(server, dialect);
        check_enumerators(server, dialect);
        check_groups(server, dialect);
        check_items(server, dialect);
        check_properties(server, dialect);
        if (dialect->da == 3)
        {
            check_vqt(server, dialect);
        }
        IOPCServer_Release(server);
    }
}

/* A refresh from the device of one active and one inactive item. */
static void test_refresh_of_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++)
    {
        struct session session;
        DWORD cancel_id = 0;
        HRESULT *errors = NULL;
        IOPCServer *server = test_connect_with(machine, dialects[i].options);
        test_open(&session, server, 1000, TRUE);
        test_add(&session, L"Quality.Good", 1, VT_EMPTY);
        DWORD handle = test_add(&session, L"Quality.Bad", 2, VT_EMPTY);
        assert_int_equal(IOPCItemMgt_SetActiveState(session.items, 1, &handle, FALSE, &errors),
                         S_OK);
        CoTaskMemFree(errors);
        test_advise(&session);
        test_wait(&session, RECORD_CHANGE, 1);
        test_forget(&session);
        assert_int_equal(IOPCAsyncIO2_Refresh2(session.async, OPC_DS_DEVICE, 9, &cancel_id), S_OK);
        test_wait(&session, RECORD_CHANGE, dialects[i].is_other ? 2 : 1);
        assert_int_equal(test_record(&session, RECORD_CHANGE, 0).transaction, 9);
        assert_int_equal(test_count(&session, RECORD_CHANGE), dialects[i].is_other ? 2 : 1);
        test_close(&session);
        IOPCServer_Release(server);
    }
}

const struct CMUnitTest dialect_tests[] = {
    cmocka_unit_test(test_dialects),
    cmocka_unit_test(test_refresh_of_all),
};
const size_t dialect_test_count = sizeof(dialect_tests) / sizeof(dialect_tests[0]);
