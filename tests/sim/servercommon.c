#include "errortext.h"
#include "gate.h"
#include "log.h"
#include "server.h"
#include "text.h"

#include <stdlib.h>

static const LCID locales[] = {
    MAKELCID(MAKELANGID(LANG_ENGLISH, SUBLANG_ENGLISH_US), SORT_DEFAULT),
    MAKELCID(MAKELANGID(LANG_GERMAN, SUBLANG_GERMAN), SORT_DEFAULT),
    LOCALE_SYSTEM_DEFAULT,
    LOCALE_USER_DEFAULT,
    LOCALE_NEUTRAL,
};

#define LOCALE_COUNT (sizeof(locales) / sizeof(locales[0]))

bool sim_server_is_locale(LCID locale)
{
    size_t i = 0;
    while (i < LOCALE_COUNT && locales[i] != locale)
    {
        i++;
    }
    return i < LOCALE_COUNT;
}

static struct sim_server *impl_from_IOPCCommon(IOPCCommon *iface)
{
    return CONTAINING_RECORD(iface, struct sim_server, IOPCCommon_iface);
}

static HRESULT STDMETHODCALLTYPE server_common_QueryInterface(IOPCCommon *iface, REFIID iid,
                                                              void **object)
{
    return sim_server_query(impl_from_IOPCCommon(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE server_common_AddRef(IOPCCommon *iface)
{
    return sim_server_add_ref(impl_from_IOPCCommon(iface));
}

static ULONG STDMETHODCALLTYPE server_common_Release(IOPCCommon *iface)
{
    return sim_server_release(impl_from_IOPCCommon(iface));
}

static HRESULT STDMETHODCALLTYPE server_common_SetLocaleID(IOPCCommon *iface, LCID locale)
{
    struct sim_server *server = impl_from_IOPCCommon(iface);
    SIM_ENTER(IOPCCommon_SetLocaleID);
    if (!sim_server_is_locale(locale))
    {
        return E_INVALIDARG;
    }
    AcquireSRWLockExclusive(&server->lock);
    server->locale = locale;
    ReleaseSRWLockExclusive(&server->lock);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_common_GetLocaleID(IOPCCommon *iface, LCID *locale)
{
    struct sim_server *server = impl_from_IOPCCommon(iface);
    if (locale == NULL)
    {
        return E_POINTER;
    }
    *locale = 0;
    SIM_ENTER(IOPCCommon_GetLocaleID);
    AcquireSRWLockShared(&server->lock);
    *locale = server->locale;
    ReleaseSRWLockShared(&server->lock);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_common_QueryAvailableLocaleIDs(IOPCCommon *iface,
                                                                       DWORD *count, LCID **list)
{
    (void)iface;
    if (count == NULL || list == NULL)
    {
        return E_POINTER;
    }
    *count = 0;
    *list = NULL;
    SIM_ENTER(IOPCCommon_QueryAvailableLocaleIDs);
    LCID *copy = CoTaskMemAlloc(sizeof(locales));
    if (copy == NULL)
    {
        return E_OUTOFMEMORY;
    }
    for (size_t i = 0; i < LOCALE_COUNT; i++)
    {
        copy[i] = locales[i];
    }
    *count = LOCALE_COUNT;
    *list = copy;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_common_GetErrorString(IOPCCommon *iface, HRESULT error,
                                                              LPWSTR *text)
{
    (void)iface;
    if (text == NULL)
    {
        return E_POINTER;
    }
    *text = NULL;
    SIM_ENTER(IOPCCommon_GetErrorString);
    return sim_error_text(error, text);
}

static HRESULT STDMETHODCALLTYPE server_common_SetClientName(IOPCCommon *iface, LPCWSTR name)
{
    struct sim_server *server = impl_from_IOPCCommon(iface);
    SIM_ENTER(IOPCCommon_SetClientName);
    wchar_t *copy = name != NULL ? sim_text_copy(name) : NULL;
    if (copy == NULL)
    {
        return name != NULL ? E_OUTOFMEMORY : E_INVALIDARG;
    }
    char utf8[200];
    sim_log("session: the client is \"%s\"", sim_text_utf8(name, utf8, sizeof(utf8)));
    AcquireSRWLockExclusive(&server->lock);
    wchar_t *old = server->client_name;
    server->client_name = copy;
    ReleaseSRWLockExclusive(&server->lock);
    free(old);
    return S_OK;
}

const IOPCCommonVtbl sim_server_common_vtable = {
    server_common_QueryInterface, server_common_AddRef,
    server_common_Release,        server_common_SetLocaleID,
    server_common_GetLocaleID,    server_common_QueryAvailableLocaleIDs,
    server_common_GetErrorString, server_common_SetClientName,
};
