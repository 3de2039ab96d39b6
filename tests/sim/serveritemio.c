#include "clock.h"
#include "difficulty.h"
#include "gate.h"
#include "itemid.h"
#include "journal.h"
#include "module.h"
#include "server3.h"
#include "taskarray.h"

#include <opc/opcconst.h>
#include <opc/opcerror.h>

#define CACHE_MS 1000 /* how often the server fills the cache that is in no group */

static struct sim_server *impl_from_IOPCItemIO(IOPCItemIO *iface)
{
    return CONTAINING_RECORD(iface, struct sim_server, IOPCItemIO_iface);
}

static HRESULT STDMETHODCALLTYPE server_io_QueryInterface(IOPCItemIO *iface, REFIID iid,
                                                          void **object)
{
    return sim_server_query(impl_from_IOPCItemIO(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE server_io_AddRef(IOPCItemIO *iface)
{
    return sim_server_add_ref(impl_from_IOPCItemIO(iface));
}

static ULONG STDMETHODCALLTYPE server_io_Release(IOPCItemIO *iface)
{
    return sim_server_release(impl_from_IOPCItemIO(iface));
}

static HRESULT read_item(const wchar_t *id, DWORD max_age_ms, int64_t now_ms, struct sim_vqt *vqt)
{
    const struct sim_item *item = NULL;
    VariantInit(&vqt->value);
    HRESULT result = sim_item_id_find(id, &item);
    if (FAILED(result))
    {
        return result;
    }
    int64_t phase = sim_module_options()->phase_ms;
    int64_t cached_ms = sim_clock_step(now_ms, CACHE_MS, phase) * CACHE_MS + phase;
    bool is_cached = max_age_ms > 0 && now_ms - cached_ms <= (int64_t)max_age_ms;
    int64_t version = sim_device_version(item, is_cached ? cached_ms : now_ms);
    return sim_device_read(item, version, now_ms, vqt);
}

static HRESULT STDMETHODCALLTYPE server_io_Read(IOPCItemIO *iface, DWORD count, LPCWSTR *ids,
                                                DWORD *max_ages, VARIANT **values, WORD **qualities,
                                                FILETIME **stamps, HRESULT **errors)
{
    if (values == NULL || qualities == NULL || stamps == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *values = NULL;
    *qualities = NULL;
    *stamps = NULL;
    *errors = NULL;
    SIM_ENTER(IOPCItemIO_Read);
    if (count == 0 || ids == NULL || max_ages == NULL)
    {
        return E_INVALIDARG;
    }
    struct sim_vqt_arrays arrays;
    if (!sim_vqt_arrays_create(&arrays, count))
    {
        return E_OUTOFMEMORY;
    }
    HRESULT overall = S_OK;
    int64_t now_ms = sim_clock_now();
    for (DWORD i = 0; i < count; i++)
    {
        struct sim_vqt vqt;
        HRESULT error = read_item(ids[i], max_ages[i], now_ms, &vqt);
        sim_vqt_arrays_set(&arrays, i, &vqt, error);
        overall = error == S_OK ? overall : S_FALSE;
    }
    sim_server_note_update(impl_from_IOPCItemIO(iface));
    *values = arrays.values;
    *qualities = arrays.qualities;
    *stamps = arrays.stamps;
    *errors = arrays.errors;
    return overall;
}

static HRESULT write_item(const wchar_t *id, const OPCITEMVQT *vqt, LCID locale)
{
    const struct sim_item *item = NULL;
    HRESULT result = sim_item_id_find(id, &item);
    if (FAILED(result))
    {
        return result;
    }
    result = sim_device_write_vqt(item, vqt, locale);
    sim_journal_write(0, 0, result, item->node->id, &vqt->vDataValue);
    return result;
}

static HRESULT STDMETHODCALLTYPE server_io_WriteVQT(IOPCItemIO *iface, DWORD count, LPCWSTR *ids,
                                                    OPCITEMVQT *vqts, HRESULT **errors)
{
    struct sim_server *server = impl_from_IOPCItemIO(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER(IOPCItemIO_WriteVQT);
    if (count == 0 || ids == NULL || vqts == NULL)
    {
        return E_INVALIDARG;
    }
    HRESULT *error = sim_task_array(count, sizeof(*error));
    if (error == NULL)
    {
        return E_OUTOFMEMORY;
    }
    AcquireSRWLockShared(&server->lock);
    LCID locale = server->locale;
    ReleaseSRWLockShared(&server->lock);
    HRESULT overall = S_OK;
    for (DWORD i = 0; i < count; i++)
    {
        error[i] = write_item(ids[i], &vqts[i], locale);
        overall = error[i] == S_OK ? overall : S_FALSE;
    }
    *errors = error;
    return sim_difficulty_finish_vqt(overall, count, errors);
}

const IOPCItemIOVtbl sim_server_io_vtable = {
    server_io_QueryInterface, server_io_AddRef,   server_io_Release,
    server_io_Read,           server_io_WriteVQT,
};
