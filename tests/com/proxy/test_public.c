/* IOPCServerPublicGroups: a public group of the servers, and what becomes of it on another machine.
 *
 * The machines QC and QD have one process for all clients, and public groups that a client beside
 * us has made in both: not with the same items. */
#include "server_stage.h"

#include <wchar.h>

#define MACHINE_C L"RMSim.QC.1"
#define MACHINE_D L"RMSim.QD.1"
#define NAME      L"Published"
#define REMOVABLE L"Removable"

static void add_items(IOPCItemMgt *items, DWORD count, const WCHAR *const *ids)
{
    OPCITEMDEF definitions[4] = {{NULL}};
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    WCHAR texts[4][32], none[] = L"";

    for (DWORD i = 0; i < count; i++)
    {
        definitions[i].szItemID = wcscpy(texts[i], ids[i]);
        definitions[i].szAccessPath = none;
        definitions[i].bActive = TRUE;
        definitions[i].hClient = 500 + i;
    }
    assert_hr(IOPCItemMgt_AddItems(items, count, definitions, &results, &errors), S_OK);
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
}

/* The group goes on when its maker has released it. */
static void publish(IOPCServer *server, const WCHAR *name, DWORD count, const WCHAR *const *ids)
{
    IOPCPublicGroupStateMgt *state;
    IUnknown *group = NULL;
    OPCHANDLE handle;
    DWORD rate;

    assert_hr(IOPCServer_AddGroup(server, name, FALSE, 100, 5, NULL, NULL, 0, &handle, &rate,
                                  &IID_IOPCItemMgt, &group),
              S_OK);
    add_items((IOPCItemMgt *)group, count, ids);
    state = stage_query(group, &IID_IOPCPublicGroupStateMgt);
    assert_hr(IOPCPublicGroupStateMgt_MoveToPublic(state), S_OK);
    stage_release(state);
    stage_release(group);
}

/* Clients of both machines, for their processes must stay. */
static IOPCServer *publishers[2];

/* The second machine's group lacks an item, has another one, and all in another order. */
int server_open_public(void **state)
{
    static const WCHAR *const on_c[] = {L"Memory.I4", L"Memory.R8", L"Memory.I2"};
    static const WCHAR *const on_d[] = {L"Memory.R8", L"Memory.String", L"Memory.I4"};

    (void)state;
    stage_rmsim(L"/fault QC clear");
    stage_rmsim(L"/fault QD clear");
    publishers[0] = stage_connect_to(MACHINE_C, CLSCTX_LOCAL_SERVER);
    publishers[1] = stage_connect_to(MACHINE_D, CLSCTX_LOCAL_SERVER);
    publish(publishers[0], NAME, 3, on_c);
    publish(publishers[0], REMOVABLE, 1, on_c);
    publish(publishers[1], NAME, 3, on_d);
    return 0;
}

/* The first machine has shut down by now. */
int server_close_public(void **state)
{
    (void)state;
    stage_release(publishers[0]);
    stage_release(publishers[1]);
    return 0;
}

static IOPCServerPublicGroups *open_publics(DWORD context)
{
    IOPCServer *server = stage_connect_to(MACHINE_C, context);
    IOPCServerPublicGroups *publics = stage_query(server, &IID_IOPCServerPublicGroups);

    stage_release(server);
    return publics;
}

static IOPCServerPublicGroups *open_through(void)
{
    return open_publics(CLSCTX_INPROC_SERVER);
}

static IUnknown *attach(IOPCServerPublicGroups *publics, const WCHAR *name, const IID *iid)
{
    IUnknown *group = NULL;

    assert_hr(IOPCServerPublicGroups_GetPublicGroupByName(publics, name, iid, &group), S_OK);
    assert_non_null(group);
    return group;
}

/* Its handle; its name must be what it is called. */
static OPCHANDLE handle_of(IUnknown *group, const WCHAR *wanted)
{
    IOPCGroupStateMgt *state = stage_query(group, &IID_IOPCGroupStateMgt);
    OPCHANDLE client, handle = 0;
    DWORD rate, lcid;
    BOOL is_active;
    FLOAT deadband;
    LONG bias;
    WCHAR *name = NULL;

    assert_hr(IOPCGroupStateMgt_GetState(state, &rate, &is_active, &name, &bias, &deadband, &lcid,
                                         &client, &handle),
              S_OK);
    assert_same_text(name, wanted);
    CoTaskMemFree(name);
    assert_int_equal(rate, 100);
    assert_int_equal(client, 5);
    stage_release(state);
    return handle;
}

