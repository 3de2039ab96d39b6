/* The group object: IOPCItemMgt, IOPCItemDeadbandMgt, IOPCItemSamplingMgt. */
#include "echo.h"

FORWARD_UNKNOWN(IOPCItemMgt, echo_group, items, IOPCGroupStateMgt2)
FORWARD_UNKNOWN(IOPCItemDeadbandMgt, echo_group, deadband, IOPCGroupStateMgt2)
FORWARD_UNKNOWN(IOPCItemSamplingMgt, echo_group, sampling, IOPCGroupStateMgt2)

/* The result carries the definition's blob back, reversed. */
static void answer_item(DWORD i, const OPCITEMDEF *item, OPCITEMRESULT *result)
{
    trace_add(L" {[%ls] [%ls] active=%ld client=%lx blob=%lu", text_or_null(item->szAccessPath),
              text_or_null(item->szItemID), item->bActive, item->hClient, item->dwBlobSize);
    trace_add(item->pBlob ? L":%02x" : L":NULL",
              item->pBlob && item->dwBlobSize ? *item->pBlob : 0);
    trace_add(L" type=%x reserved=%x}", item->vtRequestedDataType, item->wReserved);
    result->hServer = 0xE0000000 + i;
    result->vtCanonicalDataType = (VARTYPE)(VT_ARRAY + i);
    result->wReserved = (WORD)(0xF000 + i);
    result->dwAccessRights = 0x80000000 + i;
    if (!item->pBlob)
        return;
    result->dwBlobSize = item->dwBlobSize;
    result->pBlob = task_alloc(item->dwBlobSize);
    for (DWORD n = 0; n < item->dwBlobSize; n++)
        result->pBlob[n] = item->pBlob[item->dwBlobSize - 1 - n];
}

/* Large calls measure memory; nobody reads their trace. */
static void answer_items(DWORD count, const OPCITEMDEF *items, OPCITEMRESULT **results,
                         HRESULT **errors)
{
    *results = task_alloc(count * sizeof(**results));
    *errors = task_errors(count);
    for (DWORD i = 0; i < count && count <= 5; i++)
        answer_item(i, &items[i], &(*results)[i]);
}

