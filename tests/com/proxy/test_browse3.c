/* IOPCBrowse: the same answers as without us, and points that mean nothing elsewhere. */
#include "server_stage.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define PAGE 100

/* One call of Browse. */
struct page
{
    HRESULT hr;
    WCHAR *point;
    BOOL has_more;
    DWORD count;
    OPCBROWSEELEMENT *elements;
};

struct question
{
    const WCHAR *item_id;
    DWORD elements_max;
    OPCBROWSEFILTER filter;
    const WCHAR *name_filter, *vendor_filter;
    BOOL has_all_properties, has_values;
    DWORD id_count;
    DWORD ids[3];
    HRESULT wanted;
};

static WCHAR *task_text(const WCHAR *text)
{
    WCHAR *copy = CoTaskMemAlloc((wcslen(text) + 1) * sizeof(*copy));

    assert_non_null(copy);
    return wcscpy(copy, text);
}

/* With page->point as it is; whatever else was in the page is overwritten. */
static void browse(IOPCBrowse *object, const struct question *question, struct page *page)
{
    WCHAR item_id[64], name_filter[64], vendor_filter[64];
    DWORD ids[3];

    wcscpy(item_id, question->item_id);
    wcscpy(name_filter, question->name_filter);
    wcscpy(vendor_filter, question->vendor_filter);
    memcpy(ids, question->ids, sizeof(ids));
    page->has_more = 77;
    page->count = 77;
    page->elements = POISON;
    page->hr = IOPCBrowse_Browse(
        object, item_id, &page->point, question->elements_max, question->filter, name_filter,
        vendor_filter, question->has_all_properties, question->has_values, question->id_count, ids,
        &page->has_more, &page->count, &page->elements);
}

static void browse_first(IOPCBrowse *object, const struct question *question, struct page *page)
{
    page->point = task_text(L"");
    browse(object, question, page);
}

static void clear_properties(OPCITEMPROPERTIES *properties)
{
    for (DWORD i = 0; i < properties->dwNumProperties; i++)
    {
        CoTaskMemFree(properties->pItemProperties[i].szItemID);
        CoTaskMemFree(properties->pItemProperties[i].szDescription);
        VariantClear(&properties->pItemProperties[i].vValue);
    }
    CoTaskMemFree(properties->pItemProperties);
}

static void clear_elements(struct page *page)
{
    for (DWORD i = 0; i < page->count; i++)
    {
        CoTaskMemFree(page->elements[i].szName);
        CoTaskMemFree(page->elements[i].szItemID);
        clear_properties(&page->elements[i].ItemProperties);
    }
    CoTaskMemFree(page->elements);
    page->elements = NULL;
    page->count = 0;
}

static void clear_page(struct page *page)
{
    clear_elements(page);
    CoTaskMemFree(page->point);
}

/* Values of counters go on from one call to the next. */
static void assert_same_properties(const OPCITEMPROPERTIES *left, const OPCITEMPROPERTIES *right)
{
    assert_hr(left->hrErrorID, right->hrErrorID);
    assert_int_equal(left->dwNumProperties, right->dwNumProperties);
    assert_int_equal(left->dwReserved, right->dwReserved);
    assert_int_equal(left->pItemProperties == NULL, right->pItemProperties == NULL);
    for (DWORD i = 0; i < left->dwNumProperties; i++)
    {
        const OPCITEMPROPERTY *a = &left->pItemProperties[i], *b = &right->pItemProperties[i];

        assert_int_equal(a->vtDataType, b->vtDataType);
        assert_int_equal(a->dwPropertyID, b->dwPropertyID);
        assert_hr(a->hrErrorID, b->hrErrorID);
        assert_same_text(a->szItemID, b->szItemID);
        assert_same_text(a->szDescription, b->szDescription);
        if (a->dwPropertyID == OPC_PROPERTY_VALUE || a->dwPropertyID == OPC_PROPERTY_TIMESTAMP)
            assert_int_equal(V_VT(&a->vValue), V_VT(&b->vValue));
        else
            assert_same_value(&a->vValue, &b->vValue);
    }
}

static void assert_same_page(const struct page *left, const struct page *right)
{
    assert_hr(left->hr, right->hr);
    assert_int_equal(left->has_more, right->has_more);
    assert_int_equal(left->count, right->count);
    assert_int_equal(left->elements == NULL, right->elements == NULL);
    assert_int_equal(left->point == NULL, right->point == NULL);
    assert_int_equal(!left->point || !left->point[0], !right->point || !right->point[0]);
    for (DWORD i = 0; i < left->count; i++)
    {
        const OPCBROWSEELEMENT *a = &left->elements[i], *b = &right->elements[i];

        assert_same_text(a->szName, b->szName);
        assert_same_text(a->szItemID, b->szItemID);
        assert_int_equal(a->dwFlagValue, b->dwFlagValue);
        assert_int_equal(a->dwReserved, b->dwReserved);
        assert_same_properties(&a->ItemProperties, &b->ItemProperties);
    }
}

