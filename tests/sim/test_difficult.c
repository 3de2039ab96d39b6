/* Options of a difficult server: rates, limits, refused and slow items, codes, names, handles. Each
 * test registers SimTestF with the options that it is about. */
#include "testclient.h"

#include <wchar.h>

static const wchar_t machine[] = L"SimTestF";

static IOPCServer *open_with(const wchar_t *options, struct session *session, DWORD rate_ms)
{
    IOPCServer *server = test_connect_with(machine, options);
    test_open(session, server, rate_ms, TRUE);
    return server;
}

static void close_all(struct session *session, IOPCServer *server)
{
    test_close(session);
    IOPCServer_Release(server);
}

static HRESULT set_rate(struct session *session, DWORD requested, DWORD *revised)
{
    return IOPCGroupStateMgt_SetState(session->group, &requested, revised, NULL, NULL, NULL, NULL,
                                      NULL);
}

static void test_odd_rates(void **state)
{
    static const struct
    {
        DWORD requested;
        DWORD revised;
    } rows[] = {
        {0,    350 },
        {1,    70  },
        {70,   70  },
        {100,  210 },
        {210,  210 },
        {211,  350 },
        {1000, 1050},
    };
    struct session session;
    DWORD revised = 0;
    (void)state;
    IOPCServer *server = open_with(L"--odd-rates", &session, 100);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        HRESULT wanted = rows[i].requested == rows[i].revised ? S_OK : OPC_S_UNSUPPORTEDRATE;
        assert_int_equal(set_rate(&session, rows[i].requested, &revised), wanted);
        assert_int_equal(revised, rows[i].revised);
    }
    close_all(&session, server);
}

static HRESULT add_group(IOPCServer *server)
{
    DWORD handle = 0, revised = 0;
    LONG bias = 0;
    FLOAT deadband = 0;
    IUnknown *group = NULL;
    HRESULT result = IOPCServer_AddGroup(server, L"", TRUE, 100, 1, &bias, &deadband, 0, &handle,
                                         &revised, &IID_IOPCItemMgt, &group);
    if (SUCCEEDED(result))
    {
        assert_int_equal(IOPCServer_RemoveGroup(server, handle, TRUE), S_OK);
        IUnknown_Release(group);
    }
    return result;
}

static void test_limit_of_groups(void **state)
{
    struct session first, second;
    IUnknown *clone = NULL;
    (void)state;
    IOPCServer *server = open_with(L"--max-groups 2", &first, 100);
    test_open(&second, server, 100, TRUE);
    assert_int_equal(add_group(server), E_OUTOFMEMORY);
    assert_int_equal(IOPCGroupStateMgt_CloneGroup(first.group, L"clone", &IID_IOPCItemMgt, &clone),
                     E_OUTOFMEMORY);
    assert_null(clone);
    test_close(&second);
    assert_int_equal(add_group(server), S_OK);
    close_all(&first, server);
    server = open_with(L"--max-groups 1 --vendor-codes", &first, 100);
    assert_int_equal(add_group(server), (HRESULT)0xC0048005);
    close_all(&first, server);
}

static HRESULT try_connect(void)
{
    CLSID clsid;
    void *object = NULL;
    assert_int_equal(CLSIDFromProgID(L"RMSim.SimTestF.1", &clsid), S_OK);
    HRESULT result = CoCreateInstance(&clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IOPCServer, &object);
    if (SUCCEEDED(result))
    {
        IOPCServer_Release((IOPCServer *)object);
    }
    return result;
}

static void test_limit_of_clients(void **state)
{
    (void)state;
    IOPCServer *first = test_connect_with(machine, L"--max-clients 2");
    IOPCServer *second = test_connect(machine);
    assert_int_equal(try_connect(), CLASS_E_NOTLICENSED);
    assert_int_equal(test_state(first), OPC_STATUS_RUNNING);
    IOPCServer_Release(second);
    HRESULT result = CLASS_E_NOTLICENSED;
    for (int i = 0; i < 10 && result == CLASS_E_NOTLICENSED; i++)
    {
        result = try_connect(); /* a released session takes a moment to end */
    }
    assert_int_equal(result, S_OK);
    IOPCServer_Release(first);
}

static void test_refused_and_slow_items(void **state)
{
    struct session session;
    (void)state;
    IOPCServer *server = open_with(L"--refuse-items Memory.* --slow-add 200", &session, 100);
    DWORD start = GetTickCount();
    assert_int_equal(test_try_add(&session, L"Memory.I4", NULL), OPC_E_UNKNOWNITEMID);
    assert_int_equal(test_try_add(&session, L"Counters.C0001", NULL), S_OK);
    assert_true(GetTickCount() - start >= 390);
    start = GetTickCount();
    assert_int_equal(test_validate(&session, L"Memory.I4"), OPC_E_UNKNOWNITEMID);
    assert_true(GetTickCount() - start < 190);
    close_all(&session, server);
}

