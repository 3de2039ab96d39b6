#include "stage.h"

static const IID *const server_iids[] = {
    &IID_IUnknown,           &IID_IOPCServer,
    &IID_IOPCCommon,         &IID_IOPCBrowseServerAddressSpace,
    &IID_IOPCItemProperties, &IID_IConnectionPointContainer,
};
static const IID *const group_iids[] = {
    &IID_IUnknown,   &IID_IOPCGroupStateMgt, &IID_IOPCItemMgt,
    &IID_IOPCSyncIO, &IID_IOPCAsyncIO2,      &IID_IConnectionPointContainer,
};

/* From each interface to each other one, always the same pointers, and one identity. */
static void check_identity(IUnknown *object, const IID *const *iids, size_t count)
{
    IUnknown *identity = stage_query(object, &IID_IUnknown);

    for (size_t from = 0; from < count; from++)
    {
        IUnknown *start = stage_query(object, iids[from]);
        void *missing = POISON;

        for (size_t to = 0; to < count; to++)
        {
            IUnknown *end = stage_query(start, iids[to]);
            IUnknown *back = stage_query(end, iids[from]);
            IUnknown *again = stage_query(end, &IID_IUnknown);

            assert_ptr_equal(back, start);
            assert_ptr_equal(again, identity);
            stage_release(again);
            stage_release(back);
            stage_release(end);
        }
        assert_hr(IUnknown_QueryInterface(start, &IID_IDispatch, &missing), E_NOINTERFACE);
        assert_null(missing);
        assert_hr(IUnknown_QueryInterface(start, &IID_IOPCBrowse, &missing), E_NOINTERFACE);
        assert_hr(IUnknown_QueryInterface(start, &IID_IOPCAsyncIO3, &missing), E_NOINTERFACE);
        assert_hr(IUnknown_QueryInterface(start, &IID_IUnknown, NULL), E_POINTER);
        stage_release(start);
    }
    stage_release(identity);
}

/* The counts that AddRef and Release return, over all interfaces of the object. */
static void check_counts(IUnknown *object, const IID *const *iids, size_t count)
{
    ULONG refs = IUnknown_AddRef(object);

    assert_int_equal(IUnknown_Release(object), refs - 1);
    for (size_t i = 0; i < count; i++)
    {
        IUnknown *other = stage_query(object, iids[i]);

        assert_int_equal(IUnknown_AddRef(other), refs + 1);
        assert_int_equal(IUnknown_Release(object), refs);
        assert_int_equal(IUnknown_Release(other), refs - 1);
    }
}

/* Its marshaler belongs to it: the identity is the object's. */
static bool has_own_marshaler(IUnknown *object)
{
    IMarshal *marshal = stage_query(object, &IID_IMarshal);
    CLSID clsid;
    HRESULT hr = IMarshal_GetUnmarshalClass(marshal, &IID_IUnknown, object, MSHCTX_INPROC, NULL,
                                            MSHLFLAGS_NORMAL, &clsid);
    IMarshal *other;
    IUnknown *unknown = stage_query(marshal, &IID_IUnknown);
    IUnknown *identity = stage_query(object, &IID_IUnknown);
    bool is_same = unknown == identity;

    other = stage_query(unknown, &IID_IMarshal);
    stage_release(other);
    stage_release(unknown);
    stage_release(identity);
    stage_release(marshal);
    return SUCCEEDED(hr) && is_same;
}

static void test_server(void **state)
{
    IOPCServer *server = stage_connect();

    (void)state;
    check_identity((IUnknown *)server, server_iids, ARRAYSIZE(server_iids));
    check_counts((IUnknown *)server, server_iids, ARRAYSIZE(server_iids));
    assert_true(has_own_marshaler((IUnknown *)server));
    assert_int_equal(IOPCServer_Release(server), 0);
}

/* A client that forgets its groups and releases the server first. */
static void test_group_outlives_server(void **state)
{
    IOPCServer *server = stage_connect();
    IUnknown *group = NULL;
    OPCHANDLE handle;
    DWORD rate;

    (void)state;
    assert_hr(IOPCServer_AddGroup(server, L"", TRUE, 100, 0, NULL, NULL, 0, &handle, &rate,
                                  &IID_IOPCGroupStateMgt, &group),
              S_OK);
    check_identity(group, group_iids, ARRAYSIZE(group_iids));
    check_counts(group, group_iids, ARRAYSIZE(group_iids));
    assert_true(has_own_marshaler(group));
    assert_int_equal(IOPCServer_Release(server), 0);
    assert_true(FAILED(IOPCGroupStateMgt_SetState((IOPCGroupStateMgt *)group, NULL, &rate, NULL,
                                                  NULL, NULL, NULL, NULL)));
    assert_int_equal(IUnknown_Release(group), 0);
}

/* An interface that nobody has: the class object must not leave a session behind. */
static void test_creation_refused(void **state)
{
    IUnknown *nothing = POISON;
    CLSID clsid;

    (void)state;
    assert_hr(CLSIDFromProgID(PROGID, &clsid), S_OK);
    assert_hr(
        CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IDispatch, (void **)&nothing),
        E_NOINTERFACE);
    assert_null(nothing);
}

/* Idle workers end after 5 s; one that is in an activation of a machine which has been killed can
 * only wait for COM, which under Wine gives up after some 30 s. */
#define UNLOAD_MS 60000

static HMODULE module; /* the DLL, which COM may let go of with the apartment */

static void wait_until_unloadable(void)
{
    union
    {
        FARPROC address;
        HRESULT(WINAPI *function)(void);
    } can_unload;
    ULONGLONG began = GetTickCount64();

    assert_non_null(module);
    can_unload.address = GetProcAddress(module, "DllCanUnloadNow");
    assert_non_null(can_unload.address);
    while (can_unload.function() != S_OK && GetTickCount64() - began < UNLOAD_MS)
        Sleep(50);
    print_message("unloadable after %lu ms\n", (unsigned long)(GetTickCount64() - began));
    assert_hr(can_unload.function(), S_OK);
}

/* Nothing of ours is left that would keep the DLL loaded, although the apartment goes on; nor
 * of a server that is made after that. */
static void test_unloadable_within_the_apartment(void **state)
{
    (void)state;
    assert_true(GetModuleHandleExW(0, L"redundancymaster.dll", &module));
    wait_until_unloadable();
    stage_release(stage_connect());
    wait_until_unloadable();
}

/* After all of that, and when the client's apartment is gone. */
static void test_unload(void **state)
{
    (void)state;
    wait_until_unloadable();
}

const struct CMUnitTest identity_tests[] = {
    cmocka_unit_test(test_server),
    cmocka_unit_test(test_group_outlives_server),
    cmocka_unit_test(test_creation_refused),
    cmocka_unit_test(test_unloadable_within_the_apartment),
};
const size_t identity_test_count = ARRAYSIZE(identity_tests);

const struct CMUnitTest unload_tests[] = {
    cmocka_unit_test(test_unload),
};
const size_t unload_test_count = ARRAYSIZE(unload_tests);