static unsigned count_names(IOPCServer *server, OPCENUMSCOPE scope, HRESULT wanted)
{
    IEnumString *names = NULL;
    WCHAR *texts[8];
    ULONG count = 0;

    assert_hr(IOPCServer_CreateGroupEnumerator(server, scope, &IID_IEnumString,
                                               (IUnknown **)(void *)&names),
              wanted);
    if (!names)
        return 0;
    assert_hr(IEnumString_Next(names, ARRAYSIZE(texts), texts, &count), S_FALSE);
    for (ULONG i = 0; i < count; i++)
        CoTaskMemFree(texts[i]);
    stage_release(names);
    return count;
}

static void test_attach(void **state)
{
    IOPCServerPublicGroups *publics = open_through();
    IOPCServer *server = stage_query(publics, &IID_IOPCServer);
    IUnknown *group, *again, *by_name = POISON;
    IEnumUnknown *groups = NULL;
    ULONG count = 0;

    (void)state;
    assert_hr(
        IOPCServerPublicGroups_GetPublicGroupByName(publics, L"published", &IID_IUnknown, &by_name),
        OPC_E_NOTFOUND);
    assert_null(by_name);
    by_name = POISON;
    assert_hr(IOPCServerPublicGroups_GetPublicGroupByName(publics, NAME, &IID_IDispatch, &by_name),
              E_NOINTERFACE);
    assert_null(by_name);
    by_name = POISON;
    assert_hr(IOPCServerPublicGroups_GetPublicGroupByName(publics, NULL, &IID_IUnknown, &by_name),
              NULL_REF);
    assert_null(by_name);
    assert_hr(IOPCServerPublicGroups_GetPublicGroupByName(publics, NAME, NULL, &by_name), NULL_REF);
    assert_hr(IOPCServerPublicGroups_GetPublicGroupByName(publics, NAME, &IID_IUnknown, NULL),
              NULL_REF);

    /* Which names there are is the server's to say: this one lists those that are attached to. */
    assert_int_equal(count_names(server, OPC_ENUM_PUBLIC, S_FALSE), 0);
    group = attach(publics, NAME, &IID_IUnknown);
    assert_int_equal(count_names(server, OPC_ENUM_PUBLIC, S_OK), 1);
    assert_int_equal(count_names(server, OPC_ENUM_ALL, S_OK), 1);
    assert_int_equal(count_names(server, OPC_ENUM_PRIVATE, S_FALSE), 0);
    again = attach(publics, NAME, &IID_IUnknown);
    assert_ptr_equal(group, again);
    stage_release(again);
    assert_int_not_equal(handle_of(group, NAME), 0);
    assert_hr(IOPCServer_CreateGroupEnumerator(server, OPC_ENUM_PUBLIC, &IID_IEnumUnknown,
                                               (IUnknown **)(void *)&groups),
              S_OK);
    assert_hr(IEnumUnknown_Next(groups, 1, &again, &count), S_OK);
    assert_ptr_equal(group, again);
    stage_release(again);
    stage_release(groups);
    /* It is for private ones, but this server finds those that the client is attached to. */
    assert_hr(IOPCServer_GetGroupByName(server, NAME, &IID_IUnknown, &by_name), S_OK);
    assert_ptr_equal(group, by_name);
    stage_release(by_name);
    assert_int_equal(stage_release(group), 0);

    /* With the last reference the attachment has ended, and a new one is a new one. */
    assert_hr(IOPCServer_CreateGroupEnumerator(server, OPC_ENUM_PUBLIC, &IID_IEnumUnknown,
                                               (IUnknown **)(void *)&groups),
              S_FALSE);
    stage_release(groups);
    group = attach(publics, NAME, &IID_IOPCItemMgt);
    assert_int_equal(stage_release(group), 0);
    stage_release(server);
    server_close(publics);
}

