#include "server/browse_walk.h"

#include "call/call.h"
#include "call/hresult_class.h"
#include "link/link.h"
#include "module/memory.h"
#include "session/session.h"

#define LEVELS_MAX 1000 /* a server that lets us go up for ever is not believed */

HRESULT rm_browse_walk_plan(struct rm_browse_walk *walk, const struct rm_session *session,
                            const struct rm_link *link)
{
    const struct rm_browse_position *position = &session->browse;

    walk->revision = position->revision;
    walk->is_path = position->is_path;
    walk->is_needed = link->applied_browse_revision != position->revision;
    if (!position->depth)
        return S_OK;
    walk->names = rm_alloc_zero(position->depth, sizeof(*walk->names));
    if (!walk->names)
        return E_OUTOFMEMORY;
    for (DWORD i = 0; i < position->depth; i++)
    {
        walk->names[i] = rm_wcsdup(position->names[i]);
        if (position->names[i] && !walk->names[i])
            return E_OUTOFMEMORY;
        walk->depth++;
    }
    return S_OK;
}

static bool must_wait(const struct rm_link *link, DWORD thread, bool is_walk)
{
    struct rm_list_node *node;

    for (node = link->browsers.next; node != &link->browsers; node = node->next)
    {
        const struct rm_browse_turn *other = RM_LIST_ENTRY(node, struct rm_browse_turn, node);

        if (other->thread != thread && (is_walk || other->is_walk))
            return true;
    }
    return false;
}

HRESULT rm_browse_turn_take(struct rm_browse_turn *turn, struct rm_link *link, bool is_walk)
{
    DWORD thread = GetCurrentThreadId();

    if (must_wait(link, thread, is_walk))
        return rm_session_wait_change(link->session, INFINITE) ? RM_CALL_REPEAT : E_OUTOFMEMORY;
    turn->thread = thread;
    turn->is_walk = is_walk;
    rm_list_append(&link->browsers, &turn->node);
    return S_OK;
}

void rm_browse_turn_end(struct rm_browse_turn *turn, struct rm_session *session)
{
    if (!turn->node.next)
        return;
    rm_list_remove(&turn->node);
    rm_session_wake_waiters(session);
}

static HRESULT go_to_root(IOPCBrowseServerAddressSpace *real)
{
    HRESULT hr = IOPCBrowseServerAddressSpace_ChangeBrowsePosition(real, OPC_BROWSE_TO, L"");

    if (SUCCEEDED(hr) || rm_hresult_classify(hr) != RM_HRESULT_ANSWER)
        return hr;
    /* A server of Data Access 1.0 only knows up and down. */
    for (int level = 0; level < LEVELS_MAX; level++)
    {
        hr = IOPCBrowseServerAddressSpace_ChangeBrowsePosition(real, OPC_BROWSE_UP, L"");
        if (FAILED(hr))
            return rm_hresult_classify(hr) == RM_HRESULT_ANSWER ? S_OK : hr;
    }
    return E_FAIL;
}

HRESULT rm_browse_walk_run(struct rm_browse_walk *walk, IOPCBrowseServerAddressSpace *real)
{
    HRESULT hr = go_to_root(real);

    for (DWORD i = 0; i < walk->depth && SUCCEEDED(hr); i++)
    {
        OPCBROWSEDIRECTION direction = i == 0 && walk->is_path ? OPC_BROWSE_TO
                                       : walk->names[i]        ? OPC_BROWSE_DOWN
                                                               : OPC_BROWSE_UP;

        hr = IOPCBrowseServerAddressSpace_ChangeBrowsePosition(
            real, direction, walk->names[i] ? walk->names[i] : L"");
    }
    walk->is_done = SUCCEEDED(hr);
    return hr;
}

void rm_browse_walk_record(const struct rm_browse_walk *walk, struct rm_link *link)
{
    if (walk->is_needed && walk->is_done)
        link->applied_browse_revision = walk->revision;
}

void rm_browse_walk_clear(struct rm_browse_walk *walk)
{
    for (DWORD i = 0; i < walk->depth; i++)
        rm_free(walk->names[i]);
    rm_free(walk->names);
    walk->names = NULL;
    walk->depth = 0;
}

static void go_home(struct rm_browse_position *position)
{
    for (DWORD i = 0; i < position->depth; i++)
        rm_free(position->names[i]);
    position->depth = 0;
    position->is_path = false;
}

/* name NULL: a step up that takes nothing back. */
static void append_step(struct rm_browse_position *position, const WCHAR *name)
{
    WCHAR **names =
        rm_realloc(position->names, (size_t)position->depth + 1, sizeof(*position->names));
    WCHAR *copy = rm_wcsdup(name);

    if (names)
        position->names = names;
    if (!names || (name && !copy))
    {
        /* After a switch the client finds itself at the root. */
        rm_free(copy);
        go_home(position);
        return;
    }
    names[position->depth++] = copy;
}

void rm_browse_position_move(struct rm_session *session, struct rm_link *link,
                             OPCBROWSEDIRECTION direction, const WCHAR *name)
{
    struct rm_browse_position *position = &session->browse;
    DWORD last = position->depth - 1;

    switch (direction)
    {
    case OPC_BROWSE_TO:
        go_home(position);
        if (name[0])
        {
            append_step(position, name);
            position->is_path = position->depth > 0;
        }
        break;
    case OPC_BROWSE_DOWN: append_step(position, name); break;
    case OPC_BROWSE_UP:
        if (!position->depth)
            break;
        if (position->names[last] && !(last == 0 && position->is_path))
        {
            rm_free(position->names[last]);
            position->depth--;
        }
        else
            append_step(position, NULL);
        break;
    }
    link->applied_browse_revision = ++position->revision;
}
