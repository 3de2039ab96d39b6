/*
 * ps_test.exe 32|64: marshaling through opcda_ps.dll to an echo server of that bitness.
 */
#include "ps_test.h"

#include "ps_classes.h"

#include <stdio.h>
#include <string.h>

IOPCServer *echo;

void *server_interface(REFIID iid)
{
    void *object = POISON;

    assert_hr(IOPCServer_QueryInterface(echo, iid, &object), S_OK);
    return object;
}

void *group_interface(REFIID iid)
{
    IUnknown *group = POISON;
    OPCHANDLE handle;
    DWORD rate;

    assert_hr(
        IOPCServer_AddGroup(echo, L"", TRUE, 100, 0, NULL, NULL, 0, &handle, &rate, iid, &group),
        OPC_S_UNSUPPORTEDRATE);
    return group;
}

static OPCSERVERSTATUS *get_status(void)
{
    OPCSERVERSTATUS *status = POISON;

    assert_hr(IOPCServer_GetStatus(echo, &status), S_OK);
    return status;
}

DWORD server_heap(void)
{
    OPCSERVERSTATUS *status = get_status();
    DWORD bytes = status->dwBandWidth;

    CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
    return bytes;
}

void check_text(const WCHAR *actual, const WCHAR *expected, const char *file, int line)
{
    if (actual == expected || (actual && expected && !wcscmp(actual, expected)))
        return;
    print_error("is:     %ls\nshould: %ls\n", actual ? actual : L"(NULL)",
                expected ? expected : L"(NULL)");
    _fail(file, line);
}

void check_out_text(WCHAR **actual, const WCHAR *expected, const char *file, int line)
{
    check_text(*actual, expected, file, line);
    CoTaskMemFree(*actual);
    *actual = NULL;
}

void check_trace(const WCHAR *expected, const char *file, int line)
{
    OPCSERVERSTATUS *status = get_status();

    check_out_text(&status->szVendorInfo, expected, file, line);
    CoTaskMemFree(status);
}

void check_errors(HRESULT **errors, DWORD count, HRESULT step, const char *file, int line)
{
    for (DWORD i = 0; i < count; i++)
        _assert_int_equal((ULONG)(*errors)[i], (ULONG)((HRESULT)i * step), file, line);
    CoTaskMemFree(*errors);
    *errors = NULL;
}

void check_time(FILETIME time, DWORD n, const char *file, int line)
{
    _assert_int_equal(time.dwLowDateTime, n, file, line);
    _assert_int_equal(time.dwHighDateTime, n + 0x01000000, file, line);
}

FILETIME number_to_time(DWORD n)
{
    FILETIME time = {n, n + 0x01000000};

    return time;
}

int main(int argc, char **argv)
{
    const CLSID *clsid =
        argc > 1 && !strcmp(argv[1], "32") ? &CLSID_EchoServer32 : &CLSID_EchoServer64;
    int failed = 0;
    HRESULT hr;

    setvbuf(stdout, NULL, _IONBF, 0);
    hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (SUCCEEDED(hr))
        hr = CoCreateInstance(clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IOPCServer, (void **)&echo);
    if (FAILED(hr))
    {
        printf("the echo server can't be created: %08lx\n", hr);
        return 1;
    }
    failed += server_suite();
    failed += common_suite();
    failed += browse_suite();
    failed += group_suite();
    failed += item_suite();
    failed += value_suite();
    failed += callback_suite();
    failed += memory_suite();
    IOPCServer_Release(echo);
    CoUninitialize();
    return failed ? 1 : 0;
}