static HRESULT STDMETHODCALLTYPE items_AddItems(IOPCItemMgt *iface, DWORD count, OPCITEMDEF *items,
                                                OPCITEMRESULT **results, HRESULT **errors)
{
    (void)iface;
    trace(L"AddItems");
    answer_items(count, items, results, errors);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE items_ValidateItems(IOPCItemMgt *iface, DWORD count,
                                                     OPCITEMDEF *items, BOOL blobs,
                                                     OPCITEMRESULT **results, HRESULT **errors)
{
    (void)iface;
    trace(L"ValidateItems blobs=%ld", blobs);
    answer_items(count, items, results, errors);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE items_RemoveItems(IOPCItemMgt *iface, DWORD count,
                                                   OPCHANDLE *handles, HRESULT **errors)
{
    (void)iface;
    trace(L"RemoveItems");
    trace_numbers(L"items", count, handles);
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE items_SetActiveState(IOPCItemMgt *iface, DWORD count,
                                                      OPCHANDLE *handles, BOOL active,
                                                      HRESULT **errors)
{
    (void)iface;
    trace(L"SetActiveState %ld", active);
    trace_numbers(L"items", count, handles);
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE items_SetClientHandles(IOPCItemMgt *iface, DWORD count,
                                                        OPCHANDLE *handles, OPCHANDLE *clients,
                                                        HRESULT **errors)
{
    (void)iface;
    trace(L"SetClientHandles");
    trace_numbers(L"items", count, handles);
    trace_numbers(L"clients", count, clients);
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE items_SetDatatypes(IOPCItemMgt *iface, DWORD count,
                                                    OPCHANDLE *handles, VARTYPE *types,
                                                    HRESULT **errors)
{
    (void)iface;
    trace(L"SetDatatypes");
    trace_numbers(L"items", count, handles);
    trace_words(L"types", count, types);
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE items_CreateEnumerator(IOPCItemMgt *iface, REFIID riid,
                                                        LPUNKNOWN *unknown)
{
    (void)iface;
    trace(L"CreateEnumerator");
    return echo_enum_attributes_create(0, riid, (void **)unknown);
}

static const IOPCItemMgtVtbl items_vtbl = {
    items_QueryInterface, items_AddRef,           items_Release,        items_AddItems,
    items_ValidateItems,  items_RemoveItems,      items_SetActiveState, items_SetClientHandles,
    items_SetDatatypes,   items_CreateEnumerator,
};

static HRESULT STDMETHODCALLTYPE deadband_SetItemDeadband(IOPCItemDeadbandMgt *iface, DWORD count,
                                                          OPCHANDLE *handles, FLOAT *percent,
                                                          HRESULT **errors)
{
    (void)iface;
    trace(L"SetItemDeadband");
    trace_numbers(L"items", count, handles);
    for (DWORD i = 0; i < count; i++)
        trace_add(L" %g", (double)percent[i]);
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE deadband_GetItemDeadband(IOPCItemDeadbandMgt *iface, DWORD count,
                                                          OPCHANDLE *handles, FLOAT **percent,
                                                          HRESULT **errors)
{
    (void)iface;
    trace(L"GetItemDeadband");
    trace_numbers(L"items", count, handles);
    *percent = task_alloc(count * sizeof(**percent));
    for (DWORD i = 0; i < count; i++)
        (*percent)[i] = 0.25f + (FLOAT)i;
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE deadband_ClearItemDeadband(IOPCItemDeadbandMgt *iface, DWORD count,
                                                            OPCHANDLE *handles, HRESULT **errors)
{
    (void)iface;
    trace(L"ClearItemDeadband");
    trace_numbers(L"items", count, handles);
    *errors = task_errors(count);
    return S_FALSE;
}

static const IOPCItemDeadbandMgtVtbl deadband_vtbl = {
    deadband_QueryInterface,  deadband_AddRef,          deadband_Release,
    deadband_SetItemDeadband, deadband_GetItemDeadband, deadband_ClearItemDeadband,
};

/* One answer for the two methods that deliver numbers. */
static DWORD *numbers_from(DWORD first, DWORD count)
{
    DWORD *numbers = task_alloc(count * sizeof(*numbers));

    for (DWORD i = 0; i < count; i++)
        numbers[i] = first + i;
    return numbers;
}

static HRESULT STDMETHODCALLTYPE sampling_SetItemSamplingRate(IOPCItemSamplingMgt *iface,
                                                              DWORD count, OPCHANDLE *handles,
                                                              DWORD *rates, DWORD **revised,
                                                              HRESULT **errors)
{
    (void)iface;
    trace(L"SetItemSamplingRate");
    trace_numbers(L"items", count, handles);
    trace_numbers(L"rates", count, rates);
    *revised = numbers_from(0xB0000000, count);
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE sampling_GetItemSamplingRate(IOPCItemSamplingMgt *iface,
                                                              DWORD count, OPCHANDLE *handles,
                                                              DWORD **rates, HRESULT **errors)
{
    (void)iface;
    trace(L"GetItemSamplingRate");
    trace_numbers(L"items", count, handles);
    *rates = numbers_from(0xB1000000, count);
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE sampling_ClearItemSamplingRate(IOPCItemSamplingMgt *iface,
                                                                DWORD count, OPCHANDLE *handles,
                                                                HRESULT **errors)
{
    (void)iface;
    trace(L"ClearItemSamplingRate");
    trace_numbers(L"items", count, handles);
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE sampling_SetItemBufferEnable(IOPCItemSamplingMgt *iface,
                                                              DWORD count, OPCHANDLE *handles,
                                                              BOOL *enable, HRESULT **errors)
{
    (void)iface;
    trace(L"SetItemBufferEnable");
    trace_numbers(L"items", count, handles);
    for (DWORD i = 0; i < count; i++)
        trace_add(L" %ld", enable[i]);
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE sampling_GetItemBufferEnable(IOPCItemSamplingMgt *iface,
                                                              DWORD count, OPCHANDLE *handles,
                                                              BOOL **enable, HRESULT **errors)
{
    (void)iface;
    trace(L"GetItemBufferEnable");
    trace_numbers(L"items", count, handles);
    *enable = (BOOL *)numbers_from(0, count);
    *errors = task_errors(count);
    return S_FALSE;
}

static const IOPCItemSamplingMgtVtbl sampling_vtbl = {
    sampling_QueryInterface,
    sampling_AddRef,
    sampling_Release,
    sampling_SetItemSamplingRate,
    sampling_GetItemSamplingRate,
    sampling_ClearItemSamplingRate,
    sampling_SetItemBufferEnable,
    sampling_GetItemBufferEnable,
};

void echo_items_init(struct echo_group *group)
{
    group->IOPCItemMgt_iface.lpVtbl = &items_vtbl;
    group->IOPCItemDeadbandMgt_iface.lpVtbl = &deadband_vtbl;
    group->IOPCItemSamplingMgt_iface.lpVtbl = &sampling_vtbl;
}
