#include "clock.h"
#include "difficulty.h"
#include "gate.h"
#include "group3.h"
#include "journal.h"
#include "taskarray.h"

#include <opc/opcconst.h>
#include <opc/opcerror.h>

static struct sim_group *impl_from_IOPCSyncIO2(IOPCSyncIO2 *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCSyncIO2_iface);
}

static HRESULT read_item(struct sim_group *group, OPCHANDLE handle, DWORD max_age, int64_t now_ms,
                         struct sim_vqt *vqt)
{
    const struct sim_group_item *item = sim_group_find_item(group, handle);
    VariantInit(&vqt->value);
    if (item == NULL)
    {
        return OPC_E_INVALIDHANDLE;
    }
    OPCDATASOURCE source = sim_group_source(group, item, max_age, now_ms);
    return sim_group_read(group, item, source, now_ms, vqt);
}

HRESULT STDMETHODCALLTYPE sim_group_sync2_ReadMaxAge(IOPCSyncIO2 *iface, DWORD count,
                                                     OPCHANDLE *handles, DWORD *max_ages,
                                                     VARIANT **values, WORD **qualities,
                                                     FILETIME **stamps, HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCSyncIO2(iface);
    if (values == NULL || qualities == NULL || stamps == NULL || errors == NULL)
    {
        return E_POINTER;
    }
    *values = NULL;
    *qualities = NULL;
    *stamps = NULL;
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCSyncIO2_ReadMaxAge);
    if (count == 0 || handles == NULL || max_ages == NULL)
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
    AcquireSRWLockShared(&group->lock);
    for (DWORD i = 0; i < count; i++)
    {
        struct sim_vqt vqt;
        HRESULT error = read_item(group, handles[i], max_ages[i], now_ms, &vqt);
        sim_vqt_arrays_set(&arrays, i, &vqt, error);
        overall = error == S_OK ? overall : S_FALSE;
    }
    ReleaseSRWLockShared(&group->lock);
    sim_server_note_update(group->server);
    *values = arrays.values;
    *qualities = arrays.qualities;
    *stamps = arrays.stamps;
    *errors = arrays.errors;
    return overall;
}

static HRESULT write_item(struct sim_group *group, OPCHANDLE handle, const OPCITEMVQT *vqt)
{
    const struct sim_group_item *item = sim_group_find_item(group, handle);
    if (item == NULL)
    {
        return OPC_E_INVALIDHANDLE;
    }
    HRESULT result = sim_device_write_vqt(item->item, vqt, group->locale);
    sim_journal_write(group->handle, 0, result, item->item->node->id, &vqt->vDataValue);
    return result;
}

HRESULT STDMETHODCALLTYPE sim_group_sync2_WriteVQT(IOPCSyncIO2 *iface, DWORD count,
                                                   OPCHANDLE *handles, OPCITEMVQT *vqts,
                                                   HRESULT **errors)
{
    struct sim_group *group = impl_from_IOPCSyncIO2(iface);
    if (errors == NULL)
    {
        return E_POINTER;
    }
    *errors = NULL;
    SIM_ENTER_GROUP(group, IOPCSyncIO2_WriteVQT);
    if (count == 0 || handles == NULL || vqts == NULL)
    {
        return E_INVALIDARG;
    }
    HRESULT *error = sim_task_array(count, sizeof(*error));
    if (error == NULL)
    {
        return E_OUTOFMEMORY;
    }
    HRESULT overall = S_OK;
    AcquireSRWLockShared(&group->lock);
    for (DWORD i = 0; i < count; i++)
    {
        error[i] = write_item(group, handles[i], &vqts[i]);
        overall = error[i] == S_OK ? overall : S_FALSE;
    }
    ReleaseSRWLockShared(&group->lock);
    *errors = error;
    return sim_difficulty_finish_vqt(overall, count, errors);
}
