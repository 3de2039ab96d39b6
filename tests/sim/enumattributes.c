#include "difficulty.h"
#include "enumattributes.h"
#include "gate.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

struct row
{
    const struct sim_item *item;
    wchar_t *access_path;
    DWORD client_handle;
    DWORD server_handle;
    VARTYPE requested;
    bool is_active;
};

/* Shared by an enumerator and its clones. */
struct snapshot
{
    LONG refs;
    ULONG count;
    struct row rows[];
};

struct enum_attributes
{
    IEnumOPCItemAttributes IEnumOPCItemAttributes_iface;
    LONG refs;
    struct snapshot *snapshot;
    SRWLOCK lock; /* protects the position */
    ULONG position;
};

static void release_snapshot(struct snapshot *snapshot)
{
    if (InterlockedDecrement(&snapshot->refs) == 0)
    {
        for (ULONG i = 0; i < snapshot->count; i++)
        {
            free(snapshot->rows[i].access_path);
        }
        free(snapshot);
    }
}

static struct enum_attributes *impl_from_iface(IEnumOPCItemAttributes *iface)
{
    return CONTAINING_RECORD(iface, struct enum_attributes, IEnumOPCItemAttributes_iface);
}

static HRESULT STDMETHODCALLTYPE attributes_QueryInterface(IEnumOPCItemAttributes *iface,
                                                           REFIID iid, void **object)
{
    if (object == NULL)
    {
        return E_POINTER;
    }
    *object = NULL;
    if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IEnumOPCItemAttributes))
    {
        return E_NOINTERFACE;
    }
    IEnumOPCItemAttributes_AddRef(iface);
    *object = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE attributes_AddRef(IEnumOPCItemAttributes *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_iface(iface)->refs);
}

static ULONG STDMETHODCALLTYPE attributes_Release(IEnumOPCItemAttributes *iface)
{
    struct enum_attributes *enumerator = impl_from_iface(iface);
    sim_gate_enter(SIM_IUnknown_Release);
    ULONG refs = (ULONG)InterlockedDecrement(&enumerator->refs);
    if (refs == 0)
    {
        release_snapshot(enumerator->snapshot);
        free(enumerator);
    }
    return refs;
}

static void fill(OPCITEMATTRIBUTES *attributes, const struct row *row)
{
    *attributes = (OPCITEMATTRIBUTES){
        .szAccessPath = sim_text_task_copy(row->access_path),
        .szItemID = sim_text_task_copy(row->item->node->id),
        .bActive = row->is_active,
        .hClient = row->client_handle,
        .hServer = row->server_handle,
        .dwAccessRights = row->item->rights,
        .vtRequestedDataType = row->requested,
        .vtCanonicalDataType = row->item->type,
        .dwEUType = (OPCEUTYPE)row->item->eu,
    };
    sim_device_eu_info(row->item, &attributes->vEUInfo);
}

