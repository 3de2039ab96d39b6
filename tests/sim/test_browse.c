#include "testclient.h"

/* Counts what an enumerator has, and keeps the first name. */
static ULONG drain(IEnumString *names, wchar_t *first)
{
    ULONG total = 0;
    ULONG fetched = 0;
    LPOLESTR block[500];
    do
    {
        IEnumString_Next(names, 500, block, &fetched);
        for (ULONG i = 0; i < fetched; i++)
        {
            if (total++ == 0 && first != NULL)
            {
                wcscpy(first, block[i]);
            }
            CoTaskMemFree(block[i]);
        }
    } while (fetched == 500);
    IEnumString_Release(names);
    return total;
}

static ULONG browse(IOPCBrowseServerAddressSpace *space, OPCBROWSETYPE type, const wchar_t *filter,
                    VARTYPE wanted, DWORD rights, wchar_t *first)
{
    IEnumString *names = NULL;
    HRESULT result =
        IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(space, type, filter, wanted, rights, &names);
    assert_true(result == S_OK || result == S_FALSE);
    ULONG count = drain(names, first);
    assert_int_equal(result, count > 0 ? S_OK : S_FALSE);
    return count;
}

static HRESULT move(IOPCBrowseServerAddressSpace *space, OPCBROWSEDIRECTION direction,
                    const wchar_t *name)
{
    return IOPCBrowseServerAddressSpace_ChangeBrowsePosition(space, direction, name);
}

static void test_position(void **state)
{
    OPCNAMESPACETYPE type = OPC_NS_FLAT;
    LPWSTR id = NULL;
    wchar_t none[] = L"";
    wchar_t unit[] = L"Unit02";
    wchar_t bogus[] = L"Nobody";
    (void)state;
    IOPCServer *server = test_shared();
    IOPCBrowseServerAddressSpace *space = test_query(server, &IID_IOPCBrowseServerAddressSpace);
    assert_int_equal(IOPCBrowseServerAddressSpace_QueryOrganization(space, &type), S_OK);
    assert_int_equal(type, OPC_NS_HIERARCHIAL);
    assert_int_equal(move(space, OPC_BROWSE_UP, L""), E_FAIL);
    assert_int_equal(move(space, OPC_BROWSE_DOWN, L"Nobody"), E_INVALIDARG);
    assert_int_equal(move(space, OPC_BROWSE_DOWN, L"Generated"), S_OK);
    assert_int_equal(move(space, OPC_BROWSE_DOWN, L"Area03"), S_OK);
    assert_int_equal(IOPCBrowseServerAddressSpace_GetItemID(space, unit, &id), S_OK);
    assert_int_equal(wcscmp(id, L"Generated.Area03.Unit02"), 0);
    CoTaskMemFree(id);
    assert_int_equal(IOPCBrowseServerAddressSpace_GetItemID(space, none, &id), S_OK);
    assert_int_equal(wcscmp(id, L"Generated.Area03"), 0);
    CoTaskMemFree(id);
    assert_int_equal(IOPCBrowseServerAddressSpace_GetItemID(space, bogus, &id), E_INVALIDARG);
    assert_null(id);
    assert_int_equal(move(space, OPC_BROWSE_UP, L""), S_OK);
    assert_int_equal(browse(space, OPC_BRANCH, L"", VT_EMPTY, 0, NULL), 10);
    assert_int_equal(move(space, OPC_BROWSE_TO, L"Generated.Area10.Unit10"), S_OK);
    assert_int_equal(browse(space, OPC_LEAF, L"", VT_EMPTY, 0, NULL), 100);
    assert_int_equal(move(space, OPC_BROWSE_TO, L"Counters.C0001"), E_INVALIDARG);
    assert_int_equal(move(space, OPC_BROWSE_TO, L""), S_OK);
    assert_int_equal(browse(space, OPC_LEAF, L"", VT_EMPTY, 0, NULL), 0);
    IOPCBrowseServerAddressSpace_Release(space);
    IOPCServer_Release(server);
}

