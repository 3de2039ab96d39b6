#include "enumerator/browse_recipe.h"

#include "link/link.h"
#include "module/memory.h"
#include "server/forward.h"
#include "session/session.h"

struct rm_browse_recipe *rm_browse_recipe_new(const WCHAR *text)
{
    struct rm_browse_recipe *recipe = rm_alloc_zero(1, sizeof(*recipe));

    if (!recipe)
        return NULL;
    recipe->refs = 1;
    recipe->text = rm_wcsdup(text);
    if (recipe->text)
        return recipe;
    rm_free(recipe);
    return NULL;
}

void rm_browse_recipe_add_ref(struct rm_browse_recipe *recipe)
{
    InterlockedIncrement(&recipe->refs);
}

void rm_browse_recipe_release(struct rm_browse_recipe *recipe)
{
    if (InterlockedDecrement(&recipe->refs))
        return;
    rm_browse_walk_clear(&recipe->walk);
    rm_free(recipe->text);
    rm_free(recipe);
}

struct open_call
{
    struct rm_forward forward;
    struct rm_browse_recipe *recipe;
    bool is_again;
    ULONG skip;
    struct rm_browse_walk walk; /* the recipe's, whose names it shares */
    struct rm_browse_turn turn;
    IEnumString *opened;
    struct rm_link *from;
};

static HRESULT prepare_open(struct rm_call *call, struct rm_link *link)
{
    struct open_call *open = RM_FORWARD_OF(call, struct open_call);
    struct rm_browse_recipe *recipe = open->recipe;
    HRESULT hr = S_OK;

    if (!recipe->is_access_paths && !open->is_again)
        hr = rm_browse_walk_plan(&recipe->walk, link->session, link);
    open->walk = recipe->walk;
    if (open->is_again)
        open->walk.is_needed = !recipe->is_access_paths;
    if (SUCCEEDED(hr) && !recipe->is_access_paths)
        hr = rm_browse_turn_take(&open->turn, link, open->walk.is_needed);
    if (hr != S_OK)
        return hr;
    hr = rm_forward_prepare(call, link);
    if (FAILED(hr))
        rm_browse_turn_end(&open->turn, link->session);
    return hr;
}

static HRESULT run_open(struct rm_call *call, struct rm_link *link)
{
    struct open_call *open = RM_FORWARD_OF(call, struct open_call);
    struct rm_browse_recipe *recipe = open->recipe;
    IOPCBrowseServerAddressSpace *real = open->forward.real;
    HRESULT hr = S_OK;

    if (open->walk.is_needed)
        hr = rm_browse_walk_run(&open->walk, real);
    if (SUCCEEDED(hr) && recipe->is_access_paths)
        hr = IOPCBrowseServerAddressSpace_BrowseAccessPaths(real, recipe->text, &open->opened);
    else if (SUCCEEDED(hr))
        hr = IOPCBrowseServerAddressSpace_BrowseOPCItemIDs(real, recipe->type, recipe->text,
                                                           recipe->data_type, recipe->access_rights,
                                                           &open->opened);
    if (SUCCEEDED(hr))
        rm_forward_secure(link, (IUnknown *)open->opened);
    if (SUCCEEDED(hr) && open->opened && open->skip)
    {
        HRESULT skipped = IEnumString_Skip(open->opened, open->skip);

        if (FAILED(skipped))
            hr = skipped;
    }
    if (FAILED(hr) && open->opened)
    {
        IEnumString_Release(open->opened);
        open->opened = NULL;
    }
    rm_forward_drop(&open->forward);
    return hr;
}

static void record_open(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct open_call *open = RM_FORWARD_OF(call, struct open_call);

    rm_browse_turn_end(&open->turn, link->session);
    /* Made again, it has led the link away from where the client stands now. */
    if (open->is_again && open->walk.is_needed)
        link->applied_browse_revision = link->session->browse.revision - 1;
    else
        rm_browse_walk_record(&open->walk, link);
    if (FAILED(hr))
        return;
    open->from = link;
    rm_link_add_ref(link);
}

static HRESULT lose_open(struct rm_call *call, struct rm_link *link)
{
    rm_browse_turn_end(&RM_FORWARD_OF(call, struct open_call)->turn, link->session);
    return RM_CALL_REPEAT;
}

static void destroy_open(struct rm_call *call)
{
    struct open_call *open = RM_FORWARD_OF(call, struct open_call);

    if (open->opened)
        IEnumString_Release(open->opened);
    if (open->from)
        rm_link_release(open->from);
    rm_browse_recipe_release(open->recipe);
    rm_forward_destroy(call);
}

static const struct rm_call_class item_ids_class = {
    .name = "IOPCBrowseServerAddressSpace::BrowseOPCItemIDs",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = prepare_open,
    .run = run_open,
    .record = record_open,
    .lost = lose_open,
    .destroy = destroy_open,
};

static const struct rm_call_class access_paths_class = {
    .name = "IOPCBrowseServerAddressSpace::BrowseAccessPaths",
    .kind = RM_CALL_IDEMPOTENT,
    .is_long = true,
    .prepare = prepare_open,
    .run = run_open,
    .record = record_open,
    .lost = lose_open,
    .destroy = destroy_open,
};

HRESULT rm_browse_recipe_open(struct rm_session *session, struct rm_browse_recipe *recipe,
                              bool is_again, ULONG skip, IEnumString **real_out,
                              struct rm_link **link_out)
{
    struct open_call *open = rm_forward_new(
        sizeof(*open), recipe->is_access_paths ? &access_paths_class : &item_ids_class, session,
        NULL, RM_SERVER_BROWSE_ADDRESS_SPACE);
    HRESULT hr;

    *real_out = NULL;
    *link_out = NULL;
    if (!open)
        return E_OUTOFMEMORY;
    rm_browse_recipe_add_ref(recipe);
    open->recipe = recipe;
    open->is_again = is_again;
    open->skip = skip;
    hr = rm_forward_execute(&open->forward);
    if (rm_forward_has_results(&open->forward, hr))
    {
        *real_out = open->opened;
        *link_out = open->from;
        open->opened = NULL;
        open->from = NULL;
    }
    rm_call_release(&open->forward.call);
    return hr;
}
