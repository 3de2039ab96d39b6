#include "session/leftovers.h"

#include <objbase.h>

#include "module/memory.h"
#include "module/module.h"
#include "session/session.h"

static SRWLOCK sessions_lock = SRWLOCK_INIT; /* protects the list and the watches */
static struct rm_list_node sessions = {&sessions, &sessions};
static struct rm_list_node watches = {&watches, &watches};

struct watch
{
    IInitializeSpy IInitializeSpy_iface;
    LONG refs;
    struct rm_list_node node;
    DWORD thread;
    bool is_ending;
    ULARGE_INTEGER cookie;
};

static struct watch *impl_from_IInitializeSpy(IInitializeSpy *iface)
{
    return CONTAINING_RECORD(iface, struct watch, IInitializeSpy_iface);
}

void rm_leftovers_enter(struct rm_session *session)
{
    AcquireSRWLockExclusive(&sessions_lock);
    rm_list_append(&sessions, &session->node);
    ReleaseSRWLockExclusive(&sessions_lock);
}

void rm_leftovers_leave(struct rm_session *session)
{
    AcquireSRWLockExclusive(&sessions_lock);
    rm_list_remove(&session->node);
    ReleaseSRWLockExclusive(&sessions_lock);
}

/* One session of this thread that is still open, with a hold; NULL: none. */
static struct rm_session *take_leftover(DWORD thread)
{
    struct rm_session *found = NULL;
    struct rm_list_node *node;

    AcquireSRWLockExclusive(&sessions_lock);
    for (node = sessions.next; node != &sessions && !found; node = node->next)
    {
        struct rm_session *session = RM_LIST_ENTRY(node, struct rm_session, node);

        if (session->creating_thread == thread && !session->is_closed)
            found = session;
    }
    if (found)
        rm_session_hold(found);
    ReleaseSRWLockExclusive(&sessions_lock);
    return found;
}

static HRESULT WINAPI watch_QueryInterface(IInitializeSpy *iface, REFIID iid, void **out)
{
    if (!out)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IInitializeSpy))
        return E_NOINTERFACE;
    *out = iface;
    IInitializeSpy_AddRef(iface);
    return S_OK;
}

static ULONG WINAPI watch_AddRef(IInitializeSpy *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IInitializeSpy(iface)->refs);
}

static ULONG WINAPI watch_Release(IInitializeSpy *iface)
{
    struct watch *watch = impl_from_IInitializeSpy(iface);
    LONG refs = InterlockedDecrement(&watch->refs);

    if (refs == 0)
    {
        AcquireSRWLockExclusive(&sessions_lock);
        rm_list_remove(&watch->node);
        ReleaseSRWLockExclusive(&sessions_lock);
        rm_free(watch);
        rm_module_release_reference();
    }
    return (ULONG)refs;
}

static HRESULT WINAPI watch_PreInitialize(IInitializeSpy *iface, DWORD apartment, DWORD refs)
{
    (void)iface;
    (void)apartment;
    (void)refs;
    return S_OK;
}

static HRESULT WINAPI watch_PostInitialize(IInitializeSpy *iface, HRESULT hr, DWORD apartment,
                                           DWORD refs)
{
    (void)iface;
    (void)apartment;
    (void)refs;
    return hr;
}

static HRESULT WINAPI watch_PreUninitialize(IInitializeSpy *iface, DWORD refs)
{
    struct watch *watch = impl_from_IInitializeSpy(iface);
    struct rm_session *session;

    if (refs > 1 || watch->is_ending)
        return S_OK;
    watch->is_ending = true; /* what the client releases meanwhile must not end the watch */
    while ((session = take_leftover(watch->thread)) != NULL)
    {
        rm_session_shut_down(session);
        rm_session_unhold(session);
    }
    CoRevokeInitializeSpy(watch->cookie);
    return S_OK;
}

static HRESULT WINAPI watch_PostUninitialize(IInitializeSpy *iface, DWORD refs)
{
    (void)iface;
    (void)refs;
    return S_OK;
}

static const IInitializeSpyVtbl watch_vtbl = {
    watch_QueryInterface, watch_AddRef,          watch_Release,          watch_PreInitialize,
    watch_PostInitialize, watch_PreUninitialize, watch_PostUninitialize,
};

/* The calling thread's watch stays while it looks: only the thread itself ends it. */
static struct watch *find_watch(void)
{
    DWORD thread = GetCurrentThreadId();
    struct watch *found = NULL;
    struct rm_list_node *node;

    AcquireSRWLockExclusive(&sessions_lock);
    for (node = watches.next; node != &watches && !found; node = node->next)
    {
        if (RM_LIST_ENTRY(node, struct watch, node)->thread == thread)
            found = RM_LIST_ENTRY(node, struct watch, node);
    }
    ReleaseSRWLockExclusive(&sessions_lock);
    return found;
}

void rm_leftovers_unwatch(void)
{
    struct watch *watch = find_watch();
    struct rm_session *session;

    if (!watch || watch->is_ending)
        return;
    session = take_leftover(watch->thread);
    if (session)
        rm_session_unhold(session);
    else
        CoRevokeInitializeSpy(watch->cookie);
}

void rm_leftovers_watch(void)
{
    APTTYPEQUALIFIER qualifier;
    struct watch *watch;
    APTTYPE type;

    if (FAILED(CoGetApartmentType(&type, &qualifier)) ||
        (type != APTTYPE_STA && type != APTTYPE_MAINSTA) || find_watch())
        return;
    watch = rm_alloc_zero(1, sizeof(*watch));
    if (!watch)
        return;
    rm_module_add_reference();
    watch->IInitializeSpy_iface.lpVtbl = &watch_vtbl;
    watch->refs = 1;
    watch->thread = GetCurrentThreadId();
    AcquireSRWLockExclusive(&sessions_lock);
    rm_list_append(&watches, &watch->node);
    ReleaseSRWLockExclusive(&sessions_lock);
    CoRegisterInitializeSpy(&watch->IInitializeSpy_iface, &watch->cookie);
    IInitializeSpy_Release(&watch->IInitializeSpy_iface);
}
