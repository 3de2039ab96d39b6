#include "enumerator/browse_string.h"

#include "enumerator/browse_recipe.h"
#include "enumerator/com_object.h"
#include "link/link.h"
#include "module/memory.h"
#include "server/forward.h"
#include "session/session.h"

struct browse_string
{
    IEnumString IEnumString_iface;
    struct rm_com_object object;
    struct rm_session *session; /* held */
    struct rm_browse_recipe *recipe;

    SRWLOCK lock; /* protects the three below */
    struct rm_link *link;
    IEnumString *real; /* NULL: there is nothing to enumerate */
    ULONG position;    /* strings delivered or skipped */
};

enum operation
{
    OPERATION_NEXT,
    OPERATION_SKIP,
    OPERATION_RESET,
    OPERATION_CLONE
};

struct enum_call
{
    struct rm_forward forward; /* real is the enumerator */
    enum operation operation;
    ULONG count;
    LPOLESTR *strings; /* room for count */
    ULONG fetched;
    IEnumString *clone;
};

static HRESULT create(struct rm_session *session, struct rm_browse_recipe *recipe,
                      struct rm_link *link, IEnumString *real, ULONG position,
                      IEnumString **enumerator_out);

static HRESULT run_enum(struct rm_call *call, struct rm_link *link)
{
    struct enum_call *work = RM_FORWARD_OF(call, struct enum_call);
    IEnumString *real = work->forward.real;
    HRESULT hr = E_UNEXPECTED;

    switch (work->operation)
    {
    case OPERATION_NEXT:
        hr = IEnumString_Next(real, work->count, work->strings, &work->fetched);
        if (work->fetched > work->count)
            hr = E_FAIL;
        if (FAILED(hr))
            work->fetched = 0;
        break;
    case OPERATION_SKIP: hr = IEnumString_Skip(real, work->count); break;
    case OPERATION_RESET: hr = IEnumString_Reset(real); break;
    case OPERATION_CLONE:
        hr = IEnumString_Clone(real, &work->clone);
        if (SUCCEEDED(hr) && !work->clone)
            hr = E_FAIL;
        if (SUCCEEDED(hr))
            rm_forward_secure(link, (IUnknown *)work->clone);
        break;
    }
    rm_forward_drop(&work->forward);
    return hr;
}

static void destroy_enum(struct rm_call *call)
{
    struct enum_call *work = RM_FORWARD_OF(call, struct enum_call);

    for (ULONG i = 0; i < work->fetched; i++)
        CoTaskMemFree(work->strings[i]);
    rm_free(work->strings);
    if (work->clone)
        IEnumString_Release(work->clone);
    rm_forward_destroy(call);
}

static const struct rm_call_class enum_class = {
    .name = "IEnumString",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .run = run_enum,
    .destroy = destroy_enum,
};

static struct browse_string *impl_from_IEnumString(IEnumString *iface)
{
    return CONTAINING_RECORD(iface, struct browse_string, IEnumString_iface);
}

static void destroy_browse_string(struct rm_com_object *object)
{
    struct browse_string *enumerator = CONTAINING_RECORD(object, struct browse_string, object);

    rm_link_release_later(enumerator->link, (IUnknown *)enumerator->real);
    rm_link_release(enumerator->link);
    rm_browse_recipe_release(enumerator->recipe);
    rm_session_unhold(enumerator->session);
    rm_free(enumerator);
}

/* The call for one operation on the enumerator as it is now. *link_out: where it is to be made,
 * with a reference. NULL: no memory. */
static struct enum_call *make_call(struct browse_string *enumerator, enum operation operation,
                                   ULONG count, struct rm_link **link_out)
{
    struct enum_call *work =
        rm_forward_new(sizeof(*work), &enum_class, enumerator->session, NULL, 0);

    if (!work)
        return NULL;
    work->operation = operation;
    work->count = count;
    if (operation == OPERATION_NEXT)
    {
        if (count <= RM_ELEMENTS_MAX)
            work->strings = rm_alloc_zero(count ? count : 1, sizeof(*work->strings));
        if (!work->strings)
        {
            rm_call_release(&work->forward.call);
            return NULL;
        }
    }
    AcquireSRWLockExclusive(&enumerator->lock);
    *link_out = enumerator->link;
    rm_link_add_ref(enumerator->link);
    work->forward.real = enumerator->real;
    if (enumerator->real)
        IEnumString_AddRef(enumerator->real);
    ReleaseSRWLockExclusive(&enumerator->lock);
    return work;
}

