/* CreateGroupEnumerator: which groups there are is in the shadow, but for the public ones, of which
 * the client may not know yet; in what order they come the active machine says. */
#include <stdlib.h>
#include <wchar.h>

#include "call/hresult_class.h"
#include "enumerator/enum_groups.h"
#include "enumerator/enum_string.h"
#include "link/link.h"
#include "module/memory.h"
#include "server/server_methods.h"
#include "session/session.h"

/* A name on the active machine, and whose it is. */
struct entry
{
    const WCHAR *real;
    struct rm_group *group; /* NULL: a public group, by its name alone */
    bool is_listed;
};

struct enumeration
{
    struct rm_group **groups; /* each held */
    ULONG group_count;
    struct rm_group_names public_names;
    struct rm_group_names order;
    struct entry *entries;
    struct entry **sorted; /* all of them, by name */
    struct entry **listed; /* all of them, as the client is to see them */
    ULONG count;
};

/* "Connections" is the same in practice. */
static bool has_private(OPCENUMSCOPE scope)
{
    return scope != OPC_ENUM_PUBLIC && scope != OPC_ENUM_PUBLIC_CONNECTIONS;
}

static bool has_public(OPCENUMSCOPE scope)
{
    return scope != OPC_ENUM_PRIVATE && scope != OPC_ENUM_PRIVATE_CONNECTIONS;
}

static void clear(struct enumeration *all)
{
    for (ULONG i = 0; i < all->group_count; i++)
        rm_group_unhold(all->groups[i]);
    rm_free(all->groups);
    rm_group_names_clear(&all->public_names);
    rm_group_names_clear(&all->order);
    rm_free(all->entries);
    rm_free(all->sorted);
    rm_free(all->listed);
}

/* Locked. */
static HRESULT hold_groups(struct enumeration *all, struct rm_session *session,
                           bool is_with_private, bool is_with_public)
{
    all->groups =
        rm_alloc_zero(session->group_slots ? session->group_slots : 1, sizeof(*all->groups));
    for (DWORD slot = 0; all->groups && slot < session->group_slots; slot++)
    {
        struct rm_group *group = session->groups[slot];
        bool is_public = group && rm_group_is_public(group);

        if (!group || group->is_removed || !(is_public ? is_with_public : is_with_private))
            continue;
        all->groups[all->group_count++] = group;
        rm_group_hold(group);
    }
    return all->groups ? S_OK : E_OUTOFMEMORY;
}

static int compare_entries(const void *one, const void *other)
{
    const struct entry *const *first = one, *const *second = other;

    return wcscmp((*first)->real, (*second)->real);
}

static const WCHAR *real_name(struct rm_session *session, const struct rm_group *group)
{
    const struct rm_link_group *link_group =
        session->active ? rm_link_group_of(session->active, group) : NULL;

    return link_group && link_group->name ? link_group->name : group->name;
}

static void list_entry(struct enumeration *all, struct entry *entry)
{
    if (entry->is_listed)
        return;
    entry->is_listed = true;
    all->listed[all->count++] = entry;
}

/* Locked. What the machine hasn't got, for it refuses it or there is no machine, comes last. */
static HRESULT list_all(struct enumeration *all, struct rm_session *session)
{
    ULONG total = all->group_count + all->public_names.count;

    all->entries = rm_alloc_zero(total ? total : 1, sizeof(*all->entries));
    all->sorted = rm_alloc_zero(total ? total : 1, sizeof(struct entry *));
    all->listed = rm_alloc_zero(total ? total : 1, sizeof(struct entry *));
    if (!all->entries || !all->sorted || !all->listed)
        return E_OUTOFMEMORY;
    for (ULONG i = 0; i < all->group_count; i++)
    {
        all->entries[i].group = all->groups[i];
        all->entries[i].real = real_name(session, all->groups[i]);
    }
    for (ULONG i = 0; i < all->public_names.count; i++)
        all->entries[all->group_count + i].real = all->public_names.texts[i];
    for (ULONG i = 0; i < total; i++)
        all->sorted[i] = &all->entries[i];
    qsort(all->sorted, total, sizeof(struct entry *), compare_entries);
    for (ULONG i = 0; i < all->order.count; i++)
    {
        const struct entry wanted = {.real = all->order.texts[i]}, *key = &wanted;
        struct entry **found =
            bsearch(&key, all->sorted, total, sizeof(struct entry *), compare_entries);

        if (found)
            list_entry(all, *found);
    }
    for (ULONG i = 0; i < total; i++)
        list_entry(all, &all->entries[i]);
    return S_OK;
}

