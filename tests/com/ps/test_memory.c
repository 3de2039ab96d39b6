/*
 * Neither process grows from calls that carry arrays.
 *
 * Regression: without the repair of widl's output Wine's stub never frees an [in] array of
 * VARIANTs, of structures with pointers, or (in 64 bit) of strings. A hundred VARIANTs are then
 * lost with each call: 2,400 bytes in 64 bit, 1,600 in 32 bit. Both processes are measured, each
 * from within.
 */
#include "heap.h"
#include "ps_sink.h"
#include "ps_test.h"

#define ITEMS         100
#define WARM_UP       50
#define CALLS         500
#define ALLOWED_BYTES 65536 /* the smallest loss to be seen: 500 x 100 pointers, 400,000 bytes */
#define SAMPLE_R8     13

static OPCHANDLE numbers[ITEMS];

static void assert_no_growth(void (*call)(void *object), void *object)
{
    DWORD own, server;
    LONG own_growth, server_growth;

    for (DWORD i = 0; i < WARM_UP; i++)
        call(object);
    own = heap_in_use();
    server = server_heap();
    for (DWORD i = 0; i < CALLS; i++)
        call(object);
    own_growth = (LONG)(heap_in_use() - own);
    server_growth = (LONG)(server_heap() - server);
    if (own_growth >= ALLOWED_BYTES || server_growth >= ALLOWED_BYTES)
        print_error("growth in %d calls: client %ld, server %ld bytes\n", CALLS, own_growth,
                    server_growth);
    assert_true(server_growth < ALLOWED_BYTES);
    assert_true(own_growth < ALLOWED_BYTES);
}

static void call_write(void *object)
{
    IOPCSyncIO2 *group = object;
    VARIANT values[ITEMS];
    HRESULT *errors;

    for (DWORD i = 0; i < ITEMS; i++)
    {
        numbers[i] = 6;
        V_VT(&values[i]) = VT_I4;
        V_I4(&values[i]) = (LONG)0x80000001;
    }
    assert_hr(IOPCSyncIO2_Write(group, ITEMS, numbers, values, &errors), S_OK);
    CoTaskMemFree(errors);
}

static void call_write_vqt(void *object)
{
    IOPCSyncIO2 *group = object;
    OPCITEMVQT vqts[ITEMS] = {0};
    HRESULT *errors;

    assert_hr(IOPCSyncIO2_WriteVQT(group, ITEMS, numbers, vqts, &errors), S_OK);
    CoTaskMemFree(errors);
}

static void call_read(void *object)
{
    IOPCSyncIO2 *group = object;
    OPCITEMSTATE *states;
    HRESULT *errors;

    for (DWORD i = 0; i < ITEMS; i++)
        numbers[i] = i % 2 ? 35 : SAMPLE_R8;
    assert_hr(IOPCSyncIO2_Read(group, OPC_DS_CACHE, ITEMS, numbers, &states, &errors), S_FALSE);
    for (DWORD i = 0; i < ITEMS; i++)
        VariantClear(&states[i].vDataValue);
    CoTaskMemFree(states);
    CoTaskMemFree(errors);
}

static void call_add_items(void *object)
{
    IOPCItemMgt *group = object;
    WCHAR path[] = L"", item[] = L"Plant.Boiler.Temperature";
    OPCITEMDEF items[ITEMS] = {0};
    OPCITEMRESULT *results;
    HRESULT *errors;

    for (DWORD i = 0; i < ITEMS; i++)
    {
        items[i].szAccessPath = path;
        items[i].szItemID = item;
    }
    assert_hr(IOPCItemMgt_AddItems(group, ITEMS, items, &results, &errors), S_FALSE);
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
}

