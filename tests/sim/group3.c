#include "group3.h"
#include "module.h"
#include "publicgroup.h"

void sim_group3_init(struct sim_group *group)
{
    group->IOPCItemDeadbandMgt_iface.lpVtbl = &sim_group_deadband_vtable;
    group->IOPCItemSamplingMgt_iface.lpVtbl = &sim_group_sampling_vtable;
    group->IOPCPublicGroupStateMgt_iface.lpVtbl = &sim_group_public_vtable;
}

void *sim_group3_find(struct sim_group *group, REFIID iid)
{
    const struct
    {
        const IID *iid;
        void *iface;
    } interfaces[] = {
        {&IID_IOPCGroupStateMgt2,  &group->IOPCGroupStateMgt2_iface },
        {&IID_IOPCSyncIO2,         &group->IOPCSyncIO2_iface        },
        {&IID_IOPCAsyncIO3,        &group->IOPCAsyncIO3_iface       },
        {&IID_IOPCItemDeadbandMgt, &group->IOPCItemDeadbandMgt_iface},
        {&IID_IOPCItemSamplingMgt, &group->IOPCItemSamplingMgt_iface},
    };
    if (sim_module_options()->has_public_groups && IsEqualIID(iid, &IID_IOPCPublicGroupStateMgt))
    {
        return &group->IOPCPublicGroupStateMgt_iface;
    }
    if (sim_module_options()->da == SIM_DA_2 ||
        (sim_module_options()->has_required_only && IsEqualIID(iid, &IID_IOPCItemSamplingMgt)))
    {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(interfaces) / sizeof(interfaces[0]); i++)
    {
        if (IsEqualIID(iid, interfaces[i].iid))
        {
            return interfaces[i].iface;
        }
    }
    return NULL;
}
