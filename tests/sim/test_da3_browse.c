#include "testda3.h"

#include <stdlib.h>
#include <string.h>

static IOPCServer *server;
static IOPCBrowse *browser;

static int open_browser(void **state)
{
    (void)state;
    server = test_da3();
    browser = test_query(server, &IID_IOPCBrowse);
    return 0;
}

static int close_browser(void **state)
{
    (void)state;
    IOPCBrowse_Release(browser);
    IOPCServer_Release(server);
    return 0;
}

static LPWSTR copy(const wchar_t *text)
{
    LPWSTR memory = CoTaskMemAlloc((wcslen(text) + 1) * sizeof(*text));
    assert_non_null(memory);
    return wcscpy(memory, text);
}

static void free_properties(OPCITEMPROPERTIES *properties)
{
    for (DWORD i = 0; i < properties->dwNumProperties; i++)
    {
        CoTaskMemFree(properties->pItemProperties[i].szItemID);
        CoTaskMemFree(properties->pItemProperties[i].szDescription);
        VariantClear(&properties->pItemProperties[i].vValue);
    }
    CoTaskMemFree(properties->pItemProperties);
}

static void free_elements(OPCBROWSEELEMENT *elements, DWORD count)
{
    for (DWORD i = 0; i < count; i++)
    {
        CoTaskMemFree(elements[i].szName);
        CoTaskMemFree(elements[i].szItemID);
        free_properties(&elements[i].ItemProperties);
    }
    CoTaskMemFree(elements);
}

static OPCBROWSEELEMENT poison;

/* One page without properties. */
static HRESULT browse(const wchar_t *id, LPWSTR *continuation, DWORD max, OPCBROWSEFILTER filter,
                      const wchar_t *names, const wchar_t *vendor, DWORD *count,
                      OPCBROWSEELEMENT **elements)
{
    wchar_t words[3][64];
    DWORD no_property = 0;
    BOOL is_more = TRUE;
    wcscpy(words[0], id);
    wcscpy(words[1], names);
    wcscpy(words[2], vendor);
    *count = 99;
    *elements = &poison;
    HRESULT result =
        IOPCBrowse_Browse(browser, words[0], continuation, max, filter, words[1], words[2], FALSE,
                          FALSE, 0, &no_property, &is_more, count, elements);
    assert_false(is_more && SUCCEEDED(result));
    return result;
}

/* How many there are in all; the first one's name. */
static DWORD count_of(const wchar_t *id, OPCBROWSEFILTER filter, const wchar_t *names,
                      const wchar_t *vendor, wchar_t *first)
{
    LPWSTR continuation = copy(L"");
    DWORD count = 0;
    OPCBROWSEELEMENT *elements = NULL;
    assert_int_equal(browse(id, &continuation, 0, filter, names, vendor, &count, &elements), S_OK);
    assert_true(continuation == NULL || continuation[0] == L'\0');
    wcscpy(first, count > 0 ? elements[0].szName : L"");
    free_elements(elements, count);
    CoTaskMemFree(continuation);
    return count;
}

