/* What answers bring is the client's, and what the client gives is copied: after many calls the
 * heap is as full as before. */
#include "server_stage.h"

#include <stdlib.h>
#include <wchar.h>

#include "../ps/heap.h"

#define WARM_UP 30
#define ROUNDS  200
#define RUNS    3
#define ROOM    8192 /* bytes: not even one small block lost by each round, beyond what Wine loses */

static void browse_once(IOPCBrowse *browse)
{
    WCHAR memory[] = L"Memory", empty[] = L"";
    WCHAR *point = CoTaskMemAlloc(sizeof(*point));
    OPCBROWSEELEMENT *elements = NULL;
    DWORD id = 1, count = 0;
    BOOL has_more;

    point[0] = 0;
    for (int page = 0; page < 2; page++)
    {
        assert_hr(IOPCBrowse_Browse(browse, memory, &point, 5, OPC_BROWSE_FILTER_ITEMS, empty,
                                    empty, TRUE, TRUE, 0, &id, &has_more, &count, &elements),
                  S_OK);
        assert_int_equal(count, 5);
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
    }
    CoTaskMemFree(point);
}

static void read_and_write(IOPCItemIO *io)
{
    LPCWSTR items[] = {L"Memory.String", L"Memory.Array.R8"};
    DWORD ages[] = {0, 0};
    OPCITEMVQT written = {.bQualitySpecified = FALSE};
    VARIANT *values = NULL;
    WORD *qualities = NULL;
    FILETIME *stamps = NULL;
    HRESULT *errors = NULL;

    V_VT(&written.vDataValue) = VT_BSTR;
    V_BSTR(&written.vDataValue) = SysAllocString(L"a text that is long enough to be seen");
    assert_hr(IOPCItemIO_WriteVQT(io, 1, items, &written, &errors), S_OK);
    CoTaskMemFree(errors);
    VariantClear(&written.vDataValue);
    assert_hr(IOPCItemIO_Read(io, 2, items, ages, &values, &qualities, &stamps, &errors), S_OK);
    VariantClear(&values[0]);
    VariantClear(&values[1]);
    CoTaskMemFree(values);
    CoTaskMemFree(qualities);
    CoTaskMemFree(stamps);
    CoTaskMemFree(errors);
}

/* By how much the rounds fill the heap. */
static long fill(IOPCBrowse *browse)
{
    IOPCItemIO *io = stage_query(browse, &IID_IOPCItemIO);
    DWORD before = 0, after;

    for (int i = 0; i < WARM_UP + ROUNDS; i++)
    {
        if (i == WARM_UP)
            before = heap_in_use();
        browse_once(browse);
        read_and_write(io);
    }
    after = heap_in_use();
    stage_release(io);
    server_close(browse);
    return (long)after - (long)before;
}

static int compare(const void *left, const void *right)
{
    long a = *(const long *)left, b = *(const long *)right;

    return (a > b) - (a < b);
}

/* Wine's proxy loses the continuation point that it was given, with us and without. What a session
 * before leaves in the background is given back at any time, also in the middle of a run; what is
 * lost is lost in each. */
static void test_heap(void **state)
{
    long direct[RUNS], through[RUNS];

    (void)state;
    for (int i = 0; i < RUNS; i++)
    {
        direct[i] = fill(server_interface_direct(&IID_IOPCBrowse));
        through[i] = fill(server_interface_through(&IID_IOPCBrowse));
    }
    qsort(direct, RUNS, sizeof(direct[0]), compare);
    qsort(through, RUNS, sizeof(through[0]), compare);
    print_message("heap: %ld bytes through us at least, %ld without usually\n", through[0],
                  direct[RUNS / 2]);
    assert_true(through[0] < direct[RUNS / 2] + ROOM);
}

const struct CMUnitTest memory_tests[] = {
    cmocka_unit_test(test_heap),
};
const size_t memory_test_count = ARRAYSIZE(memory_tests);
