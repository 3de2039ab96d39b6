#include "server3.h"
#include "module.h"

void sim_server3_init(struct sim_server *server)
{
    server->IOPCBrowse_iface.lpVtbl = &sim_server_browse3_vtable;
    server->IOPCItemIO_iface.lpVtbl = &sim_server_io_vtable;
}

void *sim_server3_find(struct sim_server *server, REFIID iid)
{
    if (sim_module_options()->da == SIM_DA_2)
    {
        return NULL;
    }
    if (IsEqualIID(iid, &IID_IOPCBrowse))
    {
        return &server->IOPCBrowse_iface;
    }
    return IsEqualIID(iid, &IID_IOPCItemIO) ? &server->IOPCItemIO_iface : NULL;
}

bool sim_server3_is_replaced(REFIID iid)
{
    return sim_module_options()->da == SIM_DA_3_ONLY &&
           (IsEqualIID(iid, &IID_IOPCBrowseServerAddressSpace) ||
            IsEqualIID(iid, &IID_IOPCItemProperties));
}