static void test_filters(void **state)
{
    static const struct
    {
        const wchar_t *id;
        OPCBROWSEFILTER filter;
        const wchar_t *names;
        const wchar_t *vendor;
        DWORD count;
        const wchar_t *first;
    } rows[] = {
        {L"",             OPC_BROWSE_FILTER_ALL,      L"",      L"",        10,   L"Counters"   },
        {L"",             OPC_BROWSE_FILTER_BRANCHES, L"A*",    L"",        1,    L"Analog"     },
        {L"",             OPC_BROWSE_FILTER_ITEMS,    L"",      L"",        0,    L""           },
        {L"Analog",       OPC_BROWSE_FILTER_ALL,      L"",      L"",        4,    L"Level"      },
        {L"Analog",       OPC_BROWSE_FILTER_BRANCHES, L"",      L"",        4,    L"Level"      },
        {L"Analog",       OPC_BROWSE_FILTER_ITEMS,    L"[ST]*", L"",        2,    L"Temperature"},
        {L"Analog",       OPC_BROWSE_FILTER_ITEMS,    L"",      L"memory",  2,    L"Setpoint"   },
        {L"Analog.Level", OPC_BROWSE_FILTER_ALL,      L"",      L"",        2,    L"LowEU"      },
        {L"Memory",       OPC_BROWSE_FILTER_BRANCHES, L"",      L"",        2,    L"Array"      },
        {L"Memory",       OPC_BROWSE_FILTER_ITEMS,    L"?I#",   L"",        4,    L"UI1"        },
        {L"Memory.I4",    OPC_BROWSE_FILTER_ALL,      L"",      L"",        0,    L""           },
        {L"Counters",     OPC_BROWSE_FILTER_ITEMS,    L"",      L"counter", 1000, L"C0001"      },
    };
    wchar_t first[64];
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        DWORD count = count_of(rows[i].id, rows[i].filter, rows[i].names, rows[i].vendor, first);
        if (count != rows[i].count || wcscmp(first, rows[i].first) != 0)
        {
            print_error("row %d: %d, %ls\n", (int)i, (int)count, first);
        }
        assert_int_equal(count, rows[i].count);
        assert_int_equal(wcscmp(first, rows[i].first), 0);
    }
}

static void test_wrong_arguments(void **state)
{
    static const struct
    {
        const wchar_t *id;
        const wchar_t *continuation;
        int filter;
        const wchar_t *names;
        const wchar_t *vendor;
        HRESULT result;
    } rows[] = {
        {L"Nobody.Knows", L"",         1, L"",  L"",      OPC_E_UNKNOWNITEMID           },
        {L"a..b",         L"",         1, L"",  L"",      OPC_E_INVALIDITEMID           },
        {L"",             L"",         0, L"",  L"",      E_INVALIDARG                  },
        {L"",             L"",         4, L"",  L"",      E_INVALIDARG                  },
        {L"",             L"",         1, L"[", L"",      OPC_E_INVALIDFILTER           },
        {L"",             L"",         1, L"",  L"noise", OPC_E_INVALIDFILTER           },
        {L"",             L"nonsense", 1, L"",  L"",      OPC_E_INVALIDCONTINUATIONPOINT},
        {L"",             L"1-1",      1, L"",  L"",      OPC_E_INVALIDCONTINUATIONPOINT},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        LPWSTR continuation = copy(rows[i].continuation);
        DWORD count = 0;
        OPCBROWSEELEMENT *elements = NULL;
        assert_int_equal(browse(rows[i].id, &continuation, 0, (OPCBROWSEFILTER)rows[i].filter,
                                rows[i].names, rows[i].vendor, &count, &elements),
                         rows[i].result);
        assert_null(elements);
        assert_int_equal(count, 0);
        CoTaskMemFree(continuation);
    }
}

static void test_continuation_points_lead_through_all(void **state)
{
    LPWSTR continuation = copy(L"");
    DWORD total = 0;
    DWORD pages = 0;
    DWORD count = 0;
    OPCBROWSEELEMENT *elements = NULL;
    (void)state;
    do
    {
        assert_int_equal(browse(L"Counters", &continuation, 300, OPC_BROWSE_FILTER_ITEMS, L"*5*",
                                L"", &count, &elements),
                         S_OK);
        for (DWORD i = 0; i < count; i++)
        {
            static wchar_t last[64];
            assert_true(total == 0 || wcscmp(elements[i].szName, last) > 0);
            assert_int_equal(elements[i].dwFlagValue, OPC_BROWSE_ISITEM);
            wcscpy(last, elements[i].szName);
            total++;
        }
        pages++;
        free_elements(elements, count);
    } while (continuation != NULL && continuation[0] != L'\0');
    assert_int_equal(total, 271); /* of 1 to 1000, those with a 5 */
    assert_int_equal(pages, 1);

    total = 0;
    pages = 0;
    CoTaskMemFree(continuation);
    continuation = copy(L"");
    do
    {
        assert_int_equal(browse(L"Counters", &continuation, 50, OPC_BROWSE_FILTER_ALL, L"*5*", L"",
                                &count, &elements),
                         S_OK);
        assert_true(count <= 50 && count > 0);
        total += count;
        pages++;
        free_elements(elements, count);
    } while (continuation != NULL && continuation[0] != L'\0');
    assert_int_equal(total, 271);
    assert_int_equal(pages, 6);
    CoTaskMemFree(continuation);
}

