/*
 * Registration of opcda_ps.dll: a guest on computers that have the OPC Foundation's proxies.
 *
 * The system's own NdrDllRegisterProxy takes every interface for itself, and its counterpart
 * deletes every interface, whoever marshals it by then. Here an interface that another DLL marshals
 * is left alone: both proxies speak the same on the wire, and the Foundation's belongs to all OPC
 * products.
 *
 * Errors: the HRESULT of the first registry operation that failed; what was written before stays,
 * and a second attempt or DllUnregisterServer deals with it.
 */
#define USE_STUBLESS_PROXY
#include <opc/opcguids.h>
#include <objbase.h>
#include <rpcproxy.h>
#include <stdio.h>

#define KEY_CHARS  128
#define GUID_CHARS 39
#define CLASSES    L"SOFTWARE\\Classes\\"

HRESULT WINAPI DllRegisterServer(void);
HRESULT WINAPI DllUnregisterServer(void);
BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved);
void RPC_ENTRY GetProxyDllInfo(const ProxyFileInfo ***files, const CLSID **clsid);

static HINSTANCE own_module;

BOOL WINAPI DllMain(HINSTANCE instance, DWORD reason, void *reserved)
{
    (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
    {
        own_module = instance;
        DisableThreadLibraryCalls(instance);
    }
    return TRUE;
}

static HRESULT set_string(const WCHAR *key, const WCHAR *name, const WCHAR *value)
{
    DWORD bytes = (DWORD)((wcslen(value) + 1) * sizeof(*value));

    return HRESULT_FROM_WIN32(RegSetKeyValueW(HKEY_LOCAL_MACHINE, key, name, REG_SZ, value, bytes));
}

static void key_of_interface(const IID *iid, WCHAR key[KEY_CHARS])
{
    WCHAR guid[GUID_CHARS];

    StringFromGUID2(iid, guid, GUID_CHARS);
    swprintf(key, KEY_CHARS, CLASSES L"Interface\\%ls", guid);
}

static void key_of_class(WCHAR key[KEY_CHARS])
{
    WCHAR guid[GUID_CHARS];

    StringFromGUID2(&CLSID_OpcdaProxyStub, guid, GUID_CHARS);
    swprintf(key, KEY_CHARS, CLASSES L"CLSID\\%ls", guid);
}

/* The class that marshals the interface of this key; false if none does. */
static BOOL find_owner(const WCHAR *key, CLSID *owner)
{
    WCHAR value[GUID_CHARS];
    DWORD bytes = sizeof(value);
    WCHAR subkey[KEY_CHARS];

    swprintf(subkey, KEY_CHARS, L"%ls\\ProxyStubClsid32", key);
    return RegGetValueW(HKEY_LOCAL_MACHINE, subkey, NULL, RRF_RT_REG_SZ, NULL, value, &bytes) ==
               ERROR_SUCCESS &&
           SUCCEEDED(CLSIDFromString(value, owner));
}

static HRESULT register_interface(const IID *iid, const char *name, unsigned long methods)
{
    WCHAR key[KEY_CHARS], subkey[KEY_CHARS], text[KEY_CHARS];
    CLSID owner;
    HRESULT hr;

    key_of_interface(iid, key);
    if (find_owner(key, &owner) && !IsEqualCLSID(&owner, &CLSID_OpcdaProxyStub))
        return S_OK;

    swprintf(text, KEY_CHARS, L"%hs", name);
    hr = set_string(key, NULL, text);
    if (FAILED(hr))
        return hr;

    swprintf(subkey, KEY_CHARS, L"%ls\\NumMethods", key);
    swprintf(text, KEY_CHARS, L"%lu", methods);
    hr = set_string(subkey, NULL, text);
    if (FAILED(hr))
        return hr;

    /* Last, as this entry makes it ours. */
    swprintf(subkey, KEY_CHARS, L"%ls\\ProxyStubClsid32", key);
    StringFromGUID2(&CLSID_OpcdaProxyStub, text, KEY_CHARS);
    return set_string(subkey, NULL, text);
}

static HRESULT delete_key(const WCHAR *key)
{
    LONG error = RegDeleteTreeW(HKEY_LOCAL_MACHINE, key);

    return error == ERROR_FILE_NOT_FOUND ? S_OK : HRESULT_FROM_WIN32(error);
}

static HRESULT unregister_interface(const IID *iid)
{
    WCHAR key[KEY_CHARS];
    CLSID owner;

    key_of_interface(iid, key);
    if (!find_owner(key, &owner) || !IsEqualCLSID(&owner, &CLSID_OpcdaProxyStub))
        return S_OK;
    return delete_key(key);
}

HRESULT WINAPI DllRegisterServer(void)
{
    WCHAR key[KEY_CHARS], subkey[KEY_CHARS], path[MAX_PATH];
    const ProxyFileInfo **files;
    const CLSID *clsid;
    DWORD length;
    HRESULT hr;

    length = GetModuleFileNameW(own_module, path, MAX_PATH);
    if (length == 0 || length == MAX_PATH)
        return E_UNEXPECTED;

    key_of_class(key);
    hr = set_string(key, NULL, L"RedundancyMaster OPC proxy/stub");
    swprintf(subkey, KEY_CHARS, L"%ls\\InprocServer32", key);
    if (SUCCEEDED(hr))
        hr = set_string(subkey, NULL, path);
    if (SUCCEEDED(hr))
        hr = set_string(subkey, L"ThreadingModel", L"Both");

    GetProxyDllInfo(&files, &clsid);
    for (; *files; files++)
    {
        for (unsigned short i = 0; SUCCEEDED(hr) && i < (*files)->TableSize; i++)
        {
            const CInterfaceStubHeader *stub = &(*files)->pStubVtblList[i]->header;

            hr = register_interface(stub->piid, (*files)->pNamesArray[i], stub->DispatchTableCount);
        }
    }
    return hr;
}

HRESULT WINAPI DllUnregisterServer(void)
{
    WCHAR key[KEY_CHARS];
    const ProxyFileInfo **files;
    const CLSID *clsid;
    HRESULT hr = S_OK;

    GetProxyDllInfo(&files, &clsid);
    for (; *files; files++)
    {
        for (unsigned short i = 0; SUCCEEDED(hr) && i < (*files)->TableSize; i++)
            hr = unregister_interface((*files)->pStubVtblList[i]->header.piid);
    }
    key_of_class(key);
    return SUCCEEDED(hr) ? delete_key(key) : hr;
}
