#include "call/call.h"

#include <objbase.h>

#include "call/address_wait.h"
#include "call/event_pool.h"
#include "module/module.h"

bool rm_call_finish(struct rm_call *call, enum rm_call_state state)
{
    LONG before = InterlockedCompareExchange(&call->state, (LONG)state, RM_CALL_PENDING);

    if (before == RM_CALL_LAST_MOMENT)
        before = InterlockedCompareExchange(&call->state, (LONG)state, RM_CALL_LAST_MOMENT);
    if (before == RM_CALL_LAST_MOMENT && state == RM_CALL_ANSWERED)
        rm_abandoned_leave(&call->abandoned);
    if (before != RM_CALL_PENDING && before != RM_CALL_LAST_MOMENT)
        return false;
    if (call->event)
        SetEvent(call->event);
    else
        rm_address_wake(&call->state);
    return true;
}

static bool is_single_threaded_apartment(void)
{
    APTTYPEQUALIFIER qualifier;
    APTTYPE type;

    return SUCCEEDED(CoGetApartmentType(&type, &qualifier)) &&
           (type == APTTYPE_STA || type == APTTYPE_MAINSTA);
}

bool rm_call_prepare_wait(struct rm_call *call)
{
    if (!is_single_threaded_apartment())
        return true;
    call->event = rm_event_take();
    return call->event != NULL;
}

bool rm_call_is_pumping(const struct rm_call *call)
{
    return call->event != NULL;
}

/* Until the word is another one, or the time is up. */
static enum rm_call_state wait_while(struct rm_call *call, enum rm_call_state state,
                                     DWORD timeout_ms)
{
    ULONGLONG until_ms = rm_module_now_ms() + timeout_ms;

    if (!call->event)
    {
        rm_address_wait(&call->state, (LONG)state, timeout_ms);
        return (enum rm_call_state)call->state;
    }
    while (InterlockedCompareExchange(&call->state, 0, 0) == (LONG)state)
    {
        ULONGLONG now_ms = rm_module_now_ms();
        DWORD left_ms = timeout_ms;
        DWORD index;
        HRESULT hr;

        if (timeout_ms != INFINITE)
        {
            if (now_ms >= until_ms)
                break;
            left_ms = (DWORD)(until_ms - now_ms);
        }
        /* Fails only where the thread may not pump at all: then waiting plainly is all there is. */
        hr = CoWaitForMultipleHandles(0, left_ms, 1, &call->event, &index);
        if (FAILED(hr) && hr != RPC_S_CALLPENDING)
            WaitForSingleObject(call->event, left_ms);
    }
    return (enum rm_call_state)call->state;
}

enum rm_call_state rm_call_wait(struct rm_call *call, DWORD timeout_ms)
{
    return wait_while(call, RM_CALL_PENDING, timeout_ms);
}

enum rm_call_state rm_call_wait_for_answer(struct rm_call *call)
{
    enum rm_call_state state = rm_call_wait(call, INFINITE);

    if (state != RM_CALL_LAST_MOMENT)
        return state;
    if (call->event)
        ResetEvent(call->event); /* whoever changes the word from now on sets it again */
    if (wait_while(call, RM_CALL_LAST_MOMENT, RM_LAST_MOMENT_MS) == RM_CALL_LAST_MOMENT)
        rm_call_finish(call, RM_CALL_LINK_DEAD);
    return (enum rm_call_state)call->state;
}
