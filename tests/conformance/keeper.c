#include "keeper.h"
#include "methods.h"
#include "sink.h"

#include <ocidl.h>
#include <opc/opccomn.h>
#include <opc/opcda.h>

/* The sinks' callbacks are nobody's: the group is never active. */
static struct run nobody;

static void keep(struct keeper *keeper, void *object)
{
    if (object != NULL && keeper->count < KEEPER_OBJECTS)
    {
        keeper->objects[keeper->count++] = object;
    }
    else if (object != NULL)
    {
        IUnknown_Release((IUnknown *)object);
    }
}

static void keep_all(struct keeper *keeper, IUnknown *object)
{
    static const char *const names[] = {
        "OPCServer",
        "OPCServerPublicGroups",
        "OPCBrowseServerAddressSpace",
        "OPCItemProperties",
        "OPCBrowse",
        "OPCItemIO",
        "OPCCommon",
        "OPCSecurityNT",
        "OPCSecurityPrivate",
        "PersistFile",
        "OPCGroupStateMgt",
        "OPCGroupStateMgt2",
        "OPCPublicGroupStateMgt",
        "OPCItemMgt",
        "OPCSyncIO",
        "OPCSyncIO2",
        "OPCAsyncIO",
        "OPCAsyncIO2",
        "OPCAsyncIO3",
        "OPCItemDeadbandMgt",
        "OPCItemSamplingMgt",
        "DataObject",
    };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    {
        void *found = NULL;
        if (SUCCEEDED(IUnknown_QueryInterface(object, methods_iid(names[i]), &found)))
        {
            keep(keeper, found);
        }
    }
}

static void keep_points(struct keeper *keeper, IUnknown *object, const IID *iid)
{
    IConnectionPointContainer *container = NULL;
    IEnumConnectionPoints *points = NULL;
    IConnectionPoint *point = NULL;
    IEnumConnections *connections = NULL;
    DWORD cookie = 0;
    if (FAILED(
            IUnknown_QueryInterface(object, &IID_IConnectionPointContainer, (void **)&container)))
    {
        return;
    }
    keep(keeper, container);
    IConnectionPointContainer_EnumConnectionPoints(container, &points);
    keep(keeper, points);
    IConnectionPointContainer_FindConnectionPoint(container, iid, &point);
    keep(keeper, point);
    if (point != NULL)
    {
        IUnknown *sink = sink_create(&nobody);
        IConnectionPoint_Advise(point, sink, &cookie);
        IUnknown_Release(sink);
        IConnectionPoint_EnumConnections(point, &connections);
        keep(keeper, connections);
    }
}

static void keep_enumerators(struct keeper *keeper, IUnknown *server, IUnknown *group)
{
    IOPCServer *groups = NULL;
    IOPCItemMgt *items = NULL;
    IUnknown *found = NULL;
    if (SUCCEEDED(IUnknown_QueryInterface(server, &IID_IOPCServer, (void **)&groups)))
    {
        keep(keeper, groups);
        IOPCServer_CreateGroupEnumerator(groups, OPC_ENUM_ALL, &IID_IEnumUnknown, &found);
        keep(keeper, found);
        found = NULL;
        IOPCServer_CreateGroupEnumerator(groups, OPC_ENUM_ALL, &IID_IEnumString, &found);
        keep(keeper, found);
    }
    if (SUCCEEDED(IUnknown_QueryInterface(group, &IID_IOPCItemMgt, (void **)&items)))
    {
        keep(keeper, items);
        found = NULL;
        IOPCItemMgt_CreateEnumerator(items, &IID_IEnumOPCItemAttributes, &found);
        keep(keeper, found);
    }
}

void keeper_hold(struct keeper *keeper, IUnknown *server, IUnknown *group)
{
    keep_all(keeper, server);
    keep_all(keeper, group);
    keep_points(keeper, server, &IID_IOPCShutdown);
    keep_points(keeper, group, &IID_IOPCDataCallback);
    keep_enumerators(keeper, server, group);
}

void keeper_drop(struct keeper *keeper)
{
    while (keeper->count > 0)
    {
        IUnknown *object = keeper->objects[--keeper->count];
        IUnknown_Release(object);
    }
}