/* A continuation point belongs to the arguments that it came from. */
static void test_a_continuation_point_of_other_arguments(void **state)
{
    LPWSTR continuation = copy(L"");
    DWORD count = 0;
    OPCBROWSEELEMENT *elements = NULL;
    (void)state;
    assert_int_equal(
        browse(L"Wave", &continuation, 5, OPC_BROWSE_FILTER_ALL, L"", L"", &count, &elements),
        S_OK);
    assert_int_equal(count, 5);
    assert_true(continuation[0] != L'\0');
    free_elements(elements, count);
    assert_int_equal(
        browse(L"Random", &continuation, 5, OPC_BROWSE_FILTER_ALL, L"", L"", &count, &elements),
        OPC_E_INVALIDCONTINUATIONPOINT);
    assert_int_equal(
        browse(L"Wave", &continuation, 5, OPC_BROWSE_FILTER_ALL, L"S*", L"", &count, &elements),
        OPC_E_INVALIDCONTINUATIONPOINT);
    assert_int_equal(
        browse(L"Wave", &continuation, 7, OPC_BROWSE_FILTER_ALL, L"", L"", &count, &elements),
        S_OK);
    assert_int_equal(count, 7);
    free_elements(elements, count);
    CoTaskMemFree(continuation);
}

static void test_elements_bring_their_properties(void **state)
{
    wchar_t parent[] = L"Analog";
    wchar_t nothing[] = L"";
    LPWSTR continuation = copy(L"");
    DWORD wanted[] = {OPC_PROPERTY_EU_UNITS, OPC_PROPERTY_VALUE, OPC_PROPERTY_TIMEZONE};
    DWORD count = 0;
    BOOL is_more = TRUE;
    OPCBROWSEELEMENT *elements = NULL;
    (void)state;
    assert_int_equal(IOPCBrowse_Browse(browser, parent, &continuation, 1, OPC_BROWSE_FILTER_ALL,
                                       nothing, nothing, FALSE, TRUE, 3, wanted, &is_more, &count,
                                       &elements),
                     S_FALSE);
    assert_int_equal(count, 1);
    assert_false(is_more);
    assert_int_equal(wcscmp(elements[0].szItemID, L"Analog.Level"), 0);
    assert_int_equal(elements[0].dwFlagValue, OPC_BROWSE_ISITEM | OPC_BROWSE_HASCHILDREN);
    OPCITEMPROPERTIES *properties = &elements[0].ItemProperties;
    assert_int_equal(properties->hrErrorID, S_FALSE);
    assert_int_equal(properties->dwNumProperties, 3);
    assert_int_equal(properties->pItemProperties[0].hrErrorID, S_OK);
    assert_int_equal(V_VT(&properties->pItemProperties[0].vValue), VT_BSTR);
    assert_int_equal(V_VT(&properties->pItemProperties[1].vValue), VT_R8);
    assert_int_equal(properties->pItemProperties[2].hrErrorID, OPC_E_INVALID_PID);
    assert_int_equal(properties->pItemProperties[2].dwPropertyID, OPC_PROPERTY_TIMEZONE);
    assert_null(properties->pItemProperties[2].szDescription);
    free_elements(elements, count);
    CoTaskMemFree(continuation);

    continuation = copy(L"");
    assert_int_equal(IOPCBrowse_Browse(browser, parent, &continuation, 1, OPC_BROWSE_FILTER_ALL,
                                       nothing, nothing, TRUE, FALSE, 0, wanted, &is_more, &count,
                                       &elements),
                     S_OK);
    assert_true(elements[0].ItemProperties.dwNumProperties >= 12);
    assert_int_equal(V_VT(&elements[0].ItemProperties.pItemProperties[1].vValue), VT_EMPTY);
    assert_int_equal(elements[0].ItemProperties.pItemProperties[1].vtDataType, VT_R8);
    free_elements(elements, count);
    CoTaskMemFree(continuation);
}