static void call_item_read(void *object)
{
    IOPCItemIO *io = object;
    LPCWSTR items[ITEMS];
    DWORD ages[ITEMS] = {0};
    VARIANT *values;
    WORD *qualities;
    FILETIME *times;
    HRESULT *errors;

    for (DWORD i = 0; i < ITEMS; i++)
        items[i] = L"Plant.Boiler.Temperature";
    assert_hr(IOPCItemIO_Read(io, ITEMS, items, ages, &values, &qualities, &times, &errors),
              S_FALSE);
    for (DWORD i = 0; i < ITEMS; i++)
        VariantClear(&values[i]);
    CoTaskMemFree(values);
    CoTaskMemFree(qualities);
    CoTaskMemFree(times);
    CoTaskMemFree(errors);
}

static void call_refresh(void *object)
{
    IOPCAsyncIO3 *group = object;
    DWORD cancel;

    assert_hr(IOPCAsyncIO3_RefreshMaxAge(group, ITEMS, 1, &cancel), S_OK);
    assert_int_equal(sink_last.count, ITEMS);
    assert_int_equal(sink_last.wrong, 0);
}

static void call_error_string(void *object)
{
    IOPCServer *server = object;
    WCHAR *text;

    assert_hr(IOPCServer_GetErrorString(server, OPC_E_RANGE, 0, &text), S_OK);
    CoTaskMemFree(text);
}

static void call_browse(void *object)
{
    IOPCBrowse *browse = object;
    WCHAR empty[] = L"", *continuation = CoTaskMemAlloc(sizeof(WCHAR));
    OPCBROWSEELEMENT *elements;
    DWORD id = 1, count;
    BOOL more;

    *continuation = 0;
    assert_hr(IOPCBrowse_Browse(browse, empty, &continuation, 0, OPC_BROWSE_FILTER_ALL, empty,
                                empty, FALSE, FALSE, 0, &id, &more, &count, &elements),
              S_FALSE);
    for (DWORD i = 0; i < count; i++)
    {
        OPCITEMPROPERTIES *properties = &elements[i].ItemProperties;

        for (DWORD n = 0; n < properties->dwNumProperties; n++)
        {
            CoTaskMemFree(properties->pItemProperties[n].szItemID);
            CoTaskMemFree(properties->pItemProperties[n].szDescription);
            VariantClear(&properties->pItemProperties[n].vValue);
        }
        CoTaskMemFree(properties->pItemProperties);
        CoTaskMemFree(elements[i].szName);
        CoTaskMemFree(elements[i].szItemID);
    }
    CoTaskMemFree(elements);
    CoTaskMemFree(continuation);
}

static void sync_calls(void **state)
{
    IOPCSyncIO2 *group = group_interface(&IID_IOPCSyncIO2);

    (void)state;
    assert_no_growth(call_read, group);
    assert_no_growth(call_write, group);
    assert_no_growth(call_write_vqt, group);
    IOPCSyncIO2_Release(group);
}

static void item_definitions(void **state)
{
    IOPCItemMgt *group = group_interface(&IID_IOPCItemMgt);

    (void)state;
    assert_no_growth(call_add_items, group);
    IOPCItemMgt_Release(group);
}

static void arrays_of_strings(void **state)
{
    IOPCItemIO *io = server_interface(&IID_IOPCItemIO);

    (void)state;
    assert_no_growth(call_item_read, io);
    IOPCItemIO_Release(io);
}

static void callbacks(void **state)
{
    IOPCAsyncIO3 *group = group_interface(&IID_IOPCAsyncIO3);
    DWORD cookie;
    IConnectionPoint *point = sink_connect((IUnknown *)group, &cookie);

    (void)state;
    assert_no_growth(call_refresh, group);
    sink_disconnect(point, cookie);
    IOPCAsyncIO3_Release(group);
}

static void strings_and_nested_structures(void **state)
{
    IOPCBrowse *browse = server_interface(&IID_IOPCBrowse);

    (void)state;
    assert_no_growth(call_error_string, echo);
    assert_no_growth(call_browse, browse);
    IOPCBrowse_Release(browse);
}

int memory_suite(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(callbacks),
        cmocka_unit_test(sync_calls),
        cmocka_unit_test(item_definitions),
        cmocka_unit_test(arrays_of_strings),
        cmocka_unit_test(strings_and_nested_structures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