static HRESULT list_objects(struct rm_server_object *server, OPCENUMSCOPE scope,
                            struct enumeration *all)
{
    struct rm_session *session = server->session;
    HRESULT hr;

    /* Without it they come in some order or other. */
    rm_server_group_names(server, scope, &all->order);
    rm_session_lock(session);
    hr = hold_groups(all, session, has_private(scope), has_public(scope));
    if (SUCCEEDED(hr))
        hr = list_all(all, session);
    rm_session_unlock(session);
    return hr;
}

static HRESULT make_objects(const struct enumeration *all, IUnknown **enumerator_out)
{
    struct rm_group **groups = rm_alloc_zero(all->count ? all->count : 1, sizeof(*groups));
    IEnumUnknown *enumerator = NULL;
    HRESULT hr;

    if (!groups)
        return E_OUTOFMEMORY;
    for (ULONG i = 0; i < all->count; i++)
        groups[i] = all->listed[i]->group;
    hr = rm_enum_groups_new(groups, all->count, &enumerator);
    rm_free(groups);
    *enumerator_out = (IUnknown *)enumerator;
    return hr;
}

/* Of public groups the machine knows the names, whether the client is attached to them or not. */
static HRESULT ask_names(struct rm_server_object *server, OPCENUMSCOPE scope,
                         struct enumeration *all)
{
    HRESULT hr = S_OK;

    if (has_public(scope) && server->session->offers[RM_SERVER_PUBLIC_GROUPS])
        hr = rm_server_group_names(server, OPC_ENUM_PUBLIC, &all->public_names);
    if (SUCCEEDED(hr) && !(has_public(scope) && !has_private(scope) &&
                           server->session->offers[RM_SERVER_PUBLIC_GROUPS]))
        hr = rm_server_group_names(server, scope, &all->order);
    return hr == RM_HRESULT_UNAVAILABLE && has_private(scope) ? S_OK : hr;
}

/* Locked, for names may be changed. */
static HRESULT make_names(const struct enumeration *all, IUnknown **enumerator_out)
{
    const WCHAR **names = rm_alloc_zero(all->count ? all->count : 1, sizeof(*names));
    IEnumString *enumerator = NULL;
    HRESULT hr;

    if (!names)
        return E_OUTOFMEMORY;
    for (ULONG i = 0; i < all->count; i++)
        names[i] = all->listed[i]->group ? all->listed[i]->group->name : all->listed[i]->real;
    hr = rm_enum_string_new(names, all->count, &enumerator);
    rm_free(names);
    *enumerator_out = (IUnknown *)enumerator;
    return hr;
}

static HRESULT enumerate_names(struct rm_server_object *server, OPCENUMSCOPE scope,
                               struct enumeration *all, IUnknown **enumerator_out)
{
    struct rm_session *session = server->session;
    HRESULT hr = ask_names(server, scope, all);

    if (FAILED(hr))
        return hr;
    rm_session_lock(session);
    hr = hold_groups(all, session, has_private(scope), false);
    if (SUCCEEDED(hr))
        hr = list_all(all, session);
    if (SUCCEEDED(hr))
        hr = make_names(all, enumerator_out);
    rm_session_unlock(session);
    return hr;
}

HRESULT rm_server_enum_groups(struct rm_server_object *server, OPCENUMSCOPE scope, REFIID iid,
                              IUnknown **enumerator_out)
{
    bool is_of_names = IsEqualIID(iid, &IID_IEnumString);
    struct enumeration all = {NULL};
    HRESULT hr;

    if (!is_of_names && !IsEqualIID(iid, &IID_IEnumUnknown))
        return E_NOINTERFACE;
    if (scope < OPC_ENUM_PRIVATE_CONNECTIONS || scope > OPC_ENUM_ALL)
        return E_INVALIDARG;
    if (is_of_names)
        hr = enumerate_names(server, scope, &all, enumerator_out);
    else
    {
        hr = list_objects(server, scope, &all);
        if (SUCCEEDED(hr))
            hr = make_objects(&all, enumerator_out);
    }
    if (hr == S_OK && !all.count)
    {
        hr = S_FALSE;
        /* As the machine has it: servers of Data Access 1.0 give none (reference, section 10). */
        if (all.order.is_null || all.public_names.is_null)
        {
            IUnknown_Release(*enumerator_out);
            *enumerator_out = NULL;
        }
    }
    clear(&all);
    return hr;
}