static void test_filters(void **state)
{
    IEnumString *names = NULL;
    wchar_t first[128];
    (void)state;
    IOPCServer *server = test_shared();
    IOPCBrowseServerAddressSpace *space = test_query(server, &IID_IOPCBrowseServerAddressSpace);
    assert_int_equal(move(space, OPC_BROWSE_TO, L""), S_OK);
    assert_true(browse(space, OPC_FLAT, L"", VT_EMPTY, 0, first) > 12000);
    assert_int_equal(wcscmp(first, L"Counters.C0001"), 0);
    assert_int_equal(browse(space, OPC_FLAT, L"Generated.*", VT_EMPTY, 0, NULL), 10000);
    assert_int_equal(move(space, OPC_BROWSE_DOWN, L"Counters"), S_OK);
    assert_int_equal(browse(space, OPC_LEAF, L"C00[0-2]?", VT_EMPTY, 0, NULL), 29);
    assert_int_equal(browse(space, OPC_LEAF, L"C000[!1-8]", VT_EMPTY, 0, NULL), 1);
    assert_int_equal(browse(space, OPC_LEAF, L"C0##1", VT_EMPTY, 0, NULL), 100);
    assert_int_equal(browse(space, OPC_LEAF, L"c*", VT_EMPTY, 0, NULL), 0);
    assert_int_equal(browse(space, OPC_LEAF, L"", VT_R8, 0, NULL), 0);
    assert_int_equal(browse(space, OPC_LEAF, L"", VT_I4, OPC_READABLE, NULL), 1000);
    assert_int_equal(browse(space, OPC_LEAF, L"", VT_EMPTY, OPC_WRITEABLE, NULL), 0);
    assert_int_equal(IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(space, OPC_LEAF, L"C[0-",
                                                                   VT_EMPTY, 0, &names),
                     OPC_E_INVALIDFILTER);
    assert_null(names);
    IOPCBrowseServerAddressSpace_Release(space);
    IOPCServer_Release(server);
}

static void test_access_paths(void **state)
{
    IEnumString *names = NULL;
    (void)state;
    IOPCServer *server = test_shared();
    IOPCBrowseServerAddressSpace *space = test_query(server, &IID_IOPCBrowseServerAddressSpace);
    assert_int_equal(IOPCBrowseServerAddressSpace_BrowseAccessPaths(space, L"Memory.I4", &names),
                     S_OK);
    assert_int_equal(drain(names, NULL), 2);
    assert_int_equal(IOPCBrowseServerAddressSpace_BrowseAccessPaths(space, L"Nobody", &names),
                     E_INVALIDARG);
    IOPCBrowseServerAddressSpace_Release(space);
    IOPCServer_Release(server);
}

static void test_enumerators_keep_their_snapshot(void **state)
{
    IEnumString *names = NULL;
    IEnumString *clone = NULL;
    LPOLESTR name = NULL;
    ULONG fetched = 0;
    (void)state;
    IOPCServer *server = test_shared();
    IOPCBrowseServerAddressSpace *space = test_query(server, &IID_IOPCBrowseServerAddressSpace);
    assert_int_equal(move(space, OPC_BROWSE_TO, L"Counters"), S_OK);
    assert_int_equal(
        IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(space, OPC_LEAF, L"", VT_EMPTY, 0, &names),
        S_OK);
    assert_int_equal(move(space, OPC_BROWSE_TO, L""), S_OK);
    assert_int_equal(IEnumString_Skip(names, 10), S_OK);
    assert_int_equal(IEnumString_Clone(names, &clone), S_OK);
    assert_int_equal(IEnumString_Next(clone, 1, &name, &fetched), S_OK);
    assert_int_equal(wcscmp(name, L"C0011"), 0);
    CoTaskMemFree(name);
    IEnumString_Release(clone);
    assert_int_equal(IEnumString_Reset(names), S_OK);
    assert_int_equal(IEnumString_Skip(names, 1001), S_FALSE);
    assert_int_equal(IEnumString_Reset(names), S_OK);
    assert_int_equal(drain(names, NULL), 1000);
    IOPCBrowseServerAddressSpace_Release(space);
    IOPCServer_Release(server);
}

const struct CMUnitTest browse_tests[] = {
    cmocka_unit_test(test_position),
    cmocka_unit_test(test_filters),
    cmocka_unit_test(test_access_paths),
    cmocka_unit_test(test_enumerators_keep_their_snapshot),
};
const size_t browse_test_count = sizeof(browse_tests) / sizeof(browse_tests[0]);
