#include "link/forgotten.h"

#include <rm/quirk.h>
#include <opc/opcerror.h>

#include "call/call.h"
#include "call/hresult_class.h"
#include "group/group_methods.h"
#include "link/link_sync.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/session.h"

#define AGAIN_MS  10000 /* a machine that forgets what it was just given again is left alone */
#define SAMPLE    16    /* items that are looked at; all of them where one is forgotten */
#define READ_MOST 1000  /* items of one Read */

/* Locked. The client may be removing these very items. */
static bool is_being_changed(const struct rm_link *link, const struct rm_group *group)
{
    struct rm_list_node *node;

    for (node = link->calls.next; node != &link->calls; node = node->next)
    {
        const struct rm_call *call = RM_LIST_ENTRY(node, struct rm_call, node);

        if (call->group == group && call->call_class->kind == RM_CALL_SHADOW)
            return true;
    }
    return false;
}

/* Locked. How many of them the machine had added under these handles; no longer so. */
static DWORD forget(struct rm_link_group *link_group, const struct rm_group *group,
                    const struct rm_added_item *items, DWORD count)
{
    DWORD forgotten = 0;

    for (DWORD i = 0; i < count; i++)
    {
        const struct rm_added_item *added = rm_link_added_item(link_group, group, items[i].handle);

        if (!added || added->real != items[i].real)
            continue;
        rm_link_item_forget(link_group, (DWORD)(added - link_group->added));
        forgotten++;
    }
    return forgotten;
}

bool rm_forgotten_items(struct rm_link *link, struct rm_group *group,
                        const struct rm_added_item *items, DWORD count)
{
    struct rm_session *session = link->session;
    ULONGLONG now_ms = rm_module_now_ms();
    struct rm_link_group *link_group;
    WCHAR *name = NULL;
    DWORD forgotten = 0;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group && !is_being_changed(link, group) &&
        (!link_group->forgot_ms || now_ms - link_group->forgot_ms >= AGAIN_MS))
        forgotten = forget(link_group, group, items, count);
    if (forgotten)
    {
        link_group->forgot_ms = now_ms;
        link->quirks |= RM_QUIRK_FORGETS_ITEMS;
        name = rm_wcsdup(group->name);
        if (session->active == link)
            rm_session_catch_up(session);
        else
            rm_link_kick(link);
    }
    rm_session_unlock(session);
    if (forgotten)
        rm_session_event(session, RM_EVENT_ITEMS_FORGOTTEN, link->machine, forgotten, name);
    rm_free(name);
    return forgotten != 0;
}

/* Locked. Some of the items that the machine has added, or all of them. NULL: none, or no memory.
 */
static struct rm_added_item *collect(const struct rm_link_group *link_group,
                                     const struct rm_group *group, bool is_sample, DWORD *count)
{
    DWORD slots =
        link_group->item_slots < group->item_slots ? link_group->item_slots : group->item_slots;
    DWORD step = is_sample && slots > SAMPLE ? slots / SAMPLE : 1;
    struct rm_added_item *items = slots ? rm_alloc_zero(slots / step + 1, sizeof(*items)) : NULL;

    *count = 0;
    for (DWORD slot = 0; items && slot < slots; slot += step)
    {
        const struct rm_added_item *added =
            rm_link_added_item(link_group, group, group->handles[slot]);

        if (added)
            items[(*count)++] = *added;
    }
    return items;
}

/* Those that the machine does not know come first then. How many, or what the call has failed with.
 */
static HRESULT ask(IOPCSyncIO *sync, struct rm_added_item *items, DWORD count, DWORD *unknown)
{
    OPCHANDLE handles[READ_MOST];
    OPCITEMSTATE *values;
    HRESULT *errors;
    HRESULT hr = S_OK;

    *unknown = 0;
    for (DWORD first = 0, n; first < count && SUCCEEDED(hr); first += n)
    {
        n = count - first < READ_MOST ? count - first : READ_MOST;
        for (DWORD i = 0; i < n; i++)
            handles[i] = items[first + i].real;
        values = NULL;
        errors = NULL;
        hr = IOPCSyncIO_Read(sync, OPC_DS_CACHE, n, handles, &values, &errors);
        for (DWORD i = 0; SUCCEEDED(hr) && errors && i < n; i++)
        {
            if (errors[i] == OPC_E_INVALIDHANDLE)
                items[(*unknown)++] = items[first + i];
        }
        rm_group_free_states(values, SUCCEEDED(hr) ? n : 0);
        CoTaskMemFree(errors);
    }
    return hr;
}

/* One round, of some of the items or of all. */
static HRESULT look(struct rm_link *link, struct rm_group *group, bool is_sample,
                    bool *is_forgotten)
{
    struct rm_session *session = link->session;
    struct rm_added_item *items = NULL;
    const struct rm_link_group *link_group;
    IOPCSyncIO *sync = NULL;
    DWORD count = 0, unknown = 0;
    HRESULT hr = S_OK;

    rm_session_lock(session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    if (link_group)
        items = collect(link_group, group, is_sample, &count);
    if (count)
        sync = rm_link_take_group(link, group, RM_GROUP_SYNC_IO);
    rm_session_unlock(session);
    if (sync)
    {
        hr = ask(sync, items, count, &unknown);
        IOPCSyncIO_Release(sync);
    }
    *is_forgotten = unknown != 0;
    if (unknown && !is_sample)
        rm_forgotten_items(link, group, items, unknown);
    rm_free(items);
    return hr;
}

bool rm_forgotten_check(struct rm_link *link, struct rm_group *group)
{
    struct rm_link_group *link_group;
    bool is_due, is_forgotten;
    HRESULT hr;

    rm_session_lock(link->session);
    link_group = link->is_dead ? NULL : rm_link_group_of(link, group);
    is_due = link_group && link_group->is_memory_due;
    if (is_due)
        link_group->is_memory_due = false;
    rm_session_unlock(link->session);
    if (!is_due)
        return !link->is_dead;
    hr = look(link, group, true, &is_forgotten);
    if (is_forgotten)
        hr = look(link, group, false, &is_forgotten);
    /* A group that is gone is for the client's next call to find, which knows what to do. */
    return rm_hresult_is_object_gone(hr) ? !link->is_dead : rm_sync_is_alive(link, hr);
}
