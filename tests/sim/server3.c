#include "server3.h"
#include "module.h"

void sim_server3_init(struct sim_server *server)
{
    server->IOPCBrowse_iface.lpVtbl = &sim_server_browse3_vtable;
    server->IOPCItemIO_iface.lpVtbl = &sim_server_io_vtable;
    server->IOPCServerPublicGroups_iface.lpVtbl = &sim_server_public_vtable;
    server->IPersistFile_iface.lpVtbl = &sim_server_persist_vtable;
    server->IOPCSecurityNT_iface.lpVtbl = &sim_server_security_nt_vtable;
    server->IOPCSecurityPrivate_iface.lpVtbl = &sim_server_security_private_vtable;
}

void *sim_server3_find(struct sim_server *server, REFIID iid)
{
    const struct sim_options *options = sim_module_options();
    bool is_3 = options->da != SIM_DA_2;
    const struct
    {
        bool is_offered;
        const IID *iid;
        void *iface;
    } interfaces[] = {
        {is_3,                       &IID_IOPCBrowse,             &server->IOPCBrowse_iface         },
        {is_3,                       &IID_IOPCItemIO,             &server->IOPCItemIO_iface         },
        {options->has_public_groups, &IID_IOPCServerPublicGroups,
         &server->IOPCServerPublicGroups_iface                                                      },
        {options->has_persist,       &IID_IPersist,               &server->IPersistFile_iface       },
        {options->has_persist,       &IID_IPersistFile,           &server->IPersistFile_iface       },
        {options->has_security,      &IID_IOPCSecurityNT,         &server->IOPCSecurityNT_iface     },
        {options->has_security,      &IID_IOPCSecurityPrivate,    &server->IOPCSecurityPrivate_iface},
    };
    for (size_t i = 0; i < sizeof(interfaces) / sizeof(interfaces[0]); i++)
    {
        if (interfaces[i].is_offered && IsEqualIID(iid, interfaces[i].iid))
        {
            return interfaces[i].iface;
        }
    }
    return NULL;
}

bool sim_server3_is_left_out(REFIID iid)
{
    const struct sim_options *options = sim_module_options();
    bool is_browse = IsEqualIID(iid, &IID_IOPCBrowseServerAddressSpace) != 0;
    if (options->da == SIM_DA_3_ONLY)
    {
        return is_browse || IsEqualIID(iid, &IID_IOPCItemProperties);
    }
    return options->has_required_only && is_browse;
}
