#include <opc/opcconst.h>
#include <opc/opcerror.h>

#include "group/group_methods.h"
#include "group/group_object.h"
#include "group/item_call.h"
#include "link/link.h"
#include "module/memory.h"
#include "session/session.h"

static struct rm_group *impl_from_IOPCSyncIO2(IOPCSyncIO2 *iface)
{
    return CONTAINING_RECORD(iface, struct rm_group, IOPCSyncIO2_iface);
}

static HRESULT STDMETHODCALLTYPE group_sync_QueryInterface(IOPCSyncIO2 *iface, REFIID iid,
                                                           void **out)
{
    return rm_group_object_query(impl_from_IOPCSyncIO2(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE group_sync_AddRef(IOPCSyncIO2 *iface)
{
    return rm_group_object_add_ref(impl_from_IOPCSyncIO2(iface));
}

static ULONG STDMETHODCALLTYPE group_sync_Release(IOPCSyncIO2 *iface)
{
    return rm_group_object_release(impl_from_IOPCSyncIO2(iface));
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
    if (values)
        rm_forward_bring(&read->items.forward, &read->values[0].vDataValue,
                         rm_handle_set_result_count(set), sizeof(*read->values));
    return hr;
}

static void destroy_read(struct rm_call *call)
{
    struct read_call *read = RM_FORWARD_OF(call, struct read_call);

    rm_group_free_states(read->values, rm_handle_set_result_count(&read->items.set));
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
    read->items.may_repeat = true;
    hr = rm_item_call_execute(&read->items, errors);
    if (rm_forward_has_results(&read->items.forward, hr))
    {
        *values = read->values;
        read->values = NULL;
    }
    rm_call_release(&read->items.forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_sync_Read(IOPCSyncIO2 *iface, OPCDATASOURCE source,
                                                 DWORD count, OPCHANDLE *handles,
                                                 OPCITEMSTATE **values, HRESULT **errors)
{
    struct rm_group *group = impl_from_IOPCSyncIO2(iface);
    HRESULT hr;

    if (values)
        *values = NULL;
    if (errors)
        *errors = NULL;
    if (!handles || !values || !errors)
        return RM_HRESULT_NULL_REF;
    if (!rm_is_enum((int)source))
        return RM_HRESULT_ENUM_RANGE;
    do
        hr = read_once(group, source, count, handles, values, errors);
    while (hr == RM_CALL_REPEAT);
    if (hr == RM_HRESULT_UNAVAILABLE && source == OPC_DS_CACHE)
        return rm_group_read_last(group, count, handles, values, errors);
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

static HRESULT STDMETHODCALLTYPE group_sync_Write(IOPCSyncIO2 *iface, DWORD count,
                                                  OPCHANDLE *handles, VARIANT *values,
                                                  HRESULT **errors)
{
    HRESULT hr;

    if (errors)
        *errors = NULL;
    if (!handles || !values || !errors)
        return RM_HRESULT_NULL_REF;
    do
        hr = write_once(impl_from_IOPCSyncIO2(iface), count, handles, values, errors);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_sync_ReadMaxAge(IOPCSyncIO2 *iface, DWORD count,
                                                       OPCHANDLE *handles, DWORD *max_ages,
                                                       VARIANT **values, WORD **qualities,
                                                       FILETIME **times, HRESULT **errors)
{
    struct rm_max_age_results results = {0};
    HRESULT hr;

    if (values)
        *values = NULL;
    if (qualities)
        *qualities = NULL;
    if (times)
        *times = NULL;
    if (errors)
        *errors = NULL;
    if (!handles || !max_ages || !values || !qualities || !times || !errors)
        return RM_HRESULT_NULL_REF;
    hr = rm_group_read_max_age(impl_from_IOPCSyncIO2(iface), count, handles, max_ages, &results);
    *values = results.values;
    *qualities = results.qualities;
    *times = results.times;
    *errors = results.errors;
    return hr;
}

static HRESULT STDMETHODCALLTYPE group_sync_WriteVQT(IOPCSyncIO2 *iface, DWORD count,
                                                     OPCHANDLE *handles, OPCITEMVQT *values,
                                                     HRESULT **errors)
{
    HRESULT hr;

    if (errors)
        *errors = NULL;
    if (!handles || !values || !errors)
        return RM_HRESULT_NULL_REF;
    do
        hr = rm_group_write_vqt_once(impl_from_IOPCSyncIO2(iface), count, handles, values, errors);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

/* Serves IOPCSyncIO as well. */
const IOPCSyncIO2Vtbl rm_group_sync_vtbl = {
    group_sync_QueryInterface, group_sync_AddRef,     group_sync_Release,  group_sync_Read,
    group_sync_Write,          group_sync_ReadMaxAge, group_sync_WriteVQT,
};
