#include "enumerators.h"
#include "gate.h"
#include "text.h"

#include <stdlib.h>

/* Strings or interface pointers, shared by an enumerator and its clones. */
struct snapshot
{
    LONG refs;
    const IID *iid;
    DWORD cookie; /* of a connection */
    ULONG count;
    void *elements[];
};

/* All four interfaces have the same slots: they differ in the element's copy only. So one table of
 * methods, that of IEnumUnknown, serves them all. */
struct enumerator
{
    IEnumUnknown IEnumUnknown_iface;
    LONG refs;
    struct snapshot *snapshot;
    SRWLOCK lock; /* protects the position */
    ULONG position;
};

static bool is_of_strings(const struct snapshot *snapshot)
{
    return IsEqualIID(snapshot->iid, &IID_IEnumString);
}

static void release_snapshot(struct snapshot *snapshot)
{
    if (InterlockedDecrement(&snapshot->refs) > 0)
    {
        return;
    }
    for (ULONG i = 0; i < snapshot->count; i++)
    {
        if (is_of_strings(snapshot))
        {
            free(snapshot->elements[i]);
        }
        else
        {
            IUnknown_Release((IUnknown *)snapshot->elements[i]);
        }
    }
    free(snapshot);
}

static void *copy_out(const struct snapshot *snapshot, ULONG i)
{
    if (is_of_strings(snapshot))
    {
        return sim_text_task_copy(snapshot->elements[i]);
    }
    IUnknown_AddRef((IUnknown *)snapshot->elements[i]);
    return snapshot->elements[i];
}

/* Element `i` as the `at`-th of the caller's array. */
static void put(const struct snapshot *snapshot, ULONG i, void *elements, ULONG at)
{
    void *copy = copy_out(snapshot, i);
    if (IsEqualIID(snapshot->iid, &IID_IEnumConnections))
    {
        ((CONNECTDATA *)elements)[at] = (CONNECTDATA){copy, snapshot->cookie};
        return;
    }
    ((void **)elements)[at] = copy;
}

static void *copy_in(const struct snapshot *snapshot, const void *element)
{
    if (is_of_strings(snapshot))
    {
        return sim_text_copy(element);
    }
    union
    {
        const void *given;
        IUnknown *object;
    } source = {.given = element};
    IUnknown_AddRef(source.object);
    return source.object;
}

static struct enumerator *impl_from_IEnumUnknown(IEnumUnknown *iface)
{
    return CONTAINING_RECORD(iface, struct enumerator, IEnumUnknown_iface);
}

static HRESULT STDMETHODCALLTYPE enumerator_QueryInterface(IEnumUnknown *iface, REFIID riid,
                                                           void **object)
{
    struct enumerator *enumerator = impl_from_IEnumUnknown(iface);
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    if (!IsEqualIID(riid, &IID_IUnknown) && !IsEqualIID(riid, enumerator->snapshot->iid))
    {
        return E_NOINTERFACE;
    }
    IEnumUnknown_AddRef(iface);
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE enumerator_AddRef(IEnumUnknown *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IEnumUnknown(iface)->refs);
}

static ULONG STDMETHODCALLTYPE enumerator_Release(IEnumUnknown *iface)
{
    struct enumerator *enumerator = impl_from_IEnumUnknown(iface);
    sim_gate_enter(SIM_IUnknown_Release);
    ULONG refs = (ULONG)InterlockedDecrement(&enumerator->refs);
    if (refs == 0)
    {
        release_snapshot(enumerator->snapshot);
        free(enumerator);
    }
    return refs;
}

