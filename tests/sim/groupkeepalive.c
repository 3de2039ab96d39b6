#include "clock.h"
#include "gate.h"
#include "group3.h"
#include "updater.h"

#include <opc/opcerror.h>

static struct sim_group *impl_from_IOPCGroupStateMgt2(IOPCGroupStateMgt2 *iface)
{
    return CONTAINING_RECORD(iface, struct sim_group, IOPCGroupStateMgt2_iface);
}

HRESULT STDMETHODCALLTYPE sim_group_state2_SetKeepAlive(IOPCGroupStateMgt2 *iface, DWORD time_ms,
                                                        DWORD *revised_ms)
{
    struct sim_group *group = impl_from_IOPCGroupStateMgt2(iface);
    if (revised_ms == NULL)
    {
        return E_POINTER;
    }
    *revised_ms = 0;
    SIM_ENTER_GROUP(group, IOPCGroupStateMgt2_SetKeepAlive);
    DWORD revised = time_ms > 0 ? sim_group_revise_rate(time_ms) : 0;
    AcquireSRWLockExclusive(&group->lock);
    group->keep_alive_ms = revised;
    group->last_callback_ms = sim_clock_now();
    ReleaseSRWLockExclusive(&group->lock);
    sim_updater_wake(group);
    *revised_ms = revised;
    return revised == time_ms ? S_OK : OPC_S_UNSUPPORTEDRATE;
}

HRESULT STDMETHODCALLTYPE sim_group_state2_GetKeepAlive(IOPCGroupStateMgt2 *iface, DWORD *time_ms)
{
    struct sim_group *group = impl_from_IOPCGroupStateMgt2(iface);
    if (time_ms == NULL)
    {
        return E_POINTER;
    }
    *time_ms = 0;
    SIM_ENTER_GROUP(group, IOPCGroupStateMgt2_GetKeepAlive);
    AcquireSRWLockShared(&group->lock);
    *time_ms = group->keep_alive_ms;
    ReleaseSRWLockShared(&group->lock);
    return S_OK;
}

int64_t sim_keep_alive_due(struct sim_group *group, bool is_sending, int64_t now_ms)
{
    bool is_keeping_alive = is_sending && group->keep_alive_ms > 0;
    if (is_keeping_alive && !group->is_keeping_alive)
    {
        group->last_callback_ms = now_ms; /* the time without a client doesn't count */
    }
    group->is_keeping_alive = is_keeping_alive;
    return is_keeping_alive ? group->last_callback_ms + group->keep_alive_ms : INT64_MAX;
}