static OPCITEMPROPERTY *find_property(OPCITEMPROPERTIES *properties, DWORD id)
{
    DWORD i = 0;
    while (i < properties->dwNumProperties && properties->pItemProperties[i].dwPropertyID != id)
    {
        i++;
    }
    return i < properties->dwNumProperties ? &properties->pItemProperties[i] : NULL;
}

static void test_properties_of_items(void **state)
{
    wchar_t level[] = L"Analog.Level";
    wchar_t mode[] = L"Enumerated.Mode";
    wchar_t unknown[] = L"Nobody.Knows";
    wchar_t invalid[] = L".x";
    LPWSTR ids[] = {level, unknown, mode, invalid, NULL};
    DWORD wanted[] = {OPC_PROPERTY_HIGH_EU, 4711};
    OPCITEMPROPERTIES *found = (OPCITEMPROPERTIES *)&wanted;
    (void)state;
    assert_int_equal(IOPCBrowse_GetProperties(browser, 0, ids, TRUE, 0, wanted, &found),
                     E_INVALIDARG);
    assert_null(found);
    assert_int_equal(IOPCBrowse_GetProperties(browser, 5, ids, TRUE, 0, wanted, &found), S_FALSE);
    assert_int_equal(found[0].hrErrorID, S_OK);
    assert_int_equal(found[1].hrErrorID, OPC_E_UNKNOWNITEMID);
    assert_int_equal(found[1].dwNumProperties, 0);
    assert_null(found[1].pItemProperties);
    assert_int_equal(found[2].hrErrorID, S_OK);
    assert_int_equal(found[3].hrErrorID, OPC_E_INVALIDITEMID);
    assert_int_equal(found[4].hrErrorID, OPC_E_INVALIDITEMID);
    OPCITEMPROPERTY *high = find_property(&found[0], OPC_PROPERTY_HIGH_EU);
    assert_non_null(high);
    assert_int_equal(wcscmp(high->szItemID, L"Analog.Level.HighEU"), 0);
    assert_true(V_R8(&high->vValue) > 99.9);
    assert_int_equal(V_I4(&find_property(&found[0], OPC_PROPERTY_EU_TYPE)->vValue), OPC_ANALOG);
    assert_null(find_property(&found[0], OPC_PROPERTY_EU_INFO));
    OPCITEMPROPERTY *names = find_property(&found[2], OPC_PROPERTY_EU_INFO);
    assert_non_null(names);
    assert_int_equal(V_VT(&names->vValue), VT_ARRAY | VT_BSTR);
    assert_int_equal(names->szItemID[0], L'\0');
    for (int i = 0; i < 5; i++)
    {
        free_properties(&found[i]);
    }
    CoTaskMemFree(found);
    assert_int_equal(IOPCBrowse_GetProperties(browser, 1, ids, FALSE, 2, wanted, &found), S_FALSE);
    assert_int_equal(found[0].hrErrorID, S_FALSE);
    assert_int_equal(found[0].dwNumProperties, 2);
    assert_int_equal(found[0].pItemProperties[0].hrErrorID, S_OK);
    assert_int_equal(V_VT(&found[0].pItemProperties[0].vValue), VT_EMPTY);
    assert_int_equal(found[0].pItemProperties[1].hrErrorID, OPC_E_INVALID_PID);
    free_properties(&found[0]);
    CoTaskMemFree(found);
    assert_int_equal(IOPCBrowse_GetProperties(browser, 1, ids, TRUE, 1, wanted, &found), S_OK);
    free_properties(&found[0]);
    CoTaskMemFree(found);
}

#define BROWSER_TEST(test) cmocka_unit_test_setup_teardown(test, open_browser, close_browser)

const struct CMUnitTest da3_browse_tests[] = {
    BROWSER_TEST(test_filters),
    BROWSER_TEST(test_wrong_arguments),
    BROWSER_TEST(test_continuation_points_lead_through_all),
    BROWSER_TEST(test_a_continuation_point_of_other_arguments),
    BROWSER_TEST(test_elements_bring_their_properties),
    BROWSER_TEST(test_properties_of_items),
};
const size_t da3_browse_test_count = sizeof(da3_browse_tests) / sizeof(da3_browse_tests[0]);