static HRESULT STDMETHODCALLTYPE enumerator_Next(IEnumUnknown *iface, ULONG count,
                                                 IUnknown **elements, ULONG *fetched)
{
    struct enumerator *enumerator = impl_from_IEnumUnknown(iface);
    ULONG delivered = 0;
    if (fetched != NULL)
    {
        *fetched = 0;
    }
    if (elements == NULL || (fetched == NULL && count != 1))
    {
        return E_INVALIDARG;
    }
    SIM_ENTER(IEnum_Next);
    AcquireSRWLockExclusive(&enumerator->lock);
    while (delivered < count && enumerator->position < enumerator->snapshot->count)
    {
        put(enumerator->snapshot, enumerator->position++, elements, delivered++);
    }
    ReleaseSRWLockExclusive(&enumerator->lock);
    if (fetched != NULL)
    {
        *fetched = delivered;
    }
    return delivered == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enumerator_Skip(IEnumUnknown *iface, ULONG count)
{
    struct enumerator *enumerator = impl_from_IEnumUnknown(iface);
    SIM_ENTER(IEnum_Skip);
    AcquireSRWLockExclusive(&enumerator->lock);
    ULONG left = enumerator->snapshot->count - enumerator->position;
    enumerator->position += count < left ? count : left;
    ReleaseSRWLockExclusive(&enumerator->lock);
    return count <= left ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enumerator_Reset(IEnumUnknown *iface)
{
    struct enumerator *enumerator = impl_from_IEnumUnknown(iface);
    SIM_ENTER(IEnum_Reset);
    AcquireSRWLockExclusive(&enumerator->lock);
    enumerator->position = 0;
    ReleaseSRWLockExclusive(&enumerator->lock);
    return S_OK;
}

static HRESULT create(struct snapshot *snapshot, ULONG position, IEnumUnknown **object);

static HRESULT STDMETHODCALLTYPE enumerator_Clone(IEnumUnknown *iface, IEnumUnknown **clone)
{
    struct enumerator *enumerator = impl_from_IEnumUnknown(iface);
    if (clone == NULL)
    {
        return E_POINTER;
    }
    *clone = NULL;
    SIM_ENTER(IEnum_Clone);
    InterlockedIncrement(&enumerator->snapshot->refs);
    AcquireSRWLockShared(&enumerator->lock);
    ULONG position = enumerator->position;
    ReleaseSRWLockShared(&enumerator->lock);
    return create(enumerator->snapshot, position, clone);
}

static const IEnumUnknownVtbl enumerator_vtable = {
    enumerator_QueryInterface, enumerator_AddRef, enumerator_Release, enumerator_Next,
    enumerator_Skip,           enumerator_Reset,  enumerator_Clone,
};

/* Takes the caller's reference on the snapshot, also when it fails. */
static HRESULT create(struct snapshot *snapshot, ULONG position, IEnumUnknown **object)
{
    struct enumerator *enumerator = calloc(1, sizeof(*enumerator));
    if (enumerator == NULL)
    {
        release_snapshot(snapshot);
        return E_OUTOFMEMORY;
    }
    enumerator->IEnumUnknown_iface.lpVtbl = &enumerator_vtable;
    enumerator->refs = 1;
    enumerator->snapshot = snapshot;
    enumerator->position = position;
    InitializeSRWLock(&enumerator->lock);
    *object = &enumerator->IEnumUnknown_iface;
    return S_OK;
}

static HRESULT create_from(const IID *iid, DWORD cookie, const void *const *elements, ULONG count,
                           IUnknown **object)
{
    *object = NULL;
    struct snapshot *snapshot = malloc(sizeof(*snapshot) + count * sizeof(snapshot->elements[0]));
    if (snapshot == NULL)
    {
        return E_OUTOFMEMORY;
    }
    snapshot->refs = 1;
    snapshot->iid = iid;
    snapshot->cookie = cookie;
    snapshot->count = 0;
    while (snapshot->count < count)
    {
        void *copy = copy_in(snapshot, elements[snapshot->count]);
        if (copy == NULL)
        {
            release_snapshot(snapshot);
            return E_OUTOFMEMORY;
        }
        snapshot->elements[snapshot->count++] = copy;
    }
    return create(snapshot, 0, (IEnumUnknown **)object);
}

HRESULT sim_enumerator_create_strings(const wchar_t *const *strings, ULONG count,
                                      IUnknown **enumerator)
{
    return create_from(&IID_IEnumString, 0, (const void *const *)strings, count, enumerator);
}

HRESULT sim_enumerator_create_objects(const IID *iid, IUnknown *const *objects, ULONG count,
                                      IUnknown **enumerator)
{
    return create_from(iid, 0, (const void *const *)objects, count, enumerator);
}

HRESULT sim_enumerator_create_connections(const CONNECTDATA *connection, IUnknown **enumerator)
{
    const void *sink = connection->pUnk;
    return create_from(&IID_IEnumConnections, connection->dwCookie, &sink, sink != NULL ? 1 : 0,
                       enumerator);
}
