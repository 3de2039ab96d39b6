#include "enumerator/enum_groups.h"

#include "call/hresult_class.h"
#include "enumerator/com_object.h"
#include "group/group_object.h"
#include "module/memory.h"

struct enum_groups
{
    IEnumUnknown IEnumUnknown_iface;
    struct rm_com_object object;
    ULONG count;
    volatile LONG position;
    struct rm_group *groups[];
};

static struct enum_groups *impl_from_IEnumUnknown(IEnumUnknown *iface)
{
    return CONTAINING_RECORD(iface, struct enum_groups, IEnumUnknown_iface);
}

static void destroy_enum_groups(struct rm_com_object *object)
{
    struct enum_groups *enumerator = CONTAINING_RECORD(object, struct enum_groups, object);

    for (ULONG i = 0; i < enumerator->count; i++)
        rm_group_unhold(enumerator->groups[i]);
    rm_free(enumerator);
}

static HRESULT STDMETHODCALLTYPE enum_groups_QueryInterface(IEnumUnknown *iface, REFIID iid,
                                                            void **out)
{
    return rm_com_object_query(&impl_from_IEnumUnknown(iface)->object, iid, out);
}

static ULONG STDMETHODCALLTYPE enum_groups_AddRef(IEnumUnknown *iface)
{
    return rm_com_object_add_ref(&impl_from_IEnumUnknown(iface)->object);
}

static ULONG STDMETHODCALLTYPE enum_groups_Release(IEnumUnknown *iface)
{
    return rm_com_object_release(&impl_from_IEnumUnknown(iface)->object);
}

static HRESULT STDMETHODCALLTYPE enum_groups_Next(IEnumUnknown *iface, ULONG count,
                                                  IUnknown **groups, ULONG *fetched)
{
    struct enum_groups *enumerator = impl_from_IEnumUnknown(iface);
    ULONG position = (ULONG)enumerator->position;
    ULONG left = enumerator->count - position;
    ULONG given = count < left ? count : left;

    if (fetched)
        *fetched = 0;
    if (!groups) /* fetched may be NULL with any count: the system's proxies have it so */
        return RM_HRESULT_NULL_REF;
    for (ULONG i = 0; i < given; i++)
    {
        struct rm_group *group = enumerator->groups[position + i];

        rm_group_object_add_ref(group);
        groups[i] = (IUnknown *)&group->IOPCGroupStateMgt2_iface;
    }
    enumerator->position = (LONG)(position + given);
    if (fetched)
        *fetched = given;
    return given == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_groups_Skip(IEnumUnknown *iface, ULONG count)
{
    struct enum_groups *enumerator = impl_from_IEnumUnknown(iface);
    ULONG left = enumerator->count - (ULONG)enumerator->position;
    ULONG skipped = count < left ? count : left;

    enumerator->position += (LONG)skipped;
    return skipped == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE enum_groups_Reset(IEnumUnknown *iface)
{
    impl_from_IEnumUnknown(iface)->position = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE enum_groups_Clone(IEnumUnknown *iface, IEnumUnknown **clone)
{
    struct enum_groups *enumerator = impl_from_IEnumUnknown(iface);
    HRESULT hr;

    if (!clone)
        return RM_HRESULT_NULL_REF;
    hr = rm_enum_groups_new(enumerator->groups, enumerator->count, clone);
    if (SUCCEEDED(hr))
        impl_from_IEnumUnknown(*clone)->position = enumerator->position;
    return hr;
}

static const IEnumUnknownVtbl enum_groups_vtbl = {
    enum_groups_QueryInterface, enum_groups_AddRef, enum_groups_Release, enum_groups_Next,
    enum_groups_Skip,           enum_groups_Reset,  enum_groups_Clone,
};

HRESULT rm_enum_groups_new(struct rm_group *const *groups, ULONG count,
                           IEnumUnknown **enumerator_out)
{
    struct enum_groups *enumerator =
        rm_alloc_zero(1, sizeof(*enumerator) + (size_t)count * sizeof(enumerator->groups[0]));
    HRESULT hr;

    *enumerator_out = NULL;
    if (!enumerator)
        return E_OUTOFMEMORY;
    enumerator->IEnumUnknown_iface.lpVtbl = &enum_groups_vtbl;
    hr = rm_com_object_init(&enumerator->object, &enumerator->IEnumUnknown_iface, &IID_IEnumUnknown,
                            destroy_enum_groups);
    if (FAILED(hr))
    {
        rm_free(enumerator);
        return hr;
    }
    for (ULONG i = 0; i < count; i++)
    {
        rm_group_hold(groups[i]);
        enumerator->groups[i] = groups[i];
    }
    enumerator->count = count;
    *enumerator_out = &enumerator->IEnumUnknown_iface;
    return S_OK;
}