static const struct question root = {
    .item_id = L"", .filter = OPC_BROWSE_FILTER_ALL, .name_filter = L"", .vendor_filter = L""};
static const struct question counters = {.item_id = L"Counters",
                                         .elements_max = PAGE,
                                         .filter = OPC_BROWSE_FILTER_ITEMS,
                                         .name_filter = L"",
                                         .vendor_filter = L""};

static const struct question questions[] = {
    {L"",         0,    OPC_BROWSE_FILTER_ALL,      L"",         L"",        FALSE, FALSE, 0, {0},       S_OK               },
    {L"",         0,    OPC_BROWSE_FILTER_BRANCHES, L"M*",       L"",        FALSE, FALSE, 0, {0},       S_OK               },
    {L"",         2,    OPC_BROWSE_FILTER_BRANCHES, L"",         L"",        FALSE, FALSE, 0, {0},       S_OK               },
    {L"Memory",   0,    OPC_BROWSE_FILTER_ITEMS,    L"",         L"",        TRUE,  FALSE, 0, {0},       S_OK               },
    {L"Memory",   0,    OPC_BROWSE_FILTER_ALL,      L"",         L"",        TRUE,  TRUE,  0, {0},       S_OK               },
    {L"Memory",   0,    OPC_BROWSE_FILTER_ITEMS,    L"I*",       L"",        FALSE, TRUE,  2, {1, 5},    S_OK               },
    {L"Memory",   0,    OPC_BROWSE_FILTER_ITEMS,    L"I4",       L"",        FALSE, TRUE,  2, {1, 4999}, S_FALSE            },
    {L"Memory",   0,    OPC_BROWSE_FILTER_ITEMS,    L"No such*", L"",        FALSE, FALSE, 0, {0},       S_OK               },
    {L"Counters", PAGE, OPC_BROWSE_FILTER_ITEMS,    L"",         L"counter", FALSE, FALSE, 0, {0},       S_OK               },
    {L"No.Such",  0,    OPC_BROWSE_FILTER_ALL,      L"",         L"",        FALSE, FALSE, 0, {0},       OPC_E_UNKNOWNITEMID},
    {L"",         0,    OPC_BROWSE_FILTER_ALL,      L"[",        L"",        FALSE, FALSE, 0, {0},       OPC_E_INVALIDFILTER},
    {L"",         0,    OPC_BROWSE_FILTER_ALL,      L"",         L"no kind", FALSE, FALSE, 0, {0},       OPC_E_INVALIDFILTER},
    {L"",         0,    (OPCBROWSEFILTER)9,         L"",         L"",        FALSE, FALSE, 0, {0},       E_INVALIDARG       },
};

static void test_answers(void **state)
{
    IOPCBrowse *through = server_interface_through(&IID_IOPCBrowse);
    IOPCBrowse *direct = server_interface_direct(&IID_IOPCBrowse);

    (void)state;
    for (size_t i = 0; i < ARRAYSIZE(questions); i++)
    {
        struct page ours, theirs;

        browse_first(through, &questions[i], &ours);
        browse_first(direct, &questions[i], &theirs);
        assert_hr(ours.hr, questions[i].wanted);
        if (FAILED(ours.hr))
        {
            assert_null(ours.elements);
            assert_int_equal(ours.count, 0);
        }
        assert_same_page(&ours, &theirs);
        clear_page(&ours);
        clear_page(&theirs);
    }
    server_close(through);
    server_close(direct);
}

/* A point that is NULL instead of empty, as some clients have it. */
static void test_null_point(void **state)
{
    IOPCBrowse *through = server_interface_through(&IID_IOPCBrowse);
    IOPCBrowse *direct = server_interface_direct(&IID_IOPCBrowse);
    struct page ours = {.point = NULL}, theirs = {.point = NULL};

    (void)state;
    browse(through, &root, &ours);
    browse(direct, &root, &theirs);
    assert_hr(ours.hr, S_OK);
    assert_same_page(&ours, &theirs);
    clear_page(&ours);
    clear_page(&theirs);
    server_close(through);
    server_close(direct);
}

