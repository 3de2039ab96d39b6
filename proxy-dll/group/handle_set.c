#include "group/handle_set.h"

#include <opc/opcerror.h>

#include "link/link.h"
#include "module/memory.h"
#include "server/forward.h"
#include "session/shadow.h"

HRESULT rm_handle_set_init(struct rm_handle_set *set, DWORD count, const OPCHANDLE *handles)
{
    memset(set, 0, sizeof(*set));
    if (count > RM_ELEMENTS_MAX)
        return E_OUTOFMEMORY;
    set->ours = rm_realloc(NULL, count, 4 * sizeof(*set->ours)); /* the rest is for resolve */
    if (!set->ours)
        return E_OUTOFMEMORY;
    set->count = count;
    set->real = set->ours + count;
    set->positions = set->real + count;
    set->early = (HRESULT *)(set->positions + count);
    if (count)
        memcpy(set->ours, handles, count * sizeof(*handles));
    return S_OK;
}

void rm_handle_set_clear(struct rm_handle_set *set)
{
    rm_free(set->ours);
    memset(set, 0, sizeof(*set));
}

/* Why an item of the client's can't be sent to the machine. */
static HRESULT early_error(struct rm_link_group *link_group, struct rm_group *group, DWORD handle)
{
    const struct rm_item *item = rm_group_find_item(group, handle);
    const struct rm_link_item *link_item =
        item && link_group ? rm_link_item_of(link_group, group, item) : NULL;

    if (!item)
        return OPC_E_INVALIDHANDLE;
    return link_item && FAILED(link_item->status) ? link_item->status : E_FAIL;
}

void rm_handle_set_resolve(struct rm_handle_set *set, struct rm_group *group, struct rm_link *link)
{
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    set->sent_count = 0;
    set->is_expanded = false;
    for (DWORD i = 0; i < set->count; i++)
    {
        const struct rm_added_item *added =
            link_group ? rm_link_added_item(link_group, group, set->ours[i]) : NULL;

        if (!added)
        {
            set->early[i] = early_error(link_group, group, set->ours[i]);
            continue;
        }
        set->early[i] = S_OK;
        set->real[set->sent_count] = added->real;
        set->positions[set->sent_count++] = i;
    }
}

void rm_handle_set_accept_known(struct rm_handle_set *set, struct rm_group *group)
{
    for (DWORD i = 0; i < set->count; i++)
    {
        if (FAILED(set->early[i]) && rm_group_find_item(group, set->ours[i]))
            set->early[i] = S_OK;
    }
}

void *rm_handle_set_gather(const struct rm_handle_set *set, void *array, size_t element_size,
                           void **temporary)
{
    BYTE *gathered;

    *temporary = NULL;
    if (set->sent_count == set->count)
        return array;
    gathered = rm_alloc_zero(set->sent_count ? set->sent_count : 1, element_size);
    if (!gathered)
        return NULL;
    for (DWORD i = 0; i < set->sent_count; i++)
        memcpy(gathered + i * element_size, (BYTE *)array + set->positions[i] * element_size,
               element_size);
    *temporary = gathered;
    return gathered;
}

static bool has_early_failure(const struct rm_handle_set *set)
{
    for (DWORD i = 0; i < set->count; i++)
    {
        if (set->early[i] != S_OK)
            return true;
    }
    return false;
}

/* The server's elements where the client expects them; zero where nothing was sent. */
static void *spread(const struct rm_handle_set *set, const void *sent, size_t element_size)
{
    BYTE *all = CoTaskMemAlloc(set->count * element_size);

    if (!all)
        return NULL;
    memset(all, 0, set->count * element_size);
    for (DWORD i = 0; i < set->sent_count; i++)
        memcpy(all + set->positions[i] * element_size, (const BYTE *)sent + i * element_size,
               element_size);
    return all;
}

static HRESULT *spread_errors(const struct rm_handle_set *set, const HRESULT *sent)
{
    HRESULT *all = CoTaskMemAlloc(set->count * sizeof(*all));

    if (!all)
        return NULL;
    memcpy(all, set->early, set->count * sizeof(*all));
    for (DWORD i = 0; i < set->sent_count; i++)
        all[set->positions[i]] = sent[i];
    return all;
}

/* Arrays of the server are replaced by larger ones together, or not at all: how many elements of
 * them there are to be freed is told by is_expanded alone. */
static bool replace_arrays(struct rm_handle_set *set, struct rm_result_array *arrays,
                           unsigned array_count, HRESULT **errors)
{
    HRESULT *all_errors = spread_errors(set, *errors);
    void *all[RM_RESULT_ARRAYS_MAX] = {NULL};
    bool is_fine = all_errors != NULL;
    unsigned i;

    for (i = 0; i < array_count; i++)
    {
        all[i] = spread(set, arrays[i].block, arrays[i].element_size);
        is_fine = is_fine && all[i];
    }
    for (i = 0; i < array_count; i++)
    {
        CoTaskMemFree(is_fine ? arrays[i].block : all[i]);
        if (is_fine)
            arrays[i].block = all[i];
    }
    CoTaskMemFree(is_fine ? *errors : all_errors);
    if (is_fine)
        *errors = all_errors;
    set->is_expanded = is_fine;
    return is_fine;
}

HRESULT rm_handle_set_expand_all(struct rm_handle_set *set, HRESULT hr,
                                 struct rm_result_array *arrays, unsigned array_count,
                                 HRESULT **errors)
{
    if (FAILED(hr))
        return hr;
    if (set->sent_count && !*errors)
        return E_FAIL; /* the arrays are part of a success */
    for (unsigned i = 0; set->sent_count && i < array_count; i++)
    {
        if (!arrays[i].block)
            return E_FAIL;
    }
    if (set->sent_count == set->count)
        return hr;
    if (!replace_arrays(set, arrays, array_count, errors))
        return E_OUTOFMEMORY;
    return has_early_failure(set) ? S_FALSE : hr;
}

HRESULT rm_handle_set_expand(struct rm_handle_set *set, HRESULT hr, void **array,
                             size_t element_size, HRESULT **errors)
{
    struct rm_result_array one = {array ? *array : NULL, element_size};

    hr = rm_handle_set_expand_all(set, hr, &one, array ? 1 : 0, errors);
    if (array)
        *array = one.block;
    return hr;
}

DWORD rm_handle_set_result_count(const struct rm_handle_set *set)
{
    return set->is_expanded ? set->count : set->sent_count;
}

bool rm_handle_set_is_all_early(const struct rm_handle_set *set)
{
    return set->count && !set->sent_count;
}
