#include <olectl.h>

#include "delivery/transaction.h"
#include "group/group_async.h"
#include "link/link.h"
#include "server/forward.h"
#include "session/session.h"

/* Cancel2, SetEnable, GetEnable. */
struct control_call
{
    struct rm_forward forward;
    DWORD cancel_id; /* ours */
    bool is_repeat;
    DWORD real_cancel_id;
    bool is_first; /* Cancel2 of a transaction that nobody has cancelled before */
    BOOL is_enabled;
};

static HRESULT prepare_cancel(struct rm_call *call, struct rm_link *link)
{
    struct control_call *cancel = RM_FORWARD_OF(call, struct control_call);
    struct rm_transaction *transaction =
        rm_transaction_find(cancel->forward.group, cancel->cancel_id);
    HRESULT hr;

    /* The link on which it was out is gone, and with it the transaction: cancelled. */
    if (cancel->is_repeat && (!transaction || transaction->link != link->number))
        return S_FALSE;
    if (!transaction || !transaction->is_sent || transaction->link != link->number)
        return E_FAIL;
    hr = rm_forward_prepare(call, link);
    if (FAILED(hr))
        return hr;
    cancel->real_cancel_id = transaction->real_cancel_id;
    cancel->is_first = !transaction->is_cancelling;
    transaction->is_cancelling = true; /* OnCancelComplete may be quicker than the return */
    return S_OK;
}

static HRESULT run_cancel(struct rm_call *call, struct rm_link *link)
{
    struct control_call *cancel = RM_FORWARD_OF(call, struct control_call);
    HRESULT hr = IOPCAsyncIO2_Cancel2((IOPCAsyncIO2 *)cancel->forward.real, cancel->real_cancel_id);

    (void)link;
    rm_forward_drop(&cancel->forward);
    return hr;
}

static void record_cancel(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct control_call *cancel = RM_FORWARD_OF(call, struct control_call);
    struct rm_transaction *transaction =
        rm_transaction_find(cancel->forward.group, cancel->cancel_id);

    (void)link;
    /* A second Cancel2 is refused, and the first one stays good. */
    if (transaction && (SUCCEEDED(hr) || cancel->is_first))
        transaction->is_cancelling = SUCCEEDED(hr);
}

static const struct rm_call_class cancel_class = {
    .name = "IOPCAsyncIO2::Cancel2",
    .kind = RM_CALL_SHADOW,
    .prepare = prepare_cancel,
    .run = run_cancel,
    .record = record_cancel,
    .destroy = rm_forward_destroy,
};

static struct control_call *new_control(struct rm_group *group,
                                        const struct rm_call_class *call_class)
{
    return rm_forward_new(sizeof(struct control_call), call_class, group->session, group,
                          RM_GROUP_ASYNC_IO2);
}

static HRESULT cancel_once(struct rm_group *group, DWORD cancel_id, bool is_repeat)
{
    struct control_call *cancel = new_control(group, &cancel_class);
    HRESULT hr;

    if (!cancel)
        return E_OUTOFMEMORY;
    cancel->cancel_id = cancel_id;
    cancel->is_repeat = is_repeat;
    hr = rm_forward_execute(&cancel->forward);
    if (hr == S_FALSE && !rm_call_is_answered(&cancel->forward.call))
        hr = S_OK;
    rm_call_release(&cancel->forward.call);
    return hr;
}

HRESULT rm_group_cancel(struct rm_group *group, DWORD cancel_id)
{
    HRESULT hr = cancel_once(group, cancel_id, false);

    while (hr == RM_CALL_REPEAT)
        hr = cancel_once(group, cancel_id, true);
    return hr;
}

static HRESULT prepare_enable(struct rm_call *call, struct rm_link *link)
{
    const struct rm_group *group = RM_FORWARD_OF(call, struct rm_forward)->group;

    if (!group->is_removed && !group->sink)
        return CONNECT_E_NOCONNECTION;
    return rm_forward_prepare(call, link);
}

static HRESULT run_set_enable(struct rm_call *call, struct rm_link *link)
{
    struct control_call *set = RM_FORWARD_OF(call, struct control_call);
    HRESULT hr = IOPCAsyncIO2_SetEnable((IOPCAsyncIO2 *)set->forward.real, set->is_enabled);

    (void)link;
    rm_forward_drop(&set->forward);
    return hr;
}

static void record_set_enable(struct rm_call *call, struct rm_link *link, HRESULT hr)
{
    struct control_call *set = RM_FORWARD_OF(call, struct control_call);
    struct rm_group *group = set->forward.group;
    struct rm_link_group *link_group = rm_link_group_of(link, group);

    if (FAILED(hr))
        return;
    group->is_enabled = set->is_enabled;
    if (link_group)
        link_group->is_enabled = set->is_enabled;
    rm_session_changed(group->session);
}

static const struct rm_call_class set_enable_class = {
    .name = "IOPCAsyncIO2::SetEnable",
    .kind = RM_CALL_SHADOW,
    .prepare = prepare_enable,
    .run = run_set_enable,
    .record = record_set_enable,
    .destroy = rm_forward_destroy,
};

HRESULT rm_group_set_enable(struct rm_group *group, BOOL is_enabled)
{
    HRESULT hr;

    do
    {
        struct control_call *set = new_control(group, &set_enable_class);

        if (!set)
            return E_OUTOFMEMORY;
        set->is_enabled = is_enabled;
        hr = rm_forward_execute(&set->forward);
        rm_call_release(&set->forward.call);
    } while (hr == RM_CALL_REPEAT);
    return hr;
}

static HRESULT run_get_enable(struct rm_call *call, struct rm_link *link)
{
    struct control_call *get = RM_FORWARD_OF(call, struct control_call);
    HRESULT hr = IOPCAsyncIO2_GetEnable((IOPCAsyncIO2 *)get->forward.real, &get->is_enabled);

    (void)link;
    rm_forward_drop(&get->forward);
    return hr;
}

static const struct rm_call_class get_enable_class = {
    .name = "IOPCAsyncIO2::GetEnable",
    .kind = RM_CALL_IDEMPOTENT,
    .prepare = prepare_enable,
    .run = run_get_enable,
    .destroy = rm_forward_destroy,
};

HRESULT rm_group_get_enable(struct rm_group *group, BOOL *is_enabled)
{
    HRESULT hr;

    do
    {
        struct control_call *get = new_control(group, &get_enable_class);

        if (!get)
            return E_OUTOFMEMORY;
        hr = rm_forward_execute(&get->forward);
        if (rm_forward_has_results(&get->forward, hr))
            *is_enabled = get->is_enabled;
        rm_call_release(&get->forward.call);
    } while (hr == RM_CALL_REPEAT);
    return hr;
}
