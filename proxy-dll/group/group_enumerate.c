#include <stdlib.h>

#include "enumerator/item_attributes.h"
#include "group/group_methods.h"
#include "link/link.h"
#include "module/memory.h"
#include "server/forward.h"
#include "session/session.h"

struct enumerate_call
{
    struct rm_forward forward;
    struct rm_item_attributes *attributes;
    bool is_cut;  /* memory ran out after the server had answered */
    bool is_void; /* the link ended before its handles could be translated */
};

static HRESULT run_enumerate(struct rm_call *call, struct rm_link *link)
{
    struct enumerate_call *enumerate = RM_FORWARD_OF(call, struct enumerate_call);
    HRESULT hr = rm_item_attributes_fetch(link, (IOPCItemMgt *)enumerate->forward.real,
                                          &enumerate->attributes);

    rm_forward_drop(&enumerate->forward);
    return hr;
}

struct handle_pair
{
    OPCHANDLE real, ours;
};

static int compare_pairs(const void *left, const void *right)
{
    OPCHANDLE one = ((const struct handle_pair *)left)->real;
    OPCHANDLE other = ((const struct handle_pair *)right)->real;

    return one < other ? -1 : one > other;
}

/* All items of the link's group by the server's handle. NULL: no memory. */
static struct handle_pair *sort_handles(const struct rm_group *group,
                                        const struct rm_link_group *link_group, size_t *count)
{
    struct handle_pair *pairs =
        rm_alloc_zero(link_group->item_slots ? link_group->item_slots : 1, sizeof(*pairs));

    *count = 0;
    for (DWORD slot = 0; pairs && slot < link_group->item_slots; slot++)
    {
        const struct rm_link_item *link_item = &link_group->items[slot];
        const struct rm_item *item = &group->items[slot];

        if (link_item->state != RM_LINK_ITEM_ADDED || !item->is_used ||
            item->handle != link_item->handle)
            continue;
        pairs[*count].real = link_group->added[slot].real;
        pairs[(*count)++].ours = item->handle;
    }
    if (pairs)
        qsort(pairs, *count, sizeof(*pairs), compare_pairs);
    return pairs;
}

/* Items that the client has added but this machine has not got are there for the client
 * nevertheless. false: no memory. */
static bool append_missing(struct rm_item_attributes *attributes, struct rm_group *group,
                           struct rm_link_group *link_group)
{
    for (DWORD slot = 0; slot < group->item_slots; slot++)
    {
        const struct rm_item *item = &group->items[slot];
        const struct rm_link_item *link_item =
            item->is_used && link_group ? rm_link_item_of(link_group, group, item) : NULL;

        if (!item->is_used || (link_item && link_item->state == RM_LINK_ITEM_ADDED))
            continue;
        if (!rm_item_attributes_append(attributes, item))
            return false;
    }
    return true;
}

/* The server's handles become ours; items that we don't know are none of the client's. */
static void record_enumerate(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct enumerate_call *enumerate = RM_FORWARD_OF(call, struct enumerate_call);
    struct rm_group *group = enumerate->forward.group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);
    struct rm_item_attributes *attributes = enumerate->attributes;
    struct handle_pair *pairs;
    size_t count;
    DWORD kept = 0;

    if (FAILED(hr))
        return;
    enumerate->is_void = !link_group;
    pairs = link_group ? sort_handles(group, link_group, &count) : NULL;
    for (DWORD i = 0; i < attributes->count; i++)
    {
        struct handle_pair wanted = {attributes->elements[i].hServer, 0};
        const struct handle_pair *found =
            pairs ? bsearch(&wanted, pairs, count, sizeof(*pairs), compare_pairs) : NULL;

        if (found)
        {
            OPCITEMATTRIBUTES element = attributes->elements[i];

            element.hServer = found->ours;
            attributes->elements[i] = attributes->elements[kept];
            attributes->elements[kept++] = element;
        }
    }
    rm_free(pairs);
    rm_item_attributes_cut(attributes, kept);
    enumerate->is_cut = !append_missing(attributes, group, link_group);
}

static void destroy_enumerate(struct rm_call *call)
{
    rm_item_attributes_release(RM_FORWARD_OF(call, struct enumerate_call)->attributes);
    rm_forward_destroy(call);
}

static const struct rm_call_class enumerate_class = {
    .name = "IOPCItemMgt::CreateEnumerator",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = rm_forward_prepare,
    .run = run_enumerate,
    .record = record_enumerate,
    .destroy = destroy_enumerate,
};

HRESULT rm_group_enumerate_once(struct rm_group *group, IUnknown **enumerator_out)
{
    struct enumerate_call *enumerate = rm_forward_new(sizeof(*enumerate), &enumerate_class,
                                                      group->session, group, RM_GROUP_ITEM_MGT);
    HRESULT hr;

    if (!enumerate)
        return E_OUTOFMEMORY;
    hr = rm_forward_execute(&enumerate->forward);
    if (enumerate->is_void)
        hr = RM_CALL_REPEAT;
    else if (rm_forward_has_results(&enumerate->forward, hr) && enumerate->is_cut)
        hr = E_OUTOFMEMORY;
    /* A server that has none of the items says that there are none. */
    else if (rm_forward_has_results(&enumerate->forward, hr) && enumerate->attributes->count)
        hr = S_OK;
    if (!enumerate->is_void && rm_forward_has_results(&enumerate->forward, hr) &&
        (hr == S_OK || enumerate->attributes->has_object))
    {
        IEnumOPCItemAttributes *enumerator;
        HRESULT made = rm_enum_item_attributes_new(enumerate->attributes, 0, &enumerator);

        *enumerator_out = (IUnknown *)enumerator;
        hr = FAILED(made) ? made : hr;
    }
    rm_call_release(&enumerate->forward.call);
    return hr;
}