static void check_text(IOPCServer *server, HRESULT code)
{
    LPWSTR text = NULL;
    assert_int_equal(IOPCServer_GetErrorString(server, code, 0, &text), S_OK);
    assert_int_equal(wcsncmp(text, L"RMSim: ", 7), 0);
    CoTaskMemFree(text);
}

static void test_vendor_codes(void **state)
{
    struct session session;
    OPCITEMSTATE value;
    DWORD handle = 0, revised = 0;
    FLOAT deadband = 99;
    (void)state;
    IOPCServer *server = open_with(L"--vendor-codes", &session, 100);
    assert_int_equal(test_try_add(&session, L"Vendor.AddNote", &handle), (HRESULT)0x00048001);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, handle, &value), S_OK);
    assert_int_equal(test_try_add(&session, L"Vendor.AddRefused", NULL), (HRESULT)0xC0048001);
    assert_int_equal(test_try_add(&session, L"Vendor.ReadNote", &handle), S_OK);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, handle, &value), (HRESULT)0x00048002);
    assert_int_equal(V_VT(&value.vDataValue), VT_I4);
    assert_int_equal(test_try_add(&session, L"Vendor.ReadFails", &handle), S_OK);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, handle, &value), (HRESULT)0xC0048002);
    assert_int_equal(V_VT(&value.vDataValue), VT_EMPTY);
    assert_int_equal(test_try_add(&session, L"Vendor.WriteNote", &handle), S_OK);
    assert_int_equal(test_write(&session, handle, test_i4(3)), (HRESULT)0x00048003);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, handle, &value), S_OK);
    assert_int_equal(V_I4(&value.vDataValue), 3);
    assert_int_equal(test_try_add(&session, L"Vendor.WriteFails", &handle), S_OK);
    assert_int_equal(test_write(&session, handle, test_i4(3)), (HRESULT)0xC0048003);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, handle, &value), S_OK);
    assert_int_equal(V_I4(&value.vDataValue), 0);
    assert_int_equal(set_rate(&session, 200, &revised), (HRESULT)0x00048004);
    assert_int_equal(IOPCGroupStateMgt_SetState(session.group, NULL, &revised, NULL, NULL,
                                                &deadband, NULL, NULL),
                     (HRESULT)0xC0048004);
    check_text(server, (HRESULT)0x00048001);
    check_text(server, (HRESULT)0xC0048003);
    close_all(&session, server);
}

static void test_no_vendor_codes_without_the_option(void **state)
{
    LPWSTR text = NULL;
    (void)state;
    IOPCServer *server = test_shared();
    assert_int_equal(IOPCServer_GetErrorString(server, (HRESULT)0xC0048001, 0, &text),
                     E_INVALIDARG);
    IOPCServer_Release(server);
}

static const wchar_t *const names[] = {
    L"\u00DCberwachung.K\u00FChlgr\u00F6\u00DFe",
    L"\u041D\u0430\u0441\u043E\u0441.\u0414\u0430\u0432\u043B\u0435\u043D\u0438\u0435",
    L"\u6E29\u5EA6.\u5024",
    L"\U0001D518\U0001D52B\U0001D526.\U0001F321",
    L"With Space.Motor 1 \u2013 running",
};

/* The items that a flat browse finds, and how long the longest name is. */
static bool has_name(IOPCServer *server, const wchar_t *wanted, size_t *longest)
{
    IEnumString *found = NULL;
    bool is_found = false;
    LPOLESTR name = NULL;
    ULONG fetched = 0;
    IOPCBrowseServerAddressSpace *browse = test_query(server, &IID_IOPCBrowseServerAddressSpace);
    assert_int_equal(
        IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(browse, OPC_FLAT, L"", VT_I4, 0, &found),
        S_OK);
    while (IEnumString_Next(found, 1, &name, &fetched) == S_OK)
    {
        is_found = is_found || wcscmp(name, wanted) == 0;
        *longest = wcslen(name) > *longest ? wcslen(name) : *longest;
        CoTaskMemFree(name);
    }
    IEnumString_Release(found);
    IOPCBrowseServerAddressSpace_Release(browse);
    return is_found;
}