struct items
{
    OPCHANDLE handles[3]; /* of Memory.I4, Memory.R8, Memory.I2 */
};

static void read_items(IOPCItemMgt *mgt, struct items *items)
{
    static const WCHAR *const ids[] = {L"Memory.I4", L"Memory.R8", L"Memory.I2"};
    IEnumOPCItemAttributes *enumerator = NULL;
    OPCITEMATTRIBUTES *elements = NULL;
    ULONG count = 0;

    assert_hr(IOPCItemMgt_CreateEnumerator(mgt, &IID_IEnumOPCItemAttributes,
                                           (IUnknown **)(void *)&enumerator),
              S_OK);
    assert_hr(IEnumOPCItemAttributes_Next(enumerator, 8, &elements, &count), S_FALSE);
    assert_int_equal(count, 3);
    for (ULONG i = 0; i < ARRAYSIZE(ids); i++)
    {
        assert_same_text(elements[i].szItemID, ids[i]);
        assert_int_equal(elements[i].hClient, 500 + i);
        items->handles[i] = elements[i].hServer;
        CoTaskMemFree(elements[i].szItemID);
        CoTaskMemFree(elements[i].szAccessPath);
        CoTaskMemFree(elements[i].pBlob);
        VariantClear(&elements[i].vEUInfo);
    }
    CoTaskMemFree(elements);
    stage_release(enumerator);
}

/* What belongs to the client goes with it; what belongs to the group stays as each machine has it.
 */
static void test_switch(void **state)
{
    IOPCServerPublicGroups *publics = open_through();
    IUnknown *group = attach(publics, NAME, &IID_IOPCItemMgt);
    IOPCItemMgt *mgt = (IOPCItemMgt *)group;
    IOPCGroupStateMgt *group_state = stage_query(group, &IID_IOPCGroupStateMgt);
    IOPCSyncIO *sync = stage_query(group, &IID_IOPCSyncIO);
    IConnectionPointContainer *points = stage_query(group, &IID_IConnectionPointContainer);
    struct sink *sink = sink_new();
    OPCHANDLE clients[3] = {901, 902, 903};
    IConnectionPoint *point = NULL;
    OPCITEMSTATE *values = NULL;
    HRESULT *errors = NULL;
    OPCITEMDEF more = {.hClient = 9};
    OPCITEMRESULT *results = POISON;
    WCHAR id[] = L"Memory.UI4", none[] = L"";
    struct items items;
    BOOL is_active = TRUE;
    LONG changes;
    DWORD cookie, rate;
    OPCHANDLE handle = handle_of(group, NAME);
    IOPCAsyncIO2 *async = stage_query(group, &IID_IOPCAsyncIO2);
    ULONGLONG until;
    DWORD cancel;

    (void)state;
    read_items(mgt, &items);
    more.szItemID = id;
    more.szAccessPath = none;
    assert_hr(IOPCItemMgt_AddItems(mgt, 1, &more, &results, &errors), OPC_E_PUBLIC);
    assert_hr(IOPCItemMgt_SetClientHandles(mgt, 3, items.handles, clients, &errors), S_OK);
    CoTaskMemFree(errors);
    assert_hr(IConnectionPointContainer_FindConnectionPoint(points, &IID_IOPCDataCallback, &point),
              S_OK);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, &cookie),
              S_OK);
    assert_hr(
        IOPCGroupStateMgt_SetState(group_state, NULL, &rate, &is_active, NULL, NULL, NULL, NULL),
        S_OK);
    assert_true(sink_wait(sink, &sink->changes, 1));

    changes = sink->changes;
    stage_rmsim(L"/fault QC shutdown --away");
    assert_hr(IOPCSyncIO_Read(sync, OPC_DS_DEVICE, 3, items.handles, &values, &errors), S_FALSE);
    for (int i = 0; i < 2; i++)
    {
        assert_hr(errors[i], S_OK);
        assert_int_equal(values[i].hClient, clients[i]);
    }
    assert_int_equal(V_VT(&values[0].vDataValue), VT_I4);
    assert_int_equal(V_VT(&values[1].vDataValue), VT_R8);
    assert_hr(errors[2], OPC_E_UNKNOWNITEMID);
    CoTaskMemFree(values);
    CoTaskMemFree(errors);
    assert_int_equal(handle_of(group, NAME), handle);

    /* The missing one is told as bad; nothing comes of what the client hasn't got. */
    until = GetTickCount64() + WAIT_MS;
    while (sink->last_bad != clients[2] && GetTickCount64() < until)
        stage_pump(sink->event, 50);
    assert_int_equal(sink->last_bad, clients[2]);
    assert_hr(IOPCAsyncIO2_Refresh2(async, OPC_DS_CACHE, 1, &cancel), S_OK);
    assert_true(sink_wait(sink, &sink->changes, changes + 3));
    assert_int_equal(sink->lowest, clients[0]);

    assert_hr(IConnectionPoint_Unadvise(point, cookie), S_OK);
    stage_release(point);
    stage_release(points);
    stage_release(async);
    stage_release(sync);
    stage_release(group_state);
    assert_int_equal(stage_release(group), 0);
    sink_release(sink);
    server_close(publics);
}

