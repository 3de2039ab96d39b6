/* Values that are objects of the server: whatever way they come, the client's own thread can call
 * them, as it could without us. */
#include "stage3.h"

#include <opc/opcconst.h>

#define ANSWER 4711 /* of rmsim's objects */

/* The methods want writable texts, although they only read them. */
static WCHAR unknown_id[] = L"Objects.Unknown", dispatch_id[] = L"Objects.Dispatch",
             nested_id[] = L"Objects.Nested";
static LPWSTR ids[] = {unknown_id, dispatch_id, nested_id};

#define ID_COUNT ((DWORD)ARRAYSIZE(ids))

static UINT ask(IUnknown *object)
{
    IDispatch *dispatch = NULL;
    UINT count = 0;

    assert_non_null(object);
    assert_hr(IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&dispatch), S_OK);
    assert_hr(IDispatch_GetTypeInfoCount(dispatch, &count), S_OK);
    IDispatch_Release(dispatch);
    return count;
}

static void check_nested(const VARIANT *value)
{
    VARIANT *elements = V_ARRAY(value)->pvData;

    assert_int_equal(V_VT(value), VT_ARRAY | VT_VARIANT);
    assert_int_equal(V_ARRAY(value)->rgsabound[0].cElements, 3);
    assert_int_equal(V_I4(&elements[0]), 7);
    assert_int_equal(V_VT(&elements[1]), VT_DISPATCH);
    assert_int_equal(ask((IUnknown *)V_DISPATCH(&elements[1])), ANSWER);
    assert_int_equal(V_VT(&elements[2]), VT_ARRAY | VT_DISPATCH);
    assert_int_equal(ask(*(IUnknown **)V_ARRAY(&elements[2])->pvData), ANSWER);
}

/* The value of the item of that number; ends it. */
static void check(DWORD which, VARIANT *value)
{
    if (which == 2)
    {
        check_nested(value);
    }
    else
    {
        assert_int_equal(V_VT(value), which == 0 ? VT_UNKNOWN : VT_DISPATCH);
        assert_int_equal(ask(V_UNKNOWN(value)), ANSWER);
    }
    VariantClear(value);
}

static void check_all(HRESULT hr, VARIANT *values, HRESULT *errors)
{
    assert_hr(hr, S_OK);
    for (DWORD i = 0; i < ID_COUNT; i++)
    {
        assert_hr(errors[i], S_OK);
        check(i, &values[i]);
    }
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
}

static void check_group(struct stage3_group *group)
{
    DWORD ages[ID_COUNT] = {0};
    OPCHANDLE handles[ID_COUNT];
    HRESULT *errors = NULL, *late_errors = NULL;
    OPCITEMSTATE *states = NULL;
    VARIANT *values = NULL;
    FILETIME *stamps = NULL;
    WORD *qualities = NULL;
    HRESULT hr;

    for (DWORD i = 0; i < ID_COUNT; i++)
        handles[i] = stage3_add(group, ids[i], i + 1);
    assert_hr(IOPCSyncIO2_Read(group->sync, OPC_DS_DEVICE, ID_COUNT, handles, &states, &errors),
              S_OK);
    for (DWORD i = 0; i < ID_COUNT; i++)
        check(i, &states[i].vDataValue);
    CoTaskMemFree(states);
    CoTaskMemFree(errors);
    hr = IOPCSyncIO2_ReadMaxAge(group->sync, ID_COUNT, handles, ages, &values, &qualities, &stamps,
                                &late_errors);
    check_all(hr, values, late_errors);
    CoTaskMemFree(qualities);
    CoTaskMemFree(stamps);
}

/* A data callback comes with what its thread may call, too. */
static void check_callback(struct stage3_group *group)
{
    stage3_advise(group);
    assert_true(sink_wait(group->sink, &group->sink->object_answers, ANSWER));
}

