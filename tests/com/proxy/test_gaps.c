#include "stage3.h"

#include <stdlib.h>
#include <string.h>

/* What only the shadow has: it must be there for the client nevertheless, and come back. */

#define ODD_NAME         L"a name of a length that nothing else in the library has, so it is known"
#define OUT_OF_MEMORY_MS 1500

/* P3B has 50 counters only. */
static void add_far_item(struct stage3_group *group, OPCHANDLE handles[2])
{
    handles[0] = stage3_add(group, L"Counters.C0001", 1);
    handles[1] = stage3_add(group, L"Counters.C0900", 2);
}

/* The items that the group enumerates, each found once. */
static ULONG enumerate(struct stage3_group *group, const OPCHANDLE *handles, ULONG count)
{
    IEnumOPCItemAttributes *items = NULL;
    OPCITEMATTRIBUTES *elements = NULL;
    ULONG fetched = 0, found = 0;

    assert_hr(IOPCItemMgt_CreateEnumerator(group->items, &IID_IEnumOPCItemAttributes,
                                           (IUnknown **)&items),
              S_OK);
    assert_hr(IEnumOPCItemAttributes_Next(items, 10, &elements, &fetched), S_FALSE);
    for (ULONG i = 0; i < fetched; i++)
    {
        assert_non_null(elements[i].szItemID);
        assert_non_null(elements[i].szAccessPath);
        for (ULONG k = 0; handles && k < count; k++)
        {
            if (elements[i].hServer != handles[k])
                continue;
            assert_int_equal(elements[i].hClient, k + 1);
            assert_int_equal(
                wcscmp(elements[i].szItemID, k ? L"Counters.C0900" : L"Counters.C0001"), 0);
            assert_int_equal(elements[i].vtCanonicalDataType, VT_I4);
            assert_true(elements[i].bActive);
            found++;
        }
        CoTaskMemFree(elements[i].szItemID);
        CoTaskMemFree(elements[i].szAccessPath);
        CoTaskMemFree(elements[i].pBlob);
        VariantClear(&elements[i].vEUInfo);
    }
    CoTaskMemFree(elements);
    stage_release(items);
    return handles ? found : fetched;
}

static HRESULT read_device(struct stage3_group *group, OPCHANDLE handle)
{
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;
    HRESULT hr = IOPCSyncIO2_Read(group->sync, OPC_DS_DEVICE, 1, &handle, &values, &errors);

    if (SUCCEEDED(hr))
    {
        hr = errors[0];
        VariantClear(&values[0].vDataValue);
    }
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    return hr;
}

static void test_enumerator(void **state)
{
    IOPCServer *server = stage3_connect(PROGID3, false);
    struct stage3_group group;
    OPCHANDLE handles[2];

    (void)state;
    stage3_open(&group, server, L"Enumerated");
    add_far_item(&group, handles);
    assert_int_equal(enumerate(&group, handles, 2), 2);
    stage_rmsim(L"/fault P3A kill --away");
    stage3_wait_running(server);
    assert_hr(read_device(&group, handles[0]), S_OK);
    assert_hr(read_device(&group, handles[1]), OPC_E_UNKNOWNITEMID);
    assert_int_equal(enumerate(&group, handles, 2), 2);
    stage3_close(&group);
    assert_int_equal(stage_release(server), 0);
}