static void test_pages(void **state)
{
    IOPCBrowse *through = server_interface_through(&IID_IOPCBrowse);
    IOPCBrowse *direct = server_interface_direct(&IID_IOPCBrowse);
    struct page ours, theirs;
    DWORD total = 0;

    (void)state;
    browse_first(through, &counters, &ours);
    browse_first(direct, &counters, &theirs);
    for (;;)
    {
        assert_hr(ours.hr, S_OK);
        assert_same_page(&ours, &theirs);
        total += ours.count;
        clear_elements(&ours);
        clear_elements(&theirs);
        if (!ours.point[0])
            break;
        browse(through, &counters, &ours);
        browse(direct, &counters, &theirs);
    }
    assert_true(total > 2 * PAGE);
    clear_page(&ours);
    clear_page(&theirs);
    server_close(through);
    server_close(direct);
}

/* The machine would take these points, so it hasn't seen them. */
static void assert_refused(IOPCBrowse *browse_object, const WCHAR *point)
{
    struct page page = {.point = task_text(point)};

    browse(browse_object, &counters, &page);
    assert_hr(page.hr, OPC_E_INVALIDCONTINUATIONPOINT);
    assert_null(page.elements);
    assert_int_equal(page.count, 0);
    assert_int_equal(page.has_more, 0);
    assert_same_text(page.point, point);
    clear_page(&page);
}

static void test_foreign_points(void **state)
{
    IOPCBrowse *through = server_interface_through(&IID_IOPCBrowse);
    IOPCBrowse *other = server_interface_through(&IID_IOPCBrowse);
    IOPCBrowse *direct = server_interface_direct(&IID_IOPCBrowse);
    struct page ours, theirs, others, again;
    WCHAR *changed;

    (void)state;
    browse_first(through, &counters, &ours);
    browse_first(other, &counters, &others);
    browse_first(direct, &counters, &theirs);
    assert_true(ours.point[0] && theirs.point[0] && others.point[0]);
    assert_refused(through, theirs.point); /* the server's own */
    assert_refused(through, others.point); /* another session's */
    assert_refused(through, L"x");
    changed = task_text(ours.point);
    changed[wcslen(changed) - 1] ^= 1;
    assert_refused(through, changed);
    changed[0] = 0;

    /* The right one is as good as ever, more than once. */
    for (int i = 0; i < 2; i++)
    {
        again.point = task_text(ours.point);
        browse(through, &counters, &again);
        assert_hr(again.hr, S_OK);
        assert_int_equal(again.count, PAGE);
        assert_int_not_equal(wcscmp(again.point, ours.point), 0);
        clear_page(&again);
    }
    CoTaskMemFree(changed);
    clear_page(&ours);
    clear_page(&theirs);
    clear_page(&others);
    server_close(through);
    server_close(other);
    server_close(direct);
}

static void test_point_after_switch(void **state)
{
    IOPCBrowse *through = server_interface_through(&IID_IOPCBrowse);
    struct page before, after;

    (void)state;
    browse_first(through, &counters, &before);
    assert_true(before.point[0]);
    stage_rmsim(L"/fault QA kill --away");
    assert_refused(through, before.point);
    browse_first(through, &counters, &after);
    assert_hr(after.hr, S_OK);
    assert_int_equal(after.count, PAGE);
    for (DWORD i = 0; i < PAGE; i++)
        assert_same_text(after.elements[i].szItemID, before.elements[i].szItemID);
    assert_int_not_equal(wcscmp(after.point, before.point), 0);
    clear_elements(&after);
    browse(through, &counters, &after);
    assert_hr(after.hr, S_OK);
    clear_page(&before);
    clear_page(&after);
    server_close(through);
}

/* Out when the machine dies: asked again of the next one, which can't go on from a point. */
static void test_death_meanwhile(void **state)
{
    IOPCBrowse *through = server_interface_through(&IID_IOPCBrowse);
    struct killer killer;
    struct page page, next;
    WCHAR *point;

    (void)state;
    killer_start(&killer, L"IOPCBrowse.Browse");
    browse_first(through, &counters, &page);
    killer_join(&killer);
    assert_hr(page.hr, S_OK);
    assert_int_equal(page.count, PAGE);
    clear_page(&page);
    server_close(through);

    through = server_interface_through(&IID_IOPCBrowse);
    browse_first(through, &counters, &page);
    assert_hr(page.hr, S_OK);
    point = task_text(page.point);
    killer_start(&killer, L"IOPCBrowse.Browse");
    next.point = page.point;
    browse(through, &counters, &next);
    killer_join(&killer);
    assert_hr(next.hr, OPC_E_INVALIDCONTINUATIONPOINT);
    assert_null(next.elements);
    assert_same_text(next.point, point);
    page.point = NULL;
    CoTaskMemFree(point);
    clear_page(&page);
    clear_page(&next);
    server_close(through);
}

