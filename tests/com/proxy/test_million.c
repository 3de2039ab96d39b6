/* A million items in one call: what comes back is what the server answers directly, item by item.
 */
#include "stage.h"

#include <stdio.h>

#define MILLION 1000000u

enum step
{
    STEP_VALIDATE,
    STEP_ADD,
    STEP_SET_ACTIVE,
    STEP_SET_CLIENTS,
    STEP_READ,
    STEP_WRITE,
    STEP_REMOVE,
    STEP_COUNT
};

struct answers
{
    const char *of; /* "direct", "through" */
    HRESULT results[STEP_COUNT];
    DWORD good[STEP_COUNT]; /* items without an error */
    DWORD took_ms[STEP_COUNT];
};

static const char *const step_names[STEP_COUNT] = {"ValidateItems",    "AddItems", "SetActiveState",
                                                   "SetClientHandles", "Read",     "Write",
                                                   "RemoveItems"};

/* Every third item there isn't: per-item errors are many, too. */
static OPCITEMDEF *make_items(void)
{
    static WCHAR known[] = L"Memory.I4", unknown[] = L"Nowhere", path[] = L"";
    OPCITEMDEF *items = calloc(MILLION, sizeof(*items));

    assert_non_null(items);
    for (DWORD i = 0; i < MILLION; i++)
    {
        items[i].szAccessPath = path;
        items[i].szItemID = i % 3 == 2 ? unknown : known;
        items[i].hClient = i;
    }
    return items;
}

static void note(struct answers *answers, enum step step, ULONGLONG began_ms, HRESULT result,
                 HRESULT *errors)
{
    answers->took_ms[step] = (DWORD)(GetTickCount64() - began_ms);
    answers->results[step] = result;
    assert_true(SUCCEEDED(result) == (errors != NULL));
    for (DWORD i = 0; errors && i < MILLION; i++)
        answers->good[step] += SUCCEEDED(errors[i]);
    CoTaskMemFree(errors);
    printf("%-7s %-16s 0x%08lx, %lu good, %lu ms\n", answers->of, step_names[step],
           (unsigned long)result, answers->good[step], answers->took_ms[step]);
}

static void read_all(struct answers *answers, IOPCSyncIO *sync, OPCHANDLE *handles)
{
    ULONGLONG began_ms = GetTickCount64();
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;
    HRESULT result = IOPCSyncIO_Read(sync, OPC_DS_CACHE, MILLION, handles, &values, &errors);

    for (DWORD i = 0; values && i < MILLION; i++)
    {
        if (SUCCEEDED(errors[i]))
            assert_int_equal(values[i].hClient, MILLION - i);
        VariantClear(&values[i].vDataValue);
    }
    CoTaskMemFree(values);
    note(answers, STEP_READ, began_ms, result, errors);
}

static void write_all(struct answers *answers, IOPCSyncIO *sync, OPCHANDLE *handles)
{
    VARIANT *values = calloc(MILLION, sizeof(*values));
    HRESULT *errors = NULL;
    ULONGLONG began_ms;
    HRESULT result;

    assert_non_null(values);
    for (DWORD i = 0; i < MILLION; i++)
    {
        V_VT(&values[i]) = VT_I4;
        V_I4(&values[i]) = (LONG)i;
    }
    began_ms = GetTickCount64();
    result = IOPCSyncIO_Write(sync, MILLION, handles, values, &errors);
    note(answers, STEP_WRITE, began_ms, result, errors);
    free(values);
}

static void call_with_handles(struct answers *answers, IOPCItemMgt *items, OPCHANDLE *handles)
{
    OPCHANDLE *clients = calloc(MILLION, sizeof(*clients));
    IOPCSyncIO *sync = stage_query(items, &IID_IOPCSyncIO);
    HRESULT *errors = NULL;
    ULONGLONG began_ms;
    HRESULT result;

    assert_non_null(clients);
    for (DWORD i = 0; i < MILLION; i++)
        clients[i] = MILLION - i;
    began_ms = GetTickCount64();
    result = IOPCItemMgt_SetActiveState(items, MILLION, handles, TRUE, &errors);
    note(answers, STEP_SET_ACTIVE, began_ms, result, errors);
    errors = NULL;
    began_ms = GetTickCount64();
    result = IOPCItemMgt_SetClientHandles(items, MILLION, handles, clients, &errors);
    note(answers, STEP_SET_CLIENTS, began_ms, result, errors);
    read_all(answers, sync, handles);
    write_all(answers, sync, handles);
    errors = NULL;
    began_ms = GetTickCount64();
    result = IOPCItemMgt_RemoveItems(items, MILLION, handles, &errors);
    note(answers, STEP_REMOVE, began_ms, result, errors);
    stage_release(sync);
    free(clients);
}

static void call_all(struct answers *answers, IOPCItemMgt *items)
{
    OPCITEMDEF *definitions = make_items();
    OPCHANDLE *handles = calloc(MILLION, sizeof(*handles));
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    ULONGLONG began_ms = GetTickCount64();
    HRESULT result;

    assert_non_null(handles);
    result = IOPCItemMgt_ValidateItems(items, MILLION, definitions, FALSE, &results, &errors);
    note(answers, STEP_VALIDATE, began_ms, result, errors);
    CoTaskMemFree(results);
    results = NULL;
    errors = NULL;
    began_ms = GetTickCount64();
    result = IOPCItemMgt_AddItems(items, MILLION, definitions, &results, &errors);
    for (DWORD i = 0; results && i < MILLION; i++)
        handles[i] = results[i].hServer;
    CoTaskMemFree(results);
    note(answers, STEP_ADD, began_ms, result, errors);
    free(definitions);
    call_with_handles(answers, items, handles);
    free(handles);
}

static void answers_of(struct answers *answers, DWORD context)
{
    IOPCServer *server = stage_connect_to(PROGID, context);
    IUnknown *unknown = NULL;
    OPCHANDLE group = 0;
    DWORD rate_ms = 0;

    assert_hr(IOPCServer_AddGroup(server, L"", FALSE, 1000, 0, NULL, NULL, 0, &group, &rate_ms,
                                  &IID_IOPCItemMgt, &unknown),
              S_OK);
    call_all(answers, (IOPCItemMgt *)unknown);
    assert_int_equal(stage_release(unknown), 0);
    assert_hr(IOPCServer_RemoveGroup(server, group, FALSE), S_OK);
    stage_release(server);
}

static void test_million_items(void **state)
{
    struct answers direct = {.of = "direct"}, through = {.of = "through"};

    (void)state;
    answers_of(&direct, CLSCTX_LOCAL_SERVER);
    answers_of(&through, CLSCTX_INPROC_SERVER);
    for (int i = 0; i < STEP_COUNT; i++)
    {
        assert_hr(through.results[i], direct.results[i]);
        assert_int_equal(through.good[i], direct.good[i]);
    }
}

const struct CMUnitTest million_tests[] = {
    cmocka_unit_test(test_million_items),
};
const size_t million_test_count = ARRAYSIZE(million_tests);