/* Cloned on a machine that lacks an item: it is there again on the one that has it. */
static void test_clone(void **state)
{
    IOPCServer *server = stage3_connect(PROGID3, false);
    struct stage3_group group, clone;
    OPCHANDLE handles[2], far_handle = 0;
    IEnumOPCItemAttributes *items = NULL;
    OPCITEMATTRIBUTES *elements = NULL;
    IUnknown *unknown = NULL;
    ULONG fetched = 0;
    DWORD rate_ms;

    (void)state;
    stage3_open(&group, server, L"Original");
    add_far_item(&group, handles);
    assert_hr(stage3_set_rate(&group, handles[1], 50), S_OK);
    stage_rmsim(L"/fault P3A kill --away");
    stage3_wait_running(server);
    assert_hr(read_device(&group, handles[1]), OPC_E_UNKNOWNITEMID);
    assert_hr(IOPCGroupStateMgt2_CloneGroup(group.state, L"Copy", &IID_IUnknown, &unknown), S_OK);
    stage3_take(&clone, server, unknown);
    assert_hr(
        IOPCItemMgt_CreateEnumerator(clone.items, &IID_IEnumOPCItemAttributes, (IUnknown **)&items),
        S_OK);
    assert_hr(IEnumOPCItemAttributes_Next(items, 10, &elements, &fetched), S_FALSE);
    assert_int_equal(fetched, 2);
    for (ULONG i = 0; i < fetched; i++)
    {
        if (elements[i].hClient == 2)
            far_handle = elements[i].hServer;
        CoTaskMemFree(elements[i].szItemID);
        CoTaskMemFree(elements[i].szAccessPath);
        CoTaskMemFree(elements[i].pBlob);
        VariantClear(&elements[i].vEUInfo);
    }
    CoTaskMemFree(elements);
    stage_release(items);
    assert_int_not_equal(far_handle, 0);
    assert_int_not_equal(far_handle, handles[1]);
    assert_hr(read_device(&clone, far_handle), OPC_E_UNKNOWNITEMID);
    stage_rmsim(L"/fault P3A clear");
    assert_true(stage_wait_both(PROGID3));
    stage_rmsim(L"/fault P3B kill --away");
    stage3_wait_running(server);
    assert_hr(read_device(&clone, far_handle), S_OK);
    assert_hr(stage3_get_rate(&clone, far_handle, &rate_ms), S_OK);
    assert_int_equal(rate_ms, 50);
    stage3_close(&clone);
    stage3_close(&group);
    assert_int_equal(stage_release(server), 0);
}

/* With no machine left the shadow answers cached reads, but not of a group that is gone. */
static void test_removed_group(void **state)
{
    IOPCServer *server = stage3_connect(PROGID3, false);
    struct stage3_group there, gone;
    OPCHANDLE handles[2];
    OPCITEMSTATE *values = NULL;
    VARIANT *variants = NULL;
    WORD *qualities = NULL;
    FILETIME *times = NULL;
    HRESULT *errors = NULL;
    DWORD ages[1] = {0xFFFFFFFF};

    (void)state;
    stage3_open(&there, server, L"There");
    stage3_open(&gone, server, L"Gone");
    handles[0] = stage3_add(&there, L"Memory.I4", 1);
    handles[1] = stage3_add(&gone, L"Memory.I4", 1);
    assert_hr(IOPCServer_RemoveGroup(server, gone.handle, FALSE), OPC_S_INUSE);
    stage_rmsim(L"/fault P3A kill --away");
    stage_rmsim(L"/fault P3B kill --away");
    assert_hr(IOPCSyncIO2_Read(there.sync, OPC_DS_CACHE, 1, handles, &values, &errors), S_OK);
    assert_int_equal(values[0].wQuality, OPC_QUALITY_COMM_FAILURE);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    assert_hr(IOPCSyncIO2_ReadMaxAge(there.sync, 1, handles, ages, &variants, &qualities, &times,
                                     &errors),
              S_OK);
    assert_int_equal(qualities[0], OPC_QUALITY_COMM_FAILURE);
    VariantClear(&variants[0]);
    CoTaskMemFree(variants);
    CoTaskMemFree(qualities);
    CoTaskMemFree(times);
    CoTaskMemFree(errors);
    ages[0] = 0;
    assert_hr(IOPCSyncIO2_ReadMaxAge(there.sync, 1, handles, ages, &variants, &qualities, &times,
                                     &errors),
              LOST);
    assert_null(variants);
    values = POISON;
    errors = POISON;
    assert_hr(IOPCSyncIO2_Read(gone.sync, OPC_DS_CACHE, 1, handles + 1, &values, &errors), E_FAIL);
    assert_null(values);
    assert_null(errors);
    stage3_clear(state);
    stage3_wait_running(server);
    assert_hr(read_device(&there, handles[0]), S_OK);
    stage_release(gone.state);
    stage_release(gone.sync);
    stage_release(gone.async);
    stage_release(gone.deadband);
    stage_release(gone.sampling);
    assert_int_equal(stage_release(gone.items), 0);
    stage3_close(&there);
    assert_int_equal(stage_release(server), 0);
}

