#include "stage.h"

/* A sink of the server's connection point that must never be called (F-09). */
static HRESULT STDMETHODCALLTYPE shutdown_QueryInterface(IOPCShutdown *iface, REFIID iid,
                                                         void **out);
static LONG shutdown_refs = 1;

static ULONG STDMETHODCALLTYPE shutdown_AddRef(IOPCShutdown *iface)
{
    (void)iface;
    return (ULONG)InterlockedIncrement(&shutdown_refs);
}

static ULONG STDMETHODCALLTYPE shutdown_Release(IOPCShutdown *iface)
{
    (void)iface;
    return (ULONG)InterlockedDecrement(&shutdown_refs);
}

static HRESULT STDMETHODCALLTYPE shutdown_ShutdownRequest(IOPCShutdown *iface, LPCWSTR reason)
{
    (void)iface, (void)reason;
    fail();
    return S_OK;
}

static const IOPCShutdownVtbl shutdown_vtbl = {shutdown_QueryInterface, shutdown_AddRef,
                                               shutdown_Release, shutdown_ShutdownRequest};
static IOPCShutdown shutdown_sink = {&shutdown_vtbl};

static HRESULT STDMETHODCALLTYPE shutdown_QueryInterface(IOPCShutdown *iface, REFIID iid,
                                                         void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IOPCShutdown))
        return E_NOINTERFACE;
    *out = iface;
    shutdown_AddRef(iface);
    return S_OK;
}

/* The container has this one point, however it is looked for. */
static IConnectionPoint *check_container(IConnectionPointContainer *container, const IID *iid)
{
    IConnectionPointContainer *back = NULL;
    IEnumConnectionPoints *points, *clone;
    IEnumConnections *connections = POISON;
    IConnectionPoint *point = POISON, *again = POISON, *found[2];
    ULONG count = 0;
    IID got;

    assert_hr(IConnectionPointContainer_FindConnectionPoint(container, NULL, &point), NULL_REF);
    assert_null(point);
    assert_hr(IConnectionPointContainer_FindConnectionPoint(container, iid, NULL), NULL_REF);
    point = POISON;
    assert_hr(IConnectionPointContainer_FindConnectionPoint(container, &IID_IDispatch, &point),
              CONNECT_E_NOCONNECTION);
    assert_null(point);
    assert_hr(IConnectionPointContainer_EnumConnectionPoints(container, NULL), NULL_REF);
    assert_hr(IConnectionPointContainer_EnumConnectionPoints(container, &points), S_OK);
    assert_hr(IEnumConnectionPoints_Clone(points, &clone), S_OK);
    assert_hr(IEnumConnectionPoints_Next(points, 2, found, &count), S_FALSE);
    assert_int_equal(count, 1);
    assert_hr(IConnectionPoint_GetConnectionInterface(found[0], &got), S_OK);
    assert_true(IsEqualIID(&got, iid));
    stage_release(found[0]);
    assert_hr(IEnumConnectionPoints_Next(points, 1, found, NULL), S_FALSE);
    assert_hr(IEnumConnectionPoints_Reset(points), S_OK);
    assert_hr(IEnumConnectionPoints_Skip(points, 1), S_OK);
    assert_hr(IEnumConnectionPoints_Skip(points, 1), S_FALSE);
    assert_hr(IEnumConnectionPoints_Skip(clone, 2), S_FALSE);
    assert_hr(IEnumConnectionPoints_Next(clone, 1, NULL, NULL), NULL_REF);
    assert_int_equal(stage_release(clone), 0);
    assert_int_equal(stage_release(points), 0);

    assert_hr(IConnectionPointContainer_FindConnectionPoint(container, iid, &point), S_OK);
    assert_hr(IConnectionPoint_GetConnectionInterface(point, NULL), NULL_REF);
    assert_hr(IConnectionPoint_GetConnectionPointContainer(point, NULL), NULL_REF);
    assert_hr(IConnectionPoint_GetConnectionPointContainer(point, &back), S_OK);
    assert_ptr_equal(back, container);
    stage_release(back);
    assert_hr(IConnectionPointContainer_FindConnectionPoint(container, iid, &again), S_OK);
    assert_ptr_equal(again, point);
    stage_release(again);
    assert_hr(IConnectionPoint_EnumConnections(point, NULL), NULL_REF);
    assert_hr(IConnectionPoint_EnumConnections(point, &connections), E_NOTIMPL);
    assert_null(connections);
    return point;
}

static void test_server(void **state)
{
    IConnectionPointContainer *container =
        stage_query(stage_server, &IID_IConnectionPointContainer);
    IConnectionPoint *point = check_container(container, &IID_IOPCShutdown);
    struct sink *other = sink_new();
    DWORD cookie = 0, second = 1;

    (void)state;
    assert_hr(IConnectionPoint_Advise(point, NULL, &cookie), E_POINTER);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&shutdown_sink, NULL), NULL_REF);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&other->IOPCDataCallback_iface, &second),
              CONNECT_E_CANNOTCONNECT);
    assert_int_equal(second, 0);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&shutdown_sink, &cookie), S_OK);
    assert_int_not_equal(cookie, 0);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&shutdown_sink, &second),
              CONNECT_E_ADVISELIMIT);
    assert_hr(IConnectionPoint_Unadvise(point, cookie + 1), CONNECT_E_NOCONNECTION);
    assert_hr(IConnectionPoint_Unadvise(point, cookie), S_OK);
    assert_hr(IConnectionPoint_Unadvise(point, cookie), CONNECT_E_NOCONNECTION);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&shutdown_sink, &second), S_OK);
    assert_int_not_equal(second, cookie); /* cookies are never used again */
    assert_hr(IConnectionPoint_Unadvise(point, second), S_OK);
    assert_int_equal(shutdown_refs, 1);
    assert_int_equal(stage_release(point), 0);
    stage_release(container);
    sink_release(other);
}

static void test_group(void **state)
{
    struct stage_group group;
    struct sink *sink = sink_new();
    IConnectionPoint *point;
    DWORD cookie = 0, second = 1;

    (void)state;
    stage_group_open(&group, L"");
    point = check_container(group.points, &IID_IOPCDataCallback);
    stage_add(&group, L"Memory.I4", 5);
    assert_hr(IConnectionPoint_Advise(point, NULL, &cookie), E_POINTER);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, NULL),
              NULL_REF);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&shutdown_sink, &cookie),
              CONNECT_E_CANNOTCONNECT);
    assert_int_equal(cookie, 0);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, &cookie),
              S_OK);
    assert_int_not_equal(cookie, 0);
    assert_hr(IConnectionPoint_Advise(point, (IUnknown *)&sink->IOPCDataCallback_iface, &second),
              CONNECT_E_ADVISELIMIT);
    assert_int_equal(second, 0);
    assert_true(sink_wait(sink, &sink->changes, 1));
    assert_int_equal(sink->count, 1);
    assert_int_equal(sink->clients[0], 5);
    assert_hr(IConnectionPoint_Unadvise(point, cookie + 1), CONNECT_E_NOCONNECTION);
    assert_hr(IConnectionPoint_Unadvise(point, cookie), S_OK);
    assert_hr(IConnectionPoint_Unadvise(point, cookie), CONNECT_E_NOCONNECTION);
    assert_int_equal(stage_release(point), 0);
    stage_group_close(&group);
    sink_release(sink);
    assert_int_equal(shutdown_refs, 1);
}

const struct CMUnitTest point_tests[] = {
    cmocka_unit_test(test_server),
    cmocka_unit_test(test_group),
};
const size_t point_test_count = ARRAYSIZE(point_tests);