/* The link is gone: the enumerator is made again where the active machine is. */
static HRESULT reopen(struct browse_string *enumerator)
{
    struct rm_link *link;
    IEnumString *real;
    ULONG position;
    HRESULT hr;

    AcquireSRWLockExclusive(&enumerator->lock);
    position = enumerator->position;
    ReleaseSRWLockExclusive(&enumerator->lock);
    do
        hr = rm_browse_recipe_open(enumerator->session, enumerator->recipe, true, position, &real,
                                   &link);
    while (hr == RM_CALL_REPEAT);
    if (FAILED(hr))
        return hr;

    AcquireSRWLockExclusive(&enumerator->lock);
    {
        struct rm_link *old_link = enumerator->link;
        IEnumString *old_real = enumerator->real;

        enumerator->link = link;
        enumerator->real = real;
        link = old_link;
        real = old_real;
    }
    ReleaseSRWLockExclusive(&enumerator->lock);
    rm_link_release_later(link, (IUnknown *)real);
    rm_link_release(link);
    return S_OK;
}

static void advance(struct browse_string *enumerator, const struct enum_call *work)
{
    ULONG count = work->operation == OPERATION_NEXT ? work->fetched : work->count;

    AcquireSRWLockExclusive(&enumerator->lock);
    if (work->operation == OPERATION_RESET)
        enumerator->position = 0;
    else if (work->operation != OPERATION_CLONE)
        enumerator->position +=
            count < MAXDWORD - enumerator->position ? count : MAXDWORD - enumerator->position;
    ReleaseSRWLockExclusive(&enumerator->lock);
}

/* *work_out: the call with its results, to be released; NULL on failure. The result is S_OK with a
 * call that was never made where the machine has nothing to enumerate. */
static HRESULT perform(struct browse_string *enumerator, enum operation operation, ULONG count,
                       struct enum_call **work_out)
{
    HRESULT hr = RM_HRESULT_CALL_FAILED;

    *work_out = NULL;
    for (unsigned attempt = 0; attempt <= RM_MACHINES_MAX; attempt++)
    {
        struct rm_link *link;
        struct enum_call *work;

        if (attempt)
        {
            HRESULT opened = reopen(enumerator);

            if (FAILED(opened))
                return opened;
        }
        work = make_call(enumerator, operation, count, &link);
        if (!work)
            return E_OUTOFMEMORY;
        if (!work->forward.real)
            hr = operation == OPERATION_NEXT || (operation == OPERATION_SKIP && count) ? S_FALSE
                                                                                       : S_OK;
        else
            hr = rm_call_execute_on(enumerator->session, link, &work->forward.call);
        rm_link_release(link);
        if (SUCCEEDED(hr))
        {
            advance(enumerator, work);
            *work_out = work;
            return hr;
        }
        rm_call_release(&work->forward.call);
        if (rm_hresult_classify(hr) == RM_HRESULT_ANSWER)
            break;
    }
    return hr;
}

static HRESULT STDMETHODCALLTYPE browse_string_QueryInterface(IEnumString *iface, REFIID iid,
                                                              void **out)
{
    return rm_com_object_query(&impl_from_IEnumString(iface)->object, iid, out);
}

static ULONG STDMETHODCALLTYPE browse_string_AddRef(IEnumString *iface)
{
    return rm_com_object_add_ref(&impl_from_IEnumString(iface)->object);
}

static ULONG STDMETHODCALLTYPE browse_string_Release(IEnumString *iface)
{
    return rm_com_object_release(&impl_from_IEnumString(iface)->object);
}

