/* Values with something behind them that belongs to the client's apartment. */
#include "stage.h"

/* An object of the test's thread, which counts who calls it from elsewhere. */
static struct object
{
    IUnknown IUnknown_iface;
    LONG refs;
    DWORD thread;
    volatile LONG foreign_calls;
} object;

static void note_call(void)
{
    if (GetCurrentThreadId() != object.thread)
        InterlockedIncrement(&object.foreign_calls);
}

static HRESULT WINAPI object_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    note_call();
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown))
        return E_NOINTERFACE;
    *out = iface;
    InterlockedIncrement(&object.refs);
    return S_OK;
}

static ULONG WINAPI object_AddRef(IUnknown *iface)
{
    (void)iface;
    note_call();
    return (ULONG)InterlockedIncrement(&object.refs);
}

static ULONG WINAPI object_Release(IUnknown *iface)
{
    (void)iface;
    note_call();
    return (ULONG)InterlockedDecrement(&object.refs);
}

static const IUnknownVtbl object_vtbl = {object_QueryInterface, object_AddRef, object_Release};

static bool is_single_threaded(void)
{
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;

    return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) && type != APTTYPE_MTA;
}

/* The server takes no objects, but it is told of one as of any other value. */
static void write_object(struct stage_group *group, OPCHANDLE handle, VARIANT *value)
{
    ULONGLONG until = GetTickCount64() + WAIT_MS;
    HRESULT *errors = NULL;

    object.IUnknown_iface.lpVtbl = &object_vtbl;
    object.thread = GetCurrentThreadId();
    object.foreign_calls = 0;
    assert_hr(IOPCSyncIO_Write(group->sync, 1, &handle, value, &errors), S_FALSE);
    assert_true(FAILED(errors[0]));
    CoTaskMemFree(errors);
    /* What the marshaling holds goes a little later. */
    while (object.refs > 1 && GetTickCount64() < until)
        stage_pump(NULL, 20);
    assert_int_equal(object.refs, 1);
    if (is_single_threaded())
        assert_int_equal(object.foreign_calls, 0);
}

static void test_object(void **state)
{
    struct stage_group group;
    OPCHANDLE handle;
    VARIANT value;

    (void)state;
    stage_group_open(&group, L"");
    handle = stage_add(&group, L"Memory.I4", 1);
    object.refs = 1;
    V_VT(&value) = VT_UNKNOWN;
    V_UNKNOWN(&value) = &object.IUnknown_iface;
    write_object(&group, handle, &value);
    stage_group_close(&group);
}

static void test_object_in_array(void **state)
{
    SAFEARRAY *array = SafeArrayCreateVector(VT_VARIANT, 0, 2);
    VARIANT *elements = array->pvData;
    struct stage_group group;
    OPCHANDLE handle;
    VARIANT value;

    (void)state;
    stage_group_open(&group, L"");
    handle = stage_add(&group, L"Memory.I4", 1);
    object.refs = 1;
    V_VT(&elements[1]) = VT_UNKNOWN;
    V_UNKNOWN(&elements[1]) = &object.IUnknown_iface;
    V_VT(&value) = VT_ARRAY | VT_VARIANT;
    V_ARRAY(&value) = array;
    write_object(&group, handle, &value);
    V_VT(&elements[1]) = VT_EMPTY; /* the array did not own it */
    SafeArrayDestroy(array);
    stage_group_close(&group);
}

/* A reference that leads to itself is refused, not followed for ever. */
static void test_circle(void **state)
{
    struct stage_group group;
    HRESULT *errors = POISON;
    OPCHANDLE handle;
    VARIANT value;

    (void)state;
    stage_group_open(&group, L"");
    handle = stage_add(&group, L"Memory.I4", 1);
    V_VT(&value) = VT_BYREF | VT_VARIANT;
    V_VARIANTREF(&value) = &value;
    assert_hr(IOPCSyncIO_Write(group.sync, 1, &handle, &value, &errors), DISP_E_BADVARTYPE);
    assert_null(errors);
    stage_group_close(&group);
}

const struct CMUnitTest value_tests[] = {
    cmocka_unit_test(test_object),
    cmocka_unit_test(test_object_in_array),
    cmocka_unit_test(test_circle),
};
const size_t value_test_count = ARRAYSIZE(value_tests);
