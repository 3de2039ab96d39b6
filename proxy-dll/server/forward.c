#include "server/forward.h"

#include "link/activation.h"
#include "link/link.h"
#include "module/memory.h"
#include "server/carried.h"
#include "server/input_variant.h"
#include "session/session.h"

struct rm_input
{
    struct rm_input *next;
    void *block;
    DWORD variants; /* the block holds that many, to be cleared */
};

void *rm_forward_new(size_t size, const struct rm_call_class *call_class,
                     struct rm_session *session, struct rm_group *group, int which)
{
    struct rm_forward *forward = RM_FORWARD_OF(rm_call_new(size, call_class), struct rm_forward);

    if (!forward)
        return NULL;
    forward->session = session;
    forward->which = which;
    forward->group = group;
    forward->call.group = group;
    if (group)
        rm_group_hold(group);
    return forward;
}

/* Takes over the block. */
static bool keep_input(struct rm_forward *forward, void *block, DWORD variants)
{
    struct rm_input *input = block ? rm_alloc_zero(1, sizeof(*input)) : NULL;

    if (!input)
    {
        rm_free(block);
        forward->status = E_OUTOFMEMORY;
        return false;
    }
    input->block = block;
    input->variants = variants;
    input->next = forward->inputs;
    forward->inputs = input;
    return true;
}

WCHAR *rm_forward_text(struct rm_forward *forward, const WCHAR *text)
{
    WCHAR *copy;

    if (!text)
        return NULL;
    copy = rm_wcsdup(text);
    return keep_input(forward, copy, 0) ? copy : NULL;
}

void *rm_forward_array(struct rm_forward *forward, const void *array, DWORD count, size_t size)
{
    void *copy = NULL;

    /* A pointer is needed even for no elements: the parameters are references. */
    if (count <= RM_ELEMENTS_MAX)
        copy = rm_alloc_zero(count ? count : 1, size);
    if (copy && count)
        memcpy(copy, array, count * size);
    return keep_input(forward, copy, 0) ? copy : NULL;
}

void *rm_forward_texts(struct rm_forward *forward, const LPCWSTR *array, DWORD count)
{
    LPCWSTR *copies = rm_forward_array(forward, array, count, sizeof(*copies));

    for (DWORD i = 0; copies && i < count && SUCCEEDED(forward->status); i++)
        copies[i] = rm_forward_text(forward, array[i]);
    return copies;
}

static void arrive(struct rm_call *call)
{
    struct rm_forward *forward = RM_FORWARD_OF(call, struct rm_forward);

    rm_carried_unpack(forward->carried);
    for (DWORD i = 0; forward->carried && i < forward->vqt_count; i++)
        forward->vqts[i].vDataValue = forward->vqt_values[i];
}

VARIANT *rm_forward_variants(struct rm_forward *forward, VARIANT *array, DWORD count)
{
    VARIANT *copies = NULL;

    if (count <= RM_ELEMENTS_MAX)
        copies = rm_alloc_zero(count ? count : 1, sizeof(*copies)); /* zero is VT_EMPTY */
    if (!keep_input(forward, copies, count))
        return NULL;
    forward->call.arrive = arrive;
    for (DWORD i = 0; i < count; i++)
    {
        HRESULT hr = rm_input_variant_copy(&copies[i], &array[i], &forward->carried);

        if (FAILED(hr))
        {
            forward->status = hr;
            break;
        }
    }
    return copies;
}

OPCITEMVQT *rm_forward_vqts(struct rm_forward *forward, const OPCITEMVQT *array, DWORD count)
{
    OPCITEMVQT *copies = rm_forward_array(forward, array, count, sizeof(*array));
    VARIANT *values = copies ? rm_alloc_zero(count, sizeof(*values)) : NULL;
    const VARIANT *owned;

    if (!values)
    {
        forward->status = E_OUTOFMEMORY;
        return NULL;
    }
    for (DWORD i = 0; i < count; i++)
        values[i] = array[i].vDataValue;
    owned = rm_forward_variants(forward, values, count);
    for (DWORD i = 0; owned && i < count; i++)
        copies[i].vDataValue = owned[i];
    forward->vqts = copies;
    forward->vqt_values = owned;
    forward->vqt_count = owned ? count : 0;
    rm_free(values);
    return copies;
}

HRESULT rm_forward_execute(struct rm_forward *forward)
{
    HRESULT hr;

    if (FAILED(forward->status))
        return forward->status;
    hr = rm_call_execute(forward->session, &forward->call);
    if (rm_call_is_answered(&forward->call))
        rm_carried_unpack(forward->brought);
    return hr;
}

/* An object that can't be brought is none: the client gets its place with nothing in it. */
void rm_forward_bring(struct rm_forward *forward, VARIANT *values, DWORD count, size_t stride)
{
    if (!values || !rm_call_is_pumping(&forward->call))
        return;
    for (DWORD i = 0; i < count; i++)
        rm_carried_pack(&forward->brought, (VARIANT *)(void *)((BYTE *)values + i * stride));
}

bool rm_forward_has_results(const struct rm_forward *forward, HRESULT hr)
{
    return SUCCEEDED(hr) && hr != RM_CALL_REPEAT && rm_call_is_answered(&forward->call);
}

HRESULT rm_forward_prepare(struct rm_call *call, struct rm_link *link)
{
    struct rm_forward *forward = RM_FORWARD_OF(call, struct rm_forward);

    if (forward->group)
        forward->real =
            rm_link_take_group(link, forward->group, (enum rm_group_interface)forward->which);
    else
        forward->real = rm_link_take(link, (enum rm_server_interface)forward->which);
    if (forward->real)
        return S_OK;
    if (!forward->group || !forward->group->is_removed)
        rm_link_tell_missing(link, forward->group != NULL, forward->which);
    return E_FAIL;
}

void rm_forward_drop(struct rm_forward *forward)
{
    IUnknown *real = forward->real;

    forward->real = NULL;
    rm_carried_release(forward->carried);
    if (real)
        IUnknown_Release(real);
}

void rm_forward_destroy(struct rm_call *call)
{
    struct rm_forward *forward = RM_FORWARD_OF(call, struct rm_forward);

    rm_forward_drop(forward);
    rm_carried_free(forward->carried);
    rm_carried_free(forward->brought);
    while (forward->inputs)
    {
        struct rm_input *input = forward->inputs;

        forward->inputs = input->next;
        rm_input_variants_clear(input->block, input->variants);
        rm_free(input->block);
        rm_free(input);
    }
    if (forward->group)
        rm_group_unhold(forward->group);
}

void rm_forward_secure(const struct rm_link *link, IUnknown *proxy)
{
    if (proxy && !link->session->is_integrity_refused[link->machine - 1])
        rm_secure_proxy(&rm_activation_system, proxy);
}

void rm_free_strings(WCHAR **array, DWORD count)
{
    for (DWORD i = 0; array && i < count; i++)
        CoTaskMemFree(array[i]);
    CoTaskMemFree(array);
}

void rm_free_variants(VARIANT *array, DWORD count)
{
    for (DWORD i = 0; array && i < count; i++)
        VariantClear(&array[i]);
    CoTaskMemFree(array);
}
