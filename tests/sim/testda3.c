#include "testda3.h"

static IOPCServer *shared;

IOPCServer *test_da3(void)
{
    if (shared == NULL)
    {
        shared = test_connect(L"SimTestC");
    }
    IOPCServer_AddRef(shared);
    return shared;
}

void test_da3_release(void)
{
    if (shared != NULL)
    {
        IOPCServer_Release(shared);
        shared = NULL;
    }
}

OPCITEMVQT test_vqt(VARIANT value)
{
    return (OPCITEMVQT){.vDataValue = value};
}

static DWORD callback_count(struct session *session)
{
    EnterCriticalSection(&session->sink->lock);
    DWORD count = session->sink->callback_count;
    LeaveCriticalSection(&session->sink->lock);
    return count;
}

DWORD test_wait_callbacks(struct session *session, DWORD count)
{
    DWORD start = GetTickCount();
    DWORD found = callback_count(session);
    while (found < count && GetTickCount() - start < WAIT_MS)
    {
        Sleep(5);
        found = callback_count(session);
    }
    assert_true(found >= count);
    return found;
}

HRESULT test_read_max_age(struct session *session, DWORD handle, DWORD max_age, VARIANT *value,
                          WORD *quality, FILETIME *stamp)
{
    VARIANT *values = NULL;
    WORD *qualities = NULL;
    FILETIME *stamps = NULL;
    HRESULT *errors = NULL;
    IOPCSyncIO2 *sync = test_query(session->group, &IID_IOPCSyncIO2);
    HRESULT result =
        IOPCSyncIO2_ReadMaxAge(sync, 1, &handle, &max_age, &values, &qualities, &stamps, &errors);
    IOPCSyncIO2_Release(sync);
    assert_true(result == S_OK || result == S_FALSE);
    HRESULT error = errors[0];
    assert_int_equal(result, error == S_OK ? S_OK : S_FALSE);
    *value = values[0];
    *quality = qualities[0];
    *stamp = stamps[0];
    CoTaskMemFree(values);
    CoTaskMemFree(qualities);
    CoTaskMemFree(stamps);
    CoTaskMemFree(errors);
    return error;
}