typedef void *calloc_function(size_t count, size_t size);

static calloc_function **calloc_slot, *real_calloc;
static volatile ULONGLONG memory_back_at;
static volatile LONG refusals;
static DWORD own_thread;

/* The library's own calloc, which has no memory for a group's name on threads of the library. */
static void *calloc_without_memory(size_t count, size_t size)
{
    if (count == ARRAYSIZE(ODD_NAME) && size == sizeof(WCHAR) &&
        GetCurrentThreadId() != own_thread && GetTickCount64() < memory_back_at)
    {
        InterlockedIncrement(&refusals);
        return NULL;
    }
    return real_calloc(count, size);
}

/* Where the library keeps the address of a function that it imports. */
static void **find_import(HMODULE module, const char *name)
{
    BYTE *base = (BYTE *)module;
    const IMAGE_DOS_HEADER *dos = (const void *)base;
    const IMAGE_NT_HEADERS *nt = (const void *)(base + dos->e_lfanew);
    const IMAGE_IMPORT_DESCRIPTOR *import =
        (const void *)(base + nt->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT]
                                  .VirtualAddress);

    for (; import->Name; import++)
    {
        const IMAGE_THUNK_DATA *names = (const void *)(base + import->OriginalFirstThunk);
        void **slots = (void **)(void *)(base + import->FirstThunk);

        for (size_t i = 0; names[i].u1.AddressOfData; i++)
        {
            const IMAGE_IMPORT_BY_NAME *entry =
                (const void *)(base + (size_t)names[i].u1.AddressOfData);

            if (!IMAGE_SNAP_BY_ORDINAL(names[i].u1.Ordinal) &&
                strcmp((const char *)entry->Name, name) == 0)
                return &slots[i];
        }
    }
    return NULL;
}

static void set_calloc(calloc_function *function)
{
    DWORD protection;

    assert_true(VirtualProtect(calloc_slot, sizeof(*calloc_slot), PAGE_READWRITE, &protection));
    *calloc_slot = function;
    assert_true(VirtualProtect(calloc_slot, sizeof(*calloc_slot), protection, &protection));
}

/* A machine that could not be made equal for want of memory is not taken for equal: calls wait
 * until it is. */
static void test_out_of_memory(void **state)
{
    IOPCServer *server = stage3_connect(PROGID3, false);
    struct stage3_group group;
    OPCHANDLE handle;

    (void)state;
    refusals = 0;
    calloc_slot = (calloc_function **)(void *)find_import(GetModuleHandleW(L"redundancymaster.dll"),
                                                          "calloc");
    assert_non_null(calloc_slot);
    real_calloc = *calloc_slot;
    own_thread = GetCurrentThreadId();
    memory_back_at = GetTickCount64() + WAIT_MS;
    set_calloc(calloc_without_memory);
    stage3_open(&group, server, ODD_NAME); /* the standby has no memory for it */
    handle = stage3_add(&group, L"Memory.I4", 1);
    while (!refusals && GetTickCount64() < memory_back_at)
        stage_pump(NULL, 100);
    assert_true(refusals > 0);
    memory_back_at = GetTickCount64() + OUT_OF_MEMORY_MS;
    stage_rmsim(L"/fault P3A kill --away");
    assert_hr(read_device(&group, handle), S_OK);
    assert_true(GetTickCount64() >= memory_back_at);
    set_calloc(real_calloc);
    stage3_close(&group);
    assert_int_equal(stage_release(server), 0);
}

const struct CMUnitTest gap_tests[] = {
    stage3_test(test_enumerator),
    stage3_test(test_clone),
    stage3_test(test_removed_group),
    stage3_test(test_out_of_memory),
};
const size_t gap_test_count = ARRAYSIZE(gap_tests);
