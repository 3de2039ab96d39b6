/* The server object: IOPCBrowse and IOPCItemIO of Data Access 3. */
#include "echo.h"

#include "samples.h"

FORWARD_UNKNOWN(IOPCBrowse, echo_server, browse, IOPCServer)
FORWARD_UNKNOWN(IOPCItemIO, echo_server, io, IOPCServer)

static void trace_items(DWORD count, const LPCWSTR *items)
{
    trace_add(L" items=");
    for (DWORD i = 0; i < count; i++)
        trace_add(i ? L",%ls" : L"%ls", text_or_null(items[i]));
}

/* Two properties: one with everything, one with NULL where that is possible. */
static void fill_properties(OPCITEMPROPERTIES *properties)
{
    OPCITEMPROPERTY *property = task_alloc(2 * sizeof(*property));

    properties->hrErrorID = S_FALSE;
    properties->dwNumProperties = 2;
    properties->pItemProperties = property;
    properties->dwReserved = 0x11223344;

    property[0].vtDataType = VT_BSTR;
    property[0].wReserved = 0x5566;
    property[0].dwPropertyID = OPC_PROPERTY_EU_UNITS;
    property[0].szItemID = task_string(L"Plant.Unit");
    property[0].szDescription = task_string(L"EU Units");
    sample_make(35, &property[0].vValue);
    property[0].dwReserved = 0x778899AA;

    property[1].dwPropertyID = 0xFFFFFFFF;
    property[1].hrErrorID = OPC_E_INVALID_PID;
}

static HRESULT STDMETHODCALLTYPE browse_GetProperties(IOPCBrowse *iface, DWORD count, LPWSTR *items,
                                                      BOOL values, DWORD property_count,
                                                      DWORD *properties, OPCITEMPROPERTIES **result)
{
    (void)iface;
    trace(L"GetProperties values=%ld", values);
    trace_items(count, (const LPCWSTR *)items);
    trace_numbers(L"ids", property_count, properties);
    *result = task_alloc(count * sizeof(**result));
    fill_properties(&(*result)[0]);
    for (DWORD i = 1; i < count; i++)
        (*result)[i].hrErrorID = OPC_E_UNKNOWNITEMID;
    return S_FALSE;
}

/* The continuation point goes from "" over "next" to NULL; from NULL it stays. */
static HRESULT STDMETHODCALLTYPE browse_Browse(IOPCBrowse *iface, LPWSTR item, LPWSTR *continuation,
                                               DWORD max, OPCBROWSEFILTER filter, LPWSTR names,
                                               LPWSTR vendor, BOOL all, BOOL values,
                                               DWORD property_count, DWORD *properties, BOOL *more,
                                               DWORD *count, OPCBROWSEELEMENT **result)
{
    BOOL first = *continuation && !**continuation;

    (void)iface;
    trace(L"Browse [%ls] from=[%ls] max=%lu filter=%d names=[%ls] vendor=[%ls] all=%ld values=%ld",
          item, text_or_null(*continuation), max, filter, names, vendor, all, values);
    trace_numbers(L"ids", property_count, properties);
    CoTaskMemFree(*continuation);
    *continuation = first ? task_string(L"next") : NULL;
    *more = TRUE;
    *count = 0;
    *result = NULL;
    if (!first)
        return S_OK;

    *count = 2;
    *result = task_alloc(2 * sizeof(**result));
    (*result)[0].szName = task_string(L"Temp");
    (*result)[0].szItemID = task_string(L"Plant.Temp");
    (*result)[0].dwFlagValue = OPC_BROWSE_HASCHILDREN | OPC_BROWSE_ISITEM;
    (*result)[0].dwReserved = 0xCAFE0001;
    fill_properties(&(*result)[0].ItemProperties);
    (*result)[1].ItemProperties.hrErrorID = OPC_E_INVALIDITEMID;
    return S_FALSE;
}

static const IOPCBrowseVtbl browse_vtbl = {
    browse_QueryInterface, browse_AddRef, browse_Release, browse_GetProperties, browse_Browse,
};

/* Values by position: sample n for item n. */
static HRESULT STDMETHODCALLTYPE io_Read(IOPCItemIO *iface, DWORD count, LPCWSTR *items,
                                         DWORD *ages, VARIANT **values, WORD **qualities,
                                         FILETIME **times, HRESULT **errors)
{
    (void)iface;
    trace(L"ItemIO::Read");
    trace_numbers(L"ages", count, ages);
    if (count <= 3)
        trace_items(count, items);
    *values = task_alloc(count * sizeof(**values));
    *qualities = task_alloc(count * sizeof(**qualities));
    *times = task_alloc(count * sizeof(**times));
    *errors = task_errors(count);
    for (DWORD i = 0; i < count; i++)
    {
        sample_make(i % SAMPLE_COUNT, &(*values)[i]);
        (*qualities)[i] = (WORD)(0xFF00 + i);
        (*times)[i] = number_to_time(i);
    }
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE io_WriteVQT(IOPCItemIO *iface, DWORD count, LPCWSTR *items,
                                             OPCITEMVQT *vqts, HRESULT **errors)
{
    (void)iface;
    trace(L"ItemIO::WriteVQT");
    trace_items(1, items);
    *errors = check_vqts(count, vqts);
    return S_OK;
}

static const IOPCItemIOVtbl io_vtbl = {
    io_QueryInterface, io_AddRef, io_Release, io_Read, io_WriteVQT,
};

void echo_browse3_init(struct echo_server *server)
{
    server->IOPCBrowse_iface.lpVtbl = &browse_vtbl;
    server->IOPCItemIO_iface.lpVtbl = &io_vtbl;
}
