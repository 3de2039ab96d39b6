#include <opc/opcconst.h>
#include <opc/opcerror.h>

#include "group/group_methods.h"
#include "server/forward.h"
#include "session/session.h"

void rm_group_free_states(OPCITEMSTATE *values, DWORD count)
{
    for (DWORD i = 0; values && i < count; i++)
        VariantClear(&values[i].vDataValue);
    CoTaskMemFree(values);
}

/* The last value that the client has got, as bad as it is now. It may have been declared stale
 * already, but it is the last. */
static HRESULT read_last(struct rm_item *item, OPCITEMSTATE *value)
{
    value->hClient = item->client;
    value->ftTimeStamp = item->last.time;
    value->wQuality = OPC_QUALITY_COMM_FAILURE;
    return VariantCopy(&value->vDataValue, &item->last.value);
}

/* Locked. */
static HRESULT read_items(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                          OPCITEMSTATE *values, HRESULT *errors)
{
    HRESULT hr = S_OK;

    for (DWORD i = 0; i < count; i++)
    {
        struct rm_item *item = rm_group_find_item(group, handles[i]);

        errors[i] = item ? read_last(item, &values[i]) : OPC_E_INVALIDHANDLE;
        if (errors[i] != S_OK)
            hr = S_FALSE;
    }
    return hr;
}

HRESULT rm_group_read_last(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                           OPCITEMSTATE **values_out, HRESULT **errors_out)
{
    OPCITEMSTATE *values;
    HRESULT *errors;
    HRESULT hr = E_FAIL;

    if (!count)
        return E_INVALIDARG;
    if (count > RM_ELEMENTS_MAX)
        return E_OUTOFMEMORY;
    values = CoTaskMemAlloc(count * sizeof(*values));
    errors = CoTaskMemAlloc(count * sizeof(*errors));
    if (!values || !errors)
    {
        CoTaskMemFree(values);
        CoTaskMemFree(errors);
        return E_OUTOFMEMORY;
    }
    memset(values, 0, count * sizeof(*values));
    rm_session_lock(group->session);
    if (!group->is_removed)
        hr = read_items(group, count, handles, values, errors);
    rm_session_unlock(group->session);
    if (FAILED(hr))
    {
        CoTaskMemFree(values);
        CoTaskMemFree(errors);
        return hr;
    }
    *values_out = values;
    *errors_out = errors;
    return hr;
}
