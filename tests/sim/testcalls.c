#include "testclient.h"

#include <stdio.h>
#include <string.h>

static HRESULT item_call(struct session *session, const wchar_t *id, bool is_adding, DWORD *handle)
{
    wchar_t path[] = L"";
    wchar_t copy[1024];
    OPCITEMRESULT *results = NULL;
    HRESULT *errors = NULL;
    assert_true(wcslen(id) < 1024);
    wcscpy(copy, id);
    OPCITEMDEF definition = {
        .szAccessPath = path, .szItemID = copy, .bActive = TRUE, .hClient = 900};
    HRESULT result =
        is_adding
            ? IOPCItemMgt_AddItems(session->items, 1, &definition, &results, &errors)
            : IOPCItemMgt_ValidateItems(session->items, 1, &definition, FALSE, &results, &errors);
    assert_true(result == S_OK || result == S_FALSE);
    HRESULT error = errors[0];
    assert_int_equal(result, error == S_OK ? S_OK : S_FALSE);
    if (handle != NULL)
    {
        *handle = results[0].hServer;
    }
    CoTaskMemFree(results);
    CoTaskMemFree(errors);
    return error;
}

HRESULT test_try_add(struct session *session, const wchar_t *id, DWORD *handle)
{
    return item_call(session, id, true, handle);
}

HRESULT test_validate(struct session *session, const wchar_t *id)
{
    return item_call(session, id, false, NULL);
}

OPCSERVERSTATE test_state(IOPCServer *server)
{
    OPCSERVERSTATUS *status = NULL;
    assert_int_equal(IOPCServer_GetStatus(server, &status), S_OK);
    OPCSERVERSTATE state = status->dwServerState;
    CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
    return state;
}

IOPCServer *test_open_machine(struct session *session)
{
    assert_int_equal(test_rmsim(L"/fault SimTestE clear"), 0);
    IOPCServer *server = test_connect(L"SimTestE");
    test_open(session, server, 100, TRUE);
    return server;
}

void test_close_machine(struct session *session, IOPCServer *server)
{
    assert_int_equal(test_rmsim(L"/fault SimTestE clear"), 0);
    test_close(session);
    IOPCServer_Release(server);
}

WORD test_quality(struct session *session, OPCDATASOURCE source, DWORD handle)
{
    OPCITEMSTATE state;
    assert_int_equal(test_read(session, source, handle, &state), S_OK);
    VariantClear(&state.vDataValue);
    return state.wQuality;
}

void test_drop(struct session *session)
{
    if (session->point != NULL)
    {
        IConnectionPoint_Release(session->point);
    }
    IOPCItemMgt_Release(session->items);
    IOPCGroupStateMgt_Release(session->group);
    IOPCSyncIO_Release(session->sync);
    IOPCAsyncIO2_Release(session->async);
    CoDisconnectObject((IUnknown *)&session->sink->IOPCDataCallback_iface, 0);
    IOPCDataCallback_Release(&session->sink->IOPCDataCallback_iface);
}

IOPCServer *test_connect_with(const wchar_t *machine, const wchar_t *options)
{
    wchar_t line[512];
    _snwprintf(line, 512, L"/regserver %ls %ls", machine, options);
    assert_int_equal(test_rmsim(line), 0);
    _snwprintf(line, 512, L"/fault %ls clear", machine);
    assert_int_equal(test_rmsim(line), 0);
    return test_connect(machine);
}

void test_forget_kind(struct session *session, enum record_kind kind)
{
    struct sink *sink = session->sink;
    DWORD kept = 0;
    EnterCriticalSection(&sink->lock);
    for (DWORD i = 0; i < sink->record_count; i++)
    {
        if (sink->records[i].kind != kind)
        {
            sink->records[kept++] = sink->records[i];
        }
    }
    sink->record_count = kept;
    LeaveCriticalSection(&sink->lock);
}