static void test_remove(void **state)
{
    IOPCServerPublicGroups *publics = open_through();
    IOPCServer *server = stage_query(publics, &IID_IOPCServer);
    IUnknown *group = attach(publics, REMOVABLE, &IID_IOPCItemMgt), *private = NULL;
    OPCHANDLE handle, private_handle;
    DWORD rate;

    (void)state;
    handle = handle_of(group, REMOVABLE);
    assert_hr(IOPCServerPublicGroups_RemovePublicGroup(publics, 0, FALSE), E_INVALIDARG);
    assert_hr(IOPCServerPublicGroups_RemovePublicGroup(publics, handle + 1, FALSE), E_INVALIDARG);
    assert_hr(IOPCServer_AddGroup(server, L"private", FALSE, 100, 0, NULL, NULL, 0, &private_handle,
                                  &rate, &IID_IUnknown, &private),
              S_OK);
    stage_release(private);

    /* Each method with the other's group: refused, and nothing has happened to it. */
    assert_hr(IOPCServerPublicGroups_RemovePublicGroup(publics, private_handle, FALSE),
              E_INVALIDARG);
    assert_hr(IOPCServer_RemoveGroup(server, handle, FALSE), E_FAIL);
    assert_int_equal(handle_of(group, REMOVABLE), handle);
    assert_hr(IOPCServer_RemoveGroup(server, private_handle, FALSE), S_OK);

    assert_hr(IOPCServerPublicGroups_RemovePublicGroup(publics, handle, FALSE), OPC_S_INUSE);
    assert_hr(
        IOPCItemMgt_CreateEnumerator((IOPCItemMgt *)group, &IID_IEnumOPCItemAttributes, &private),
        E_FAIL);
    assert_hr(IOPCServerPublicGroups_RemovePublicGroup(publics, handle, FALSE), E_INVALIDARG);
    assert_int_equal(stage_release(group), 0);
    assert_hr(
        IOPCServerPublicGroups_GetPublicGroupByName(publics, REMOVABLE, &IID_IUnknown, &group),
        OPC_E_NOTFOUND);
    stage_release(server);
    server_close(publics);
}

/* A group that the client itself has made public is removed as one. Through us, and beside us. */
static void test_remove_moved(void **state)
{
    IOPCServerPublicGroups *publics[2] = {open_through(), open_publics(CLSCTX_LOCAL_SERVER)};
    static const WCHAR *const names[2] = {L"moved through", L"moved direct"};

    (void)state;
    for (int i = 0; i < 2; i++)
    {
        IOPCServer *server = stage_query(publics[i], &IID_IOPCServer);
        IOPCPublicGroupStateMgt *moved;
        IUnknown *group = NULL;
        OPCHANDLE handle;
        DWORD rate;

        assert_hr(IOPCServer_AddGroup(server, names[i], FALSE, 100, 5, NULL, NULL, 0, &handle,
                                      &rate, &IID_IUnknown, &group),
                  S_OK);
        moved = stage_query(group, &IID_IOPCPublicGroupStateMgt);
        assert_hr(IOPCPublicGroupStateMgt_MoveToPublic(moved), S_OK);
        stage_release(moved);
        assert_hr(IOPCServer_RemoveGroup(server, handle, FALSE), E_FAIL);
        assert_int_equal(handle_of(group, names[i]), handle);
        assert_hr(IOPCServerPublicGroups_RemovePublicGroup(publics[i], handle, FALSE), OPC_S_INUSE);
        stage_release(group);
        assert_hr(IOPCServerPublicGroups_GetPublicGroupByName(publics[i], names[i], &IID_IUnknown,
                                                              &group),
                  OPC_E_NOTFOUND);
        stage_release(server);
        server_close(publics[i]);
    }
}

