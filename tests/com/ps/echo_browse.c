/* The server object: the browsing and the properties of Data Access 2. */
#include "echo.h"

#include "samples.h"

FORWARD_UNKNOWN(IOPCBrowseServerAddressSpace, echo_server, space, IOPCServer)
FORWARD_UNKNOWN(IOPCItemProperties, echo_server, properties, IOPCServer)

static HRESULT STDMETHODCALLTYPE space_QueryOrganization(IOPCBrowseServerAddressSpace *iface,
                                                         OPCNAMESPACETYPE *type)
{
    (void)iface;
    trace(L"QueryOrganization");
    *type = OPC_NS_FLAT;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE space_ChangeBrowsePosition(IOPCBrowseServerAddressSpace *iface,
                                                            OPCBROWSEDIRECTION direction,
                                                            LPCWSTR name)
{
    (void)iface;
    trace(L"ChangeBrowsePosition %d [%ls]", direction, name);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE space_BrowseOPCItemIDs(IOPCBrowseServerAddressSpace *iface,
                                                        OPCBROWSETYPE type, LPCWSTR filter,
                                                        VARTYPE vt, DWORD rights,
                                                        LPENUMSTRING *result)
{
    (void)iface;
    trace(L"BrowseOPCItemIDs %d [%ls] type=%x rights=%lx", type, filter, vt, rights);
    return echo_enum_string_create(&IID_IEnumString, (void **)result);
}

static HRESULT STDMETHODCALLTYPE space_GetItemID(IOPCBrowseServerAddressSpace *iface, LPWSTR name,
                                                 LPWSTR *id)
{
    (void)iface;
    trace(L"GetItemID %ls", name);
    *id = task_string(L"Plant.Boiler.Temp");
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE space_BrowseAccessPaths(IOPCBrowseServerAddressSpace *iface,
                                                         LPCWSTR id, LPENUMSTRING *result)
{
    (void)iface;
    trace(L"BrowseAccessPaths %ls", id);
    *result = NULL;
    return S_FALSE;
}

static const IOPCBrowseServerAddressSpaceVtbl space_vtbl = {
    space_QueryInterface,       space_AddRef,           space_Release,   space_QueryOrganization,
    space_ChangeBrowsePosition, space_BrowseOPCItemIDs, space_GetItemID, space_BrowseAccessPaths,
};

/* The item "none" has no properties: NULL arrays and a count of 0. */
static HRESULT STDMETHODCALLTYPE properties_QueryAvailableProperties(IOPCItemProperties *iface,
                                                                     LPWSTR item, DWORD *count,
                                                                     DWORD **ids,
                                                                     LPWSTR **descriptions,
                                                                     VARTYPE **types)
{
    (void)iface;
    trace(L"QueryAvailableProperties %ls", item);
    *count = 0;
    *ids = NULL;
    *descriptions = NULL;
    *types = NULL;
    if (!wcscmp(item, L"none"))
        return S_OK;

    *count = 3;
    *ids = task_alloc(3 * sizeof(**ids));
    *descriptions = task_alloc(3 * sizeof(**descriptions));
    *types = task_alloc(3 * sizeof(**types));
    for (DWORD i = 0; i < 3; i++)
    {
        (*ids)[i] = 5000 + i;
        (*types)[i] = (VARTYPE)(VT_ARRAY + i);
    }
    (*descriptions)[0] = task_string(L"first");
    (*descriptions)[2] = task_string(L"");
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE properties_GetItemProperties(IOPCItemProperties *iface,
                                                              LPWSTR item, DWORD count, DWORD *ids,
                                                              VARIANT **values, HRESULT **errors)
{
    (void)iface;
    trace(L"GetItemProperties %ls", item);
    *values = task_alloc(count * sizeof(**values));
    for (DWORD i = 0; i < count; i++)
        sample_make(ids[i], &(*values)[i]);
    *errors = task_errors(count);
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE properties_LookupItemIDs(IOPCItemProperties *iface, LPWSTR item,
                                                          DWORD count, DWORD *ids, LPWSTR **result,
                                                          HRESULT **errors)
{
    (void)iface;
    trace(L"LookupItemIDs %ls", item);
    trace_numbers(L"ids", count, ids);
    *result = task_alloc(count * sizeof(**result));
    (*result)[0] = task_string(L"Plant.Boiler.Temp.Unit");
    *errors = task_errors(count);
    return S_FALSE;
}

static const IOPCItemPropertiesVtbl properties_vtbl = {
    properties_QueryInterface,    properties_AddRef,
    properties_Release,           properties_QueryAvailableProperties,
    properties_GetItemProperties, properties_LookupItemIDs,
};

void echo_browse_init(struct echo_server *server)
{
    server->IOPCBrowseServerAddressSpace_iface.lpVtbl = &space_vtbl;
    server->IOPCItemProperties_iface.lpVtbl = &properties_vtbl;
}