static void check_item_io(IOPCServer *server)
{
    DWORD ages[ID_COUNT] = {0};
    VARIANT *values = NULL;
    WORD *qualities = NULL;
    FILETIME *stamps = NULL;
    HRESULT *errors = NULL;
    IOPCItemIO *item_io;
    HRESULT hr;

    assert_hr(IOPCServer_QueryInterface(server, &IID_IOPCItemIO, (void **)&item_io), S_OK);
    hr = IOPCItemIO_Read(item_io, ID_COUNT, (LPCWSTR *)(void *)ids, ages, &values, &qualities,
                         &stamps, &errors);
    check_all(hr, values, errors);
    CoTaskMemFree(qualities);
    CoTaskMemFree(stamps);
    IOPCItemIO_Release(item_io);
}

static void free_property(OPCITEMPROPERTY *property)
{
    CoTaskMemFree(property->szItemID);
    CoTaskMemFree(property->szDescription);
    CoTaskMemFree(property);
}

static void check_properties(IOPCServer *server)
{
    static DWORD value_id[] = {OPC_PROPERTY_VALUE};
    OPCITEMPROPERTIES *properties = NULL;
    IOPCItemProperties *older;
    IOPCBrowse *browse;

    assert_hr(IOPCServer_QueryInterface(server, &IID_IOPCBrowse, (void **)&browse), S_OK);
    assert_hr(IOPCBrowse_GetProperties(browse, ID_COUNT, ids, TRUE, 1, value_id, &properties),
              S_OK);
    for (DWORD i = 0; i < ID_COUNT; i++)
    {
        check(i, &properties[i].pItemProperties[0].vValue);
        free_property(properties[i].pItemProperties);
    }
    CoTaskMemFree(properties);
    IOPCBrowse_Release(browse);
    assert_hr(IOPCServer_QueryInterface(server, &IID_IOPCItemProperties, (void **)&older), S_OK);
    for (DWORD i = 0; i < ID_COUNT; i++)
    {
        VARIANT *values = NULL;
        HRESULT *errors = NULL;

        assert_hr(
            IOPCItemProperties_GetItemProperties(older, ids[i], 1, value_id, &values, &errors),
            S_OK);
        check(i, &values[0]);
        CoTaskMemFree(values);
        CoTaskMemFree(errors);
    }
    IOPCItemProperties_Release(older);
}

static void check_browse(IOPCServer *server)
{
    static WCHAR branch[] = L"Objects", no_filter[] = L"";
    static DWORD value_id[] = {OPC_PROPERTY_VALUE};
    OPCBROWSEELEMENT *elements = NULL;
    WCHAR *point = NULL;
    IOPCBrowse *browse;
    DWORD count = 0, seen = 0;
    BOOL has_more;

    assert_hr(IOPCServer_QueryInterface(server, &IID_IOPCBrowse, (void **)&browse), S_OK);
    assert_hr(IOPCBrowse_Browse(browse, branch, &point, 0, OPC_BROWSE_FILTER_ITEMS, no_filter,
                                no_filter, FALSE, TRUE, 1, value_id, &has_more, &count, &elements),
              S_OK);
    assert_int_equal(count, ID_COUNT);
    for (DWORD i = 0; i < count; i++)
    {
        for (DWORD which = 0; which < ID_COUNT; which++)
        {
            if (wcscmp(elements[i].szItemID, ids[which]) == 0)
            {
                check(which, &elements[i].ItemProperties.pItemProperties[0].vValue);
                seen++;
            }
        }
        free_property(elements[i].ItemProperties.pItemProperties);
        CoTaskMemFree(elements[i].szName);
        CoTaskMemFree(elements[i].szItemID);
    }
    assert_int_equal(seen, ID_COUNT);
    CoTaskMemFree(elements);
    CoTaskMemFree(point);
    IOPCBrowse_Release(browse);
}

static void check_server(bool is_direct)
{
    IOPCServer *server = stage3_connect(PROGID3, is_direct);
    struct stage3_group group;

    stage3_open(&group, server, L"Objects");
    check_group(&group);
    check_callback(&group);
    stage3_close(&group);
    check_item_io(server);
    check_properties(server);
    check_browse(server);
    assert_int_equal(stage_release(server), 0);
}

static void test_directly(void **state)
{
    (void)state;
    check_server(true);
}

static void test_through(void **state)
{
    (void)state;
    check_server(false);
}

const struct CMUnitTest object_tests[] = {
    stage3_test(test_directly),
    stage3_test(test_through),
};
const size_t object_test_count = ARRAYSIZE(object_tests);