static HRESULT STDMETHODCALLTYPE browse_string_Next(IEnumString *iface, ULONG count,
                                                    LPOLESTR *strings, ULONG *fetched)
{
    struct enum_call *work;
    HRESULT hr;

    if (fetched)
        *fetched = 0;
    if (!strings) /* fetched may be NULL with any count: the system's proxies have it so */
        return RM_HRESULT_NULL_REF;
    hr = perform(impl_from_IEnumString(iface), OPERATION_NEXT, count, &work);
    if (FAILED(hr))
        return hr;
    if (work->fetched)
        memcpy(strings, work->strings, work->fetched * sizeof(*strings));
    if (fetched)
        *fetched = work->fetched;
    work->fetched = 0; /* the strings are the client's now */
    rm_call_release(&work->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE browse_string_Skip(IEnumString *iface, ULONG count)
{
    struct enum_call *work;
    HRESULT hr = perform(impl_from_IEnumString(iface), OPERATION_SKIP, count, &work);

    if (SUCCEEDED(hr))
        rm_call_release(&work->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE browse_string_Reset(IEnumString *iface)
{
    struct enum_call *work;
    HRESULT hr = perform(impl_from_IEnumString(iface), OPERATION_RESET, 0, &work);

    if (SUCCEEDED(hr))
        rm_call_release(&work->forward.call);
    return hr;
}

static HRESULT STDMETHODCALLTYPE browse_string_Clone(IEnumString *iface, IEnumString **clone)
{
    struct browse_string *enumerator = impl_from_IEnumString(iface);
    struct enum_call *work;
    struct rm_link *link;
    ULONG position;
    HRESULT hr;

    if (!clone)
        return RM_HRESULT_NULL_REF;
    *clone = NULL;
    hr = perform(enumerator, OPERATION_CLONE, 0, &work);
    if (FAILED(hr))
        return hr;
    AcquireSRWLockExclusive(&enumerator->lock);
    position = enumerator->position;
    link = work->forward.call.link ? work->forward.call.link : enumerator->link;
    rm_link_add_ref(link);
    ReleaseSRWLockExclusive(&enumerator->lock);
    hr = create(enumerator->session, enumerator->recipe, link, work->clone, position, clone);
    work->clone = NULL;
    rm_call_release(&work->forward.call);
    return hr;
}

static const IEnumStringVtbl browse_string_vtbl = {
    browse_string_QueryInterface, browse_string_AddRef, browse_string_Release, browse_string_Next,
    browse_string_Skip,           browse_string_Reset,  browse_string_Clone,
};

/* Takes over the references to link and real, also on failure; adds one to the recipe. */
static HRESULT create(struct rm_session *session, struct rm_browse_recipe *recipe,
                      struct rm_link *link, IEnumString *real, ULONG position,
                      IEnumString **enumerator_out)
{
    struct browse_string *enumerator = rm_alloc_zero(1, sizeof(*enumerator));
    HRESULT hr = E_OUTOFMEMORY;

    if (enumerator)
    {
        enumerator->IEnumString_iface.lpVtbl = &browse_string_vtbl;
        InitializeSRWLock(&enumerator->lock);
        hr = rm_com_object_init(&enumerator->object, &enumerator->IEnumString_iface,
                                &IID_IEnumString, destroy_browse_string);
    }
    if (FAILED(hr))
    {
        rm_free(enumerator);
        rm_link_release_later(link, (IUnknown *)real);
        rm_link_release(link);
        return hr;
    }
    rm_session_hold(session);
    enumerator->session = session;
    rm_browse_recipe_add_ref(recipe);
    enumerator->recipe = recipe;
    enumerator->link = link;
    enumerator->real = real;
    enumerator->position = position;
    *enumerator_out = &enumerator->IEnumString_iface;
    return S_OK;
}

/* Takes over the caller's reference to the recipe. */
static HRESULT open_first(struct rm_session *session, struct rm_browse_recipe *recipe,
                          IEnumString **enumerator_out)
{
    struct rm_link *link;
    IEnumString *real;
    HRESULT hr = rm_browse_recipe_open(session, recipe, false, 0, &real, &link);

    if (link && real)
    {
        HRESULT created = create(session, recipe, link, real, 0, enumerator_out);

        if (FAILED(created))
            hr = created;
    }
    else if (link)
        rm_link_release(link);
    rm_browse_recipe_release(recipe);
    return hr;
}

HRESULT rm_browse_item_ids(struct rm_session *session, OPCBROWSETYPE type, const WCHAR *filter,
                           VARTYPE data_type, DWORD access_rights, IEnumString **enumerator_out)
{
    HRESULT hr;

    do
    {
        struct rm_browse_recipe *recipe = rm_browse_recipe_new(filter);

        if (!recipe)
            return E_OUTOFMEMORY;
        recipe->type = type;
        recipe->data_type = data_type;
        recipe->access_rights = access_rights;
        hr = open_first(session, recipe, enumerator_out);
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

HRESULT rm_browse_access_paths(struct rm_session *session, const WCHAR *item_id,
                               IEnumString **enumerator_out)
{
    HRESULT hr;

    do
    {
        struct rm_browse_recipe *recipe = rm_browse_recipe_new(item_id);

        if (!recipe)
            return E_OUTOFMEMORY;
        recipe->is_access_paths = true;
        hr = open_first(session, recipe, enumerator_out);
    } while (hr == RM_CALL_REPEAT);
    return hr;
}