static HRESULT STDMETHODCALLTYPE attributes_Next(IEnumOPCItemAttributes *iface, ULONG count,
                                                 OPCITEMATTRIBUTES **items, ULONG *fetched)
{
    struct enum_attributes *enumerator = impl_from_iface(iface);
    if (items == NULL || fetched == NULL)
    {
        return E_INVALIDARG;
    }
    *items = NULL;
    *fetched = 0;
    SIM_ENTER(IEnum_Next);
    const struct snapshot *snapshot = enumerator->snapshot;
    AcquireSRWLockExclusive(&enumerator->lock);
    ULONG first = enumerator->position;
    ULONG left = snapshot->count - first;
    ULONG taken = count < left ? count : left;
    enumerator->position += taken;
    ReleaseSRWLockExclusive(&enumerator->lock);
    if (taken == 0)
    {
        return count == 0 ? S_OK : S_FALSE;
    }
    OPCITEMATTRIBUTES *array = CoTaskMemAlloc(taken * sizeof(*array));
    if (array == NULL)
    {
        return E_OUTOFMEMORY;
    }
    for (ULONG i = 0; i < taken; i++)
    {
        fill(&array[i], &snapshot->rows[first + i]);
    }
    *items = array;
    *fetched = taken;
    return taken == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE attributes_Skip(IEnumOPCItemAttributes *iface, ULONG count)
{
    struct enum_attributes *enumerator = impl_from_iface(iface);
    SIM_ENTER(IEnum_Skip);
    AcquireSRWLockExclusive(&enumerator->lock);
    ULONG left = enumerator->snapshot->count - enumerator->position;
    enumerator->position += count < left ? count : left;
    ReleaseSRWLockExclusive(&enumerator->lock);
    return count <= left ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE attributes_Reset(IEnumOPCItemAttributes *iface)
{
    struct enum_attributes *enumerator = impl_from_iface(iface);
    SIM_ENTER(IEnum_Reset);
    AcquireSRWLockExclusive(&enumerator->lock);
    enumerator->position = 0;
    ReleaseSRWLockExclusive(&enumerator->lock);
    return S_OK;
}

static HRESULT create(struct snapshot *snapshot, ULONG position, IEnumOPCItemAttributes **object);

static HRESULT STDMETHODCALLTYPE attributes_Clone(IEnumOPCItemAttributes *iface,
                                                  IEnumOPCItemAttributes **clone)
{
    struct enum_attributes *enumerator = impl_from_iface(iface);
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

static const IEnumOPCItemAttributesVtbl attributes_vtable = {
    attributes_QueryInterface, attributes_AddRef, attributes_Release, attributes_Next,
    attributes_Skip,           attributes_Reset,  attributes_Clone,
};

/* Takes the caller's reference on the snapshot, also when it fails. */
static HRESULT create(struct snapshot *snapshot, ULONG position, IEnumOPCItemAttributes **object)
{
    struct enum_attributes *enumerator = calloc(1, sizeof(*enumerator));
    if (enumerator == NULL)
    {
        release_snapshot(snapshot);
        return E_OUTOFMEMORY;
    }
    enumerator->IEnumOPCItemAttributes_iface.lpVtbl = &attributes_vtable;
    enumerator->refs = 1;
    enumerator->snapshot = snapshot;
    enumerator->position = position;
    InitializeSRWLock(&enumerator->lock);
    *object = &enumerator->IEnumOPCItemAttributes_iface;
    return S_OK;
}

/* The group's lock is held. */
static void copy_rows(struct snapshot *snapshot, const struct sim_group *group)
{
    for (DWORD i = 0; i < group->item_places; i++)
    {
        const struct sim_group_item *item = &group->items[i];
        if (item->item == NULL)
        {
            continue;
        }
        snapshot->rows[snapshot->count++] = (struct row){
            .item = item->item,
            .access_path = item->access_path != NULL ? sim_text_copy(item->access_path) : NULL,
            .client_handle = item->client_handle,
            .server_handle = item->server_handle,
            .requested = item->requested,
            .is_active = item->is_active,
        };
    }
}

HRESULT sim_enum_attributes_create(struct sim_group *group, IUnknown **object)
{
    *object = NULL;
    AcquireSRWLockShared(&group->lock);
    DWORD count = group->item_count;
    struct snapshot *snapshot = malloc(sizeof(*snapshot) + count * sizeof(snapshot->rows[0]));
    if (snapshot != NULL)
    {
        snapshot->refs = 1;
        snapshot->count = 0;
        copy_rows(snapshot, group);
    }
    ReleaseSRWLockShared(&group->lock);
    if (snapshot == NULL)
    {
        return E_OUTOFMEMORY;
    }
    if (count == 0 && !sim_difficulty_is_other_dialect())
    {
        release_snapshot(snapshot);
        return S_FALSE;
    }
    HRESULT result = create(snapshot, 0, (IEnumOPCItemAttributes **)object);
    return SUCCEEDED(result) && count == 0 ? S_FALSE : result;
}