/* Each reference in turn. */
static HRESULT browse_without(IOPCBrowse *object, bool is_through, int missing)
{
    WCHAR empty[] = L"";
    WCHAR *point = task_text(L""), *kept = point;
    OPCBROWSEELEMENT *elements = POISON;
    DWORD id = 1, count = 77;
    BOOL has_more = 77;
    HRESULT hr = IOPCBrowse_Browse(
        object, missing == 0 ? NULL : empty, missing == 1 ? NULL : &point, 0, OPC_BROWSE_FILTER_ALL,
        missing == 2 ? NULL : empty, missing == 3 ? NULL : empty, FALSE, FALSE, 0,
        missing == 4 ? NULL : &id, missing == 5 ? NULL : &has_more, missing == 6 ? NULL : &count,
        missing == 7 ? NULL : &elements);

    if (is_through)
        assert_ptr_equal(point, kept);
    CoTaskMemFree(point);
    return hr;
}

static void test_null(void **state)
{
    IOPCBrowse *through = server_interface_through(&IID_IOPCBrowse);
    IOPCBrowse *direct = server_interface_direct(&IID_IOPCBrowse);
    WCHAR item[] = L"Memory.I4";
    WCHAR *items[] = {item};
    OPCITEMPROPERTIES *properties = POISON;
    DWORD id = 1;

    (void)state;
    for (int i = 0; i < 8; i++)
    {
        assert_hr(browse_without(through, true, i), NULL_REF);
        assert_hr(browse_without(direct, false, i), NULL_REF);
    }
    assert_hr(IOPCBrowse_GetProperties(through, 1, NULL, TRUE, 1, &id, &properties), NULL_REF);
    assert_null(properties);
    properties = POISON;
    assert_hr(IOPCBrowse_GetProperties(through, 1, items, TRUE, 1, NULL, &properties), NULL_REF);
    assert_null(properties);
    assert_hr(IOPCBrowse_GetProperties(through, 1, items, TRUE, 1, &id, NULL), NULL_REF);
    server_close(through);
    server_close(direct);
}

static void compare_properties(IOPCBrowse *through, IOPCBrowse *direct, DWORD count,
                               const struct question *question)
{
    WCHAR known[] = L"Memory.R8", unknown[] = L"No.Such.Item", counter[] = L"Counters.C0001";
    WCHAR *items[] = {known, unknown, counter, NULL};
    OPCITEMPROPERTIES *ours = POISON, *theirs = POISON;
    DWORD ids[3];
    HRESULT hr;

    memcpy(ids, question->ids, sizeof(ids));
    hr = IOPCBrowse_GetProperties(through, count, items, question->has_values, question->id_count,
                                  ids, &ours);
    assert_hr(hr, question->wanted);
    assert_hr(IOPCBrowse_GetProperties(direct, count, items, question->has_values,
                                       question->id_count, ids, &theirs),
              hr);
    if (FAILED(hr))
    {
        assert_null(ours);
        return;
    }
    for (DWORD i = 0; i < count; i++)
    {
        assert_same_properties(&ours[i], &theirs[i]);
        clear_properties(&ours[i]);
        clear_properties(&theirs[i]);
    }
    CoTaskMemFree(ours);
    CoTaskMemFree(theirs);
}

static void test_properties(void **state)
{
    static const struct question all =
                                     {
                                         .has_values = TRUE, .wanted = S_OK
    },
                                 names = {.has_values = FALSE, .wanted = S_OK},
                                 some = {.has_values = TRUE,
                                         .id_count = 3,
                                         .ids = {1, 5, 4999},
                                         .wanted = S_FALSE},
                                 faulty = {.has_values = TRUE, .wanted = S_FALSE},
                                 none = {.has_values = TRUE, .wanted = E_INVALIDARG};
    IOPCBrowse *through = server_interface_through(&IID_IOPCBrowse);
    IOPCBrowse *direct = server_interface_direct(&IID_IOPCBrowse);

    (void)state;
    compare_properties(through, direct, 1, &all);
    compare_properties(through, direct, 1, &names);
    compare_properties(through, direct, 1, &some);
    compare_properties(through, direct, 4, &faulty);
    compare_properties(through, direct, 0, &none);
    server_close(through);
    server_close(direct);
}

const struct CMUnitTest browse3_tests[] = {
    cmocka_unit_test(test_answers),
    cmocka_unit_test(test_null_point),
    cmocka_unit_test(test_pages),
    cmocka_unit_test(test_foreign_points),
    cmocka_unit_test(test_point_after_switch),
    cmocka_unit_test(test_death_meanwhile),
    cmocka_unit_test(test_null),
    cmocka_unit_test(test_properties),
};
const size_t browse3_test_count = ARRAYSIZE(browse3_tests);
