/* IOPCItemIO, of Data Access 3.0. */
#include "link/link.h"
#include "server/forward.h"
#include "server/server_object.h"
#include "session/item_names.h"
#include "session/session.h"

#define FROM_CACHE 0xFFFFFFFFu /* maximum age: whatever the server has is young enough */

static struct rm_server_object *impl_from_IOPCItemIO(IOPCItemIO *iface)
{
    return CONTAINING_RECORD(iface, struct rm_server_object, IOPCItemIO_iface);
}

static HRESULT STDMETHODCALLTYPE server_item_io_QueryInterface(IOPCItemIO *iface, REFIID iid,
                                                               void **out)
{
    return rm_server_object_query(impl_from_IOPCItemIO(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE server_item_io_AddRef(IOPCItemIO *iface)
{
    return rm_server_object_add_ref(impl_from_IOPCItemIO(iface));
}

static ULONG STDMETHODCALLTYPE server_item_io_Release(IOPCItemIO *iface)
{
    return rm_server_object_release(impl_from_IOPCItemIO(iface));
}

/* What Read gives, four arrays side by side. */
struct read_results
{
    VARIANT *values;
    WORD *qualities;
    FILETIME *stamps;
    HRESULT *errors;
};

struct read_call
{
    struct rm_forward forward;
    DWORD count;
    LPCWSTR *item_ids;
    DWORD *ages_max;
    struct read_results results;
};

static HRESULT run_read(struct rm_call *call, struct rm_link *link)
{
    struct read_call *read = RM_FORWARD_OF(call, struct read_call);
    struct read_results *results = &read->results;
    HRESULT hr = IOPCItemIO_Read((IOPCItemIO *)read->forward.real, read->count, read->item_ids,
                                 read->ages_max, &results->values, &results->qualities,
                                 &results->stamps, &results->errors);

    (void)link;
    rm_forward_bring(&read->forward, results->values, read->count, sizeof(*results->values));
    rm_forward_drop(&read->forward);
    return hr;
}

static void destroy_read(struct rm_call *call)
{
    struct read_call *read = RM_FORWARD_OF(call, struct read_call);

    rm_free_variants(read->results.values, read->count);
    CoTaskMemFree(read->results.qualities);
    CoTaskMemFree(read->results.stamps);
    CoTaskMemFree(read->results.errors);
    rm_forward_destroy(call);
}

static const struct rm_call_class cache_read_class = {
    .name = "IOPCItemIO::Read",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = rm_forward_prepare,
    .run = run_read,
    .destroy = destroy_read,
};

static const struct rm_call_class device_read_class = {
    .name = "IOPCItemIO::Read",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_read,
    .destroy = destroy_read,
};

static bool is_all_from_cache(const DWORD *ages_max, DWORD count)
{
    for (DWORD i = 0; i < count; i++)
    {
        if (ages_max[i] != FROM_CACHE)
            return false;
    }
    return true;
}

static HRESULT read_once(IOPCItemIO *iface, DWORD count, const LPCWSTR *item_ids,
                         const DWORD *ages_max, struct read_results *results)
{
    struct read_call *read = rm_forward_new(
        sizeof(*read), is_all_from_cache(ages_max, count) ? &cache_read_class : &device_read_class,
        impl_from_IOPCItemIO(iface)->session, NULL, RM_SERVER_ITEM_IO);
    HRESULT hr;

    if (!read)
        return E_OUTOFMEMORY;
    read->count = count;
    read->item_ids = rm_forward_texts(&read->forward, item_ids, count);
    read->ages_max = rm_forward_array(&read->forward, ages_max, count, sizeof(*ages_max));
    hr = rm_forward_execute(&read->forward);
    if (rm_forward_has_results(&read->forward, hr))
    {
        *results = read->results;
        memset(&read->results, 0, sizeof(read->results));
    }
    rm_call_release(&read->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_item_io_Read(IOPCItemIO *iface, DWORD count,
                                                     LPCWSTR *item_ids, DWORD *ages_max,
                                                     VARIANT **values, WORD **qualities,
                                                     FILETIME **stamps, HRESULT **errors)
{
    struct read_results results = {NULL};
    HRESULT hr;

    if (values)
        *values = NULL;
    if (qualities)
        *qualities = NULL;
    if (stamps)
        *stamps = NULL;
    if (errors)
        *errors = NULL;
    if (!item_ids || !ages_max || !values || !qualities || !stamps || !errors)
        return RM_HRESULT_NULL_REF;
    do
        hr = read_once(iface, count, item_ids, ages_max, &results);
    while (hr == RM_CALL_REPEAT);
    *values = results.values;
    *qualities = results.qualities;
    *stamps = results.stamps;
    *errors = results.errors;
    return hr;
}

struct write_call
{
    struct rm_forward forward;
    DWORD count;
    LPCWSTR *item_ids;
    OPCITEMVQT *values;
    HRESULT *errors;
};

static HRESULT run_write(struct rm_call *call, struct rm_link *link)
{
    struct write_call *write = RM_FORWARD_OF(call, struct write_call);
    HRESULT hr = IOPCItemIO_WriteVQT((IOPCItemIO *)write->forward.real, write->count,
                                     write->item_ids, write->values, &write->errors);

    (void)link;
    rm_forward_drop(&write->forward);
    return hr;
}

static void name_written_items(const struct rm_call *call, WCHAR *text, size_t room)
{
    const struct write_call *write = (const struct write_call *)(const void *)call;

    rm_item_names_of_ids(write->count, write->item_ids, text, room);
}

static void destroy_write(struct rm_call *call)
{
    CoTaskMemFree(RM_FORWARD_OF(call, struct write_call)->errors);
    rm_forward_destroy(call);
}

static const struct rm_call_class write_class = {
    .name = "IOPCItemIO::WriteVQT",
    .kind = RM_CALL_WRITE,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_write,
    .name_items = name_written_items,
    .destroy = destroy_write,
};

static HRESULT write_once(IOPCItemIO *iface, DWORD count, const LPCWSTR *item_ids,
                          OPCITEMVQT *values, HRESULT **errors)
{
    struct write_call *write =
        rm_forward_new(sizeof(*write), &write_class, impl_from_IOPCItemIO(iface)->session, NULL,
                       RM_SERVER_ITEM_IO);
    HRESULT hr;

    if (!write)
        return E_OUTOFMEMORY;
    write->count = count;
    write->item_ids = rm_forward_texts(&write->forward, item_ids, count);
    write->values = rm_forward_vqts(&write->forward, values, count);
    hr = rm_forward_execute(&write->forward);
    if (rm_forward_has_results(&write->forward, hr))
    {
        *errors = write->errors;
        write->errors = NULL;
    }
    rm_call_release(&write->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE server_item_io_WriteVQT(IOPCItemIO *iface, DWORD count,
                                                         LPCWSTR *item_ids, OPCITEMVQT *values,
                                                         HRESULT **errors)
{
    HRESULT hr;

    if (errors)
        *errors = NULL;
    if (!item_ids || !values || !errors)
        return RM_HRESULT_NULL_REF;
    do
        hr = write_once(iface, count, item_ids, values, errors);
    while (hr == RM_CALL_REPEAT);
    return hr;
}

const IOPCItemIOVtbl rm_server_item_io_vtbl = {
    server_item_io_QueryInterface, server_item_io_AddRef,   server_item_io_Release,
    server_item_io_Read,           server_item_io_WriteVQT,
};
