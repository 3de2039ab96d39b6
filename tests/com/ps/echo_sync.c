/* The group object: IOPCSyncIO2 with its inherited methods. A handle is the number of a sample. */
#include "echo.h"

#include "samples.h"

FORWARD_UNKNOWN(IOPCSyncIO2, echo_group, sync, IOPCGroupStateMgt2)

static HRESULT STDMETHODCALLTYPE sync_Read(IOPCSyncIO2 *iface, OPCDATASOURCE source, DWORD count,
                                           OPCHANDLE *handles, OPCITEMSTATE **states,
                                           HRESULT **errors)
{
    (void)iface;
    trace(L"SyncIO::Read %d", source);
    *states = task_alloc(count * sizeof(**states));
    *errors = task_errors(count);
    for (DWORD i = 0; i < count; i++)
    {
        OPCITEMSTATE *state = &(*states)[i];

        state->hClient = 0xC1000000 + i;
        state->ftTimeStamp = number_to_time(i);
        state->wQuality = (WORD)(0xFF00 + i);
        state->wReserved = (WORD)(i + 1);
        sample_make(handles[i], &state->vDataValue);
    }
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE sync_Write(IOPCSyncIO2 *iface, DWORD count, OPCHANDLE *handles,
                                            VARIANT *values, HRESULT **errors)
{
    (void)iface;
    trace(L"SyncIO::Write");
    *errors = check_samples(count, handles, values);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sync_ReadMaxAge(IOPCSyncIO2 *iface, DWORD count,
                                                 OPCHANDLE *handles, DWORD *ages, VARIANT **values,
                                                 WORD **qualities, FILETIME **times,
                                                 HRESULT **errors)
{
    (void)iface;
    trace(L"SyncIO2::ReadMaxAge");
    trace_numbers(L"ages", count, ages);
    *values = task_alloc(count * sizeof(**values));
    *qualities = task_alloc(count * sizeof(**qualities));
    *times = task_alloc(count * sizeof(**times));
    *errors = task_errors(count);
    for (DWORD i = 0; i < count; i++)
    {
        sample_make(handles[i], &(*values)[i]);
        (*qualities)[i] = (WORD)(0xFF00 + i);
        (*times)[i] = number_to_time(i);
    }
    return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE sync_WriteVQT(IOPCSyncIO2 *iface, DWORD count, OPCHANDLE *handles,
                                               OPCITEMVQT *vqts, HRESULT **errors)
{
    (void)iface;
    trace(L"SyncIO2::WriteVQT first=%lx", handles[0]);
    *errors = check_vqts(count, vqts);
    return S_OK;
}

static const IOPCSyncIO2Vtbl sync_vtbl = {
    sync_QueryInterface, sync_AddRef,     sync_Release,  sync_Read,
    sync_Write,          sync_ReadMaxAge, sync_WriteVQT,
};

void echo_sync_init(struct echo_group *group)
{
    group->IOPCSyncIO2_iface.lpVtbl = &sync_vtbl;
}
