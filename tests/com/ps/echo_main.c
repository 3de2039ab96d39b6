/*
 * ps_server.exe: the echo server's process. /regserver and /unregserver write and delete its class.
 *
 * There is a class per bitness, so that a test can choose the server that it talks to. Each object
 * has a process of its own: no test run meets the server of another. The process ends with its last
 * object, and on its own after two minutes: a test that died must not leave it behind.
 */
#include "echo.h"
#include "ps_classes.h"

#include <stdio.h>

#define LIFE_MS 120000

static HANDLE last_object_gone;
static LONG objects;

void server_lock(void)
{
    InterlockedIncrement(&objects);
}

void server_unlock(void)
{
    if (!InterlockedDecrement(&objects))
        SetEvent(last_object_gone);
}

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(IClassFactory *iface, REFIID riid,
                                                        void **ppv)
{
    if (IsEqualIID(riid, &IID_IUnknown) || IsEqualIID(riid, &IID_IClassFactory))
    {
        *ppv = iface;
        return S_OK;
    }
    *ppv = NULL;
    return E_NOINTERFACE;
}

/* The factory lives as long as the process. */
static ULONG STDMETHODCALLTYPE factory_AddRef(IClassFactory *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE factory_Release(IClassFactory *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *iface, IUnknown *outer,
                                                        REFIID riid, void **ppv)
{
    (void)iface;
    *ppv = NULL;
    return outer ? CLASS_E_NOAGGREGATION : echo_server_create(riid, ppv);
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *iface, BOOL lock)
{
    (void)iface;
    if (lock)
        server_lock();
    else
        server_unlock();
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {
    factory_QueryInterface, factory_AddRef,     factory_Release,
    factory_CreateInstance, factory_LockServer,
};

static IClassFactory factory = {&factory_vtbl};

static LONG register_class(void)
{
    WCHAR key[128], guid[40], path[MAX_PATH];

    StringFromGUID2(&CLSID_EchoServer, guid, ARRAYSIZE(guid));
    swprintf(key, ARRAYSIZE(key), L"SOFTWARE\\Classes\\CLSID\\%ls\\LocalServer32", guid);
    GetModuleFileNameW(NULL, path, ARRAYSIZE(path));
    return RegSetKeyValueW(HKEY_LOCAL_MACHINE, key, NULL, REG_SZ, path,
                           (DWORD)((wcslen(path) + 1) * sizeof(*path)));
}

static LONG unregister_class(void)
{
    WCHAR key[128], guid[40];

    StringFromGUID2(&CLSID_EchoServer, guid, ARRAYSIZE(guid));
    swprintf(key, ARRAYSIZE(key), L"SOFTWARE\\Classes\\CLSID\\%ls", guid);
    return RegDeleteTreeW(HKEY_LOCAL_MACHINE, key);
}

int main(int argc, char **argv)
{
    DWORD cookie;
    HRESULT hr;

    if (argc > 1 && !strcmp(argv[1], "/regserver"))
        return register_class() == ERROR_SUCCESS ? 0 : 1;
    if (argc > 1 && !strcmp(argv[1], "/unregserver"))
        return unregister_class() == ERROR_SUCCESS ? 0 : 1;

    last_object_gone = CreateEventW(NULL, TRUE, FALSE, NULL);
    hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (SUCCEEDED(hr))
        hr = CoRegisterClassObject(&CLSID_EchoServer, (IUnknown *)&factory, CLSCTX_LOCAL_SERVER,
                                   REGCLS_SINGLEUSE, &cookie);
    if (FAILED(hr))
        return 1;
    WaitForSingleObject(last_object_gone, LIFE_MS);
    CoRevokeClassObject(cookie);
    CoUninitialize();
    return 0;
}