static void test_unicode_names(void **state)
{
    struct session session;
    OPCITEMSTATE value;
    size_t longest = 0;
    (void)state;
    IOPCServer *server = open_with(L"--unicode --counters 1", &session, 100);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    {
        DWORD handle = 0;
        assert_int_equal(test_try_add(&session, names[i], &handle), S_OK);
        assert_int_equal(test_write(&session, handle, test_i4((LONG)i + 1)), S_OK);
        assert_int_equal(test_read(&session, OPC_DS_DEVICE, handle, &value), S_OK);
        assert_int_equal(V_I4(&value.vDataValue), i + 1);
    }
    assert_true(has_name(server, names[3], &longest));
    assert_int_equal(longest, 406);
    close_all(&session, server);
}

static void test_high_handles(void **state)
{
    struct session session;
    OPCITEMSTATE value;
    HRESULT *errors = NULL;
    DWORD old = 0, handle = 0;
    (void)state;
    IOPCServer *server = open_with(L"--high-handles", &session, 100);
    assert_int_equal(session.group_handle >> 30, 3);
    assert_int_equal(test_try_add(&session, L"Memory.I4", &old), S_OK);
    assert_int_equal(old >> 31, 1);
    assert_int_equal(test_write(&session, old, test_i4(8)), S_OK);
    assert_int_equal(IOPCItemMgt_RemoveItems(session.items, 1, &old, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_int_equal(test_try_add(&session, L"Memory.I4", &handle), S_OK);
    assert_int_equal(handle >> 31, 1);
    assert_int_not_equal(handle, old);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, handle, &value), S_OK);
    assert_int_equal(V_I4(&value.vDataValue), 8);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, old, &value), OPC_E_INVALIDHANDLE);
    close_all(&session, server);
}

static void test_not_ready_after_the_start(void **state)
{
    struct session session;
    OPCITEMSTATE value;
    (void)state;
    IOPCServer *server = open_with(L"--not-ready 3", &session, 100);
    DWORD start = GetTickCount();
    DWORD handle = test_add(&session, L"Memory.I4", 1, VT_EMPTY);
    assert_int_equal(test_state(server), OPC_STATUS_NOCONFIG);
    assert_int_equal(test_read(&session, OPC_DS_DEVICE, handle, &value), S_OK);
    assert_int_equal(value.wQuality, OPC_QUALITY_BAD);
    test_advise(&session);
    test_wait(&session, RECORD_CHANGE, 2);
    assert_int_equal(test_record(&session, RECORD_CHANGE, 0).quality, OPC_QUALITY_BAD);
    assert_int_equal(test_record(&session, RECORD_CHANGE, 1).quality, OPC_QUALITY_GOOD);
    assert_int_equal(test_state(server), OPC_STATUS_RUNNING);
    assert_true(GetTickCount() - start < 4000);
    close_all(&session, server);
}

/* However many there are, and also values with spaces and without a character. */
static void test_many_options(void **state)
{
    struct session session;
    wchar_t options[400] = L"--refuse-items \"With Space.*\" --unicode --journal \"\"";
    (void)state;
    for (int i = 0; i < 15; i++)
    {
        wcscat(options, L" --max-groups 7");
    }
    assert_true(wcslen(options) > MAX_PATH);
    wcscat(options, L" --max-groups 1");
    IOPCServer *server = open_with(options, &session, 100);
    assert_int_equal(test_try_add(&session, names[4], NULL), OPC_E_UNKNOWNITEMID);
    assert_int_equal(test_try_add(&session, names[0], NULL), S_OK);
    assert_int_equal(add_group(server), E_OUTOFMEMORY);
    close_all(&session, server);
}

static void test_wrong_options_are_told(void **state)
{
    (void)state;
    assert_int_equal(test_rmsim(L"/regserver SimTestF --apartment free"), 2);
    assert_int_equal(test_rmsim(L"/regserver SimTestF --batch -1"), 2);
    assert_int_equal(test_rmsim(L"/regserver SimTestF --refuse-items"), 2);
}

const struct CMUnitTest difficult_tests[] = {
    cmocka_unit_test(test_odd_rates),
    cmocka_unit_test(test_limit_of_groups),
    cmocka_unit_test(test_limit_of_clients),
    cmocka_unit_test(test_refused_and_slow_items),
    cmocka_unit_test(test_vendor_codes),
    cmocka_unit_test(test_no_vendor_codes_without_the_option),
    cmocka_unit_test(test_unicode_names),
    cmocka_unit_test(test_high_handles),
    cmocka_unit_test(test_not_ready_after_the_start),
    cmocka_unit_test(test_many_options),
    cmocka_unit_test(test_wrong_options_are_told),
};
const size_t difficult_test_count = sizeof(difficult_tests) / sizeof(difficult_tests[0]);