static void assert_connections(IConnectionPoint *point, IUnknown *sink, DWORD cookie)
{
    IEnumConnections *connections = NULL, *clone = NULL;
    CONNECTDATA data[2] = {
        {NULL, 0}
    };
    ULONG wanted = sink ? 1 : 0, count = 7;

    assert_hr(IConnectionPoint_EnumConnections(point, &connections), S_OK);
    assert_hr(IEnumConnections_Clone(connections, &clone), S_OK);
    assert_hr(IEnumConnections_Next(connections, 2, data, &count), S_FALSE);
    assert_int_equal(count, wanted);
    if (sink)
    {
        assert_ptr_equal(data[0].pUnk, sink);
        assert_int_equal(data[0].dwCookie, cookie);
        IUnknown_Release(data[0].pUnk);
    }
    assert_hr(IEnumConnections_Next(connections, 1, data, &count), S_FALSE);
    assert_int_equal(count, 0);
    assert_hr(IEnumConnections_Skip(clone, 1), sink ? S_OK : S_FALSE);
    assert_hr(IEnumConnections_Skip(clone, 1), S_FALSE);
    assert_hr(IEnumConnections_Reset(clone), S_OK);
    assert_hr(IEnumConnections_Skip(clone, 0), S_OK);
    assert_hr(IEnumConnections_Next(clone, 1, NULL, &count), NULL_REF);
    assert_hr(IEnumConnections_Clone(clone, NULL), NULL_REF);
    if (sink)
    {
        assert_hr(IEnumConnections_Next(clone, 1, data, NULL), S_OK);
        IUnknown_Release(data[0].pUnk);
    }
    assert_int_equal(stage_release(clone), 0);
    assert_int_equal(stage_release(connections), 0);
}

/* These machines enumerate connections: through us the client finds its own. */
static void test_connections(void **state)
{
    IOPCServer *server = stage_connect_to(MACHINE_C, CLSCTX_INPROC_SERVER);
    IConnectionPointContainer *container;
    IConnectionPoint *point = NULL;
    struct sink *sink = sink_new();
    IUnknown *unknown = (IUnknown *)&sink->IOPCDataCallback_iface, *group = NULL;
    OPCHANDLE handle;
    DWORD cookie = 0, rate;

    (void)state;
    assert_hr(IOPCServer_AddGroup(server, L"", FALSE, 100, 5, NULL, NULL, 0, &handle, &rate,
                                  &IID_IConnectionPointContainer, &group),
              S_OK);
    container = (IConnectionPointContainer *)group;
    assert_hr(
        IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCDataCallback, &point),
        S_OK);
    assert_connections(point, NULL, 0);
    assert_hr(IConnectionPoint_Advise(point, unknown, &cookie), S_OK);
    assert_connections(point, unknown, cookie);
    assert_hr(IConnectionPoint_Unadvise(point, cookie), S_OK);
    assert_connections(point, NULL, 0);
    stage_release(point);
    stage_release(container);
    assert_hr(IOPCServer_RemoveGroup(server, handle, FALSE), S_OK);
    container = stage_query(server, &IID_IConnectionPointContainer);
    assert_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_IOPCShutdown, &point),
              S_OK);
    assert_connections(point, NULL, 0);
    stage_release(point);
    stage_release(container);
    sink_release(sink);
    server_close(server);
}

/* The last one ends the first machine. */
const struct CMUnitTest public_tests[] = {
    cmocka_unit_test(test_attach),       cmocka_unit_test(test_remove),
    cmocka_unit_test(test_remove_moved), cmocka_unit_test(test_connections),
    cmocka_unit_test(test_switch),
};
const size_t public_test_count = ARRAYSIZE(public_tests);
