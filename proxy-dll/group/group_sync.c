#include <opc/opcconst.h>
#include <opc/opcerror.h>

#include "group/group_object.h"
#include "group/item_call.h"
#include "link/link.h"
#include "module/memory.h"
#include "session/session.h"

static struct rm_group *impl_from_IOPCSyncIO(IOPCSyncIO *iface)
{
    return CONTAINING_RECORD(iface, struct rm_group, IOPCSyncIO_iface);
}

static HRESULT STDMETHODCALLTYPE group_sync_QueryInterface(IOPCSyncIO *iface, REFIID iid,
                                                           void **out)
{
    return rm_group_object_query(impl_from_IOPCSyncIO(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE group_sync_AddRef(IOPCSyncIO *iface)
{
    return rm_group_object_add_ref(impl_from_IOPCSyncIO(iface));
}

static ULONG STDMETHODCALLTYPE group_sync_Release(IOPCSyncIO *iface)
{
    return rm_group_object_release(impl_from_IOPCSyncIO(iface));
}

struct read_call
{
    struct rm_item_call items;
    OPCDATASOURCE source;
    OPCITEMSTATE *values;
};

static HRESULT run_read(struct rm_call *call, struct rm_link *link)
{
    struct read_call *read = RM_FORWARD_OF(call, struct read_call);
    struct rm_handle_set *set = &read->items.set;
    void *values;
    HRESULT hr = S_OK;

    (void)link;
    if (!rm_handle_set_is_all_early(set))
        hr = IOPCSyncIO_Read((IOPCSyncIO *)read->items.forward.real, read->source, set->sent_count,
                             set->real, &read->values, &read->items.errors);
    rm_forward_drop(&read->items.forward);
    values = read->values;
    hr = rm_handle_set_expand(set, hr, &values, sizeof(*read->values), &read->items.errors);
    read->values = values;
    return hr;
}

static void free_values(OPCITEMSTATE *values, DWORD count)
{
    for (DWORD i = 0; values && i < count; i++)
        VariantClear(&values[i].vDataValue);
    CoTaskMemFree(values);
}

static void destroy_read(struct rm_call *call)
{
    struct read_call *read = RM_FORWARD_OF(call, struct read_call);
    const struct rm_handle_set *set = &read->items.set;

    free_values(read->values, set->is_expanded ? set->count : set->sent_count);
    rm_item_call_destroy(call);
}

static const struct rm_call_class cache_read_class = {
    .name = "IOPCSyncIO::Read",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_item_call_prepare,
    .run = run_read,
    .destroy = destroy_read,
};

static const struct rm_call_class device_read_class = {
    .name = "IOPCSyncIO::Read",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = rm_item_call_prepare,
    .run = run_read,
    .destroy = destroy_read,
};

static HRESULT read_once(struct rm_group *group, OPCDATASOURCE source, DWORD count,
                         const OPCHANDLE *handles, OPCITEMSTATE **values, HRESULT **errors)
{
    struct read_call *read = rm_item_call_new(
        sizeof(*read), source == OPC_DS_CACHE ? &cache_read_class : &device_read_class, group,
        RM_GROUP_SYNC_IO, count, handles);
    HRESULT hr;

    if (!read)
        return E_OUTOFMEMORY;
    read->source = source;
    hr = rm_item_call_execute(&read->items, errors);
    if (rm_forward_has_results(&read->items.forward, hr))
    {
        *values = read->values;
        read->values = NULL;
    }
    rm_call_release(&read->items.forward.call);
    return hr;
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

/* With no machine left a cached read answers as a server's does whose device is gone (F-10). */
static HRESULT read_shadow(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                           OPCITEMSTATE **values_out, HRESULT **errors_out)
{
    OPCITEMSTATE *values;
    HRESULT *errors;
    HRESULT hr = S_OK;

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
    for (DWORD i = 0; i < count; i++)
    {
        struct rm_item *item = rm_group_find_item(group, handles[i]);

        errors[i] = item ? read_last(item, &values[i]) : OPC_E_INVALIDHANDLE;
        if (errors[i] != S_OK)
            hr = S_FALSE;
    }
    rm_session_unlock(group->session);
    *values_out = values;
    *errors_out = errors;
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_sync_Read(IOPCSyncIO *iface, OPCDATASOURCE source,
                                                 DWORD count, OPCHANDLE *handles,
                                                 OPCITEMSTATE **values, HRESULT **errors)
{
    struct rm_group *group = impl_from_IOPCSyncIO(iface);
    HRESULT hr;

    if (values)
        *values = NULL;
    if (errors)
        *errors = NULL;
    if (!handles || !values || !errors)
        return RM_HRESULT_NULL_REF;
    do
        hr = read_once(group, source, count, handles, values, errors);
    while (hr == RM_CALL_REPEAT);
    if (hr == RM_HRESULT_UNAVAILABLE && source == OPC_DS_CACHE)
        return read_shadow(group, count, handles, values, errors);
    return hr;
}

struct write_call
{
    struct rm_item_call items;
    VARIANT *values;
};

static HRESULT run_write(struct rm_call *call, struct rm_link *link)
{
    struct write_call *write = RM_FORWARD_OF(call, struct write_call);
    struct rm_handle_set *set = &write->items.set;
    void *temporary;
    VARIANT *values = rm_handle_set_gather(set, write->values, sizeof(*values), &temporary);
    HRESULT hr = values ? S_OK : E_OUTOFMEMORY;

    (void)link;
    if (values && !rm_handle_set_is_all_early(set))
        hr = IOPCSyncIO_Write((IOPCSyncIO *)write->items.forward.real, set->sent_count, set->real,
                              values, &write->items.errors);
    rm_free(temporary);
    rm_forward_drop(&write->items.forward);
    return rm_handle_set_expand(set, hr, NULL, 0, &write->items.errors);
}

static const struct rm_call_class write_class = {
    .name = "IOPCSyncIO::Write",
    .kind = RM_CALL_WRITE,
    .is_long = true,
    .prepare = rm_item_call_prepare,
    .run = run_write,
    .name_items = rm_item_call_name_items,
    .destroy = rm_item_call_destroy,
};

static HRESULT write_once(struct rm_group *group, DWORD count, const OPCHANDLE *handles,
                          VARIANT *values, HRESULT **errors)
{
    struct write_call *write =
        rm_item_call_new(sizeof(*write), &write_class, group, RM_GROUP_SYNC_IO, count, handles);
    HRESULT hr;

    if (!write)
        return E_OUTOFMEMORY;
    write->values = rm_forward_variants(&write->items.forward, values, count);
    hr = rm_item_call_execute(&write->items, errors);
    rm_call_release(&write->items.forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_sync_Write(IOPCSyncIO *iface, DWORD count,
                                                  OPCHANDLE *handles, VARIANT *values,
                                                  HRESULT **errors)
{
    HRESULT hr;

    if (errors)
        *errors = NULL;
    if (!handles || !values || !errors)
        return RM_HRESULT_NULL_REF;
    do
        hr = write_once(impl_from_IOPCSyncIO(iface), count, handles, values, errors);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

const IOPCSyncIOVtbl rm_group_sync_vtbl = {
    group_sync_QueryInterface, group_sync_AddRef, group_sync_Release,
    group_sync_Read,           group_sync_Write,
};
