#include "link/link_sync.h"

#include <wchar.h>
#include <opc/opccomn.h>

#include "module/memory.h"
#include "session/session.h"

static bool sync_locale(struct rm_link *link)
{
    struct rm_session *session = link->session;
    IOPCCommon *common = NULL;
    DWORD locale;
    HRESULT hr;

    rm_session_lock(session);
    locale = session->locale;
    if (!link->is_dead && session->has_locale && link->applied_locale != locale)
        common = rm_link_take(link, RM_SERVER_COMMON);
    rm_session_unlock(session);
    if (!common)
        return !link->is_dead;
    hr = IOPCCommon_SetLocaleID(common, locale);
    IOPCCommon_Release(common);
    rm_session_lock(session);
    link->applied_locale = locale; /* one that is refused here is not tried again and again */
    rm_session_unlock(session);
    return rm_sync_is_alive(link, hr);
}

static bool sync_client_name(struct rm_link *link)
{
    struct rm_session *session = link->session;
    IOPCCommon *common = NULL;
    WCHAR *name = NULL;
    HRESULT hr;

    rm_session_lock(session);
    if (!link->is_dead && session->client_name &&
        (!link->applied_client_name ||
         wcscmp(session->client_name, link->applied_client_name) != 0))
    {
        name = rm_wcsdup(session->client_name);
        common = name ? rm_link_take(link, RM_SERVER_COMMON) : NULL;
    }
    rm_session_unlock(session);
    if (!common)
    {
        rm_free(name);
        return !link->is_dead;
    }
    hr = IOPCCommon_SetClientName(common, name);
    IOPCCommon_Release(common);
    rm_session_lock(session);
    rm_free(link->applied_client_name);
    link->applied_client_name = name;
    rm_session_unlock(session);
    return rm_sync_is_alive(link, hr);
}

bool rm_sync_server(struct rm_link *link)
{
    return rm_sync_blankets(link) && rm_sync_security(link) && sync_locale(link) &&
           sync_client_name(link);
}
