#include "faultapply.h"
#include "clock.h"

#include <wchar.h>

/* All processes freeze at the same moment, so it must not be over when the last one hears of it. */
#define FREEZE_AHEAD_MS 60

static bool take_off(struct sim_fault_state *state, const struct sim_item_fault *fault)
{
    bool is_found = false;
    for (int i = 0; i < SIM_ITEM_FAULTS_MAX; i++)
    {
        struct sim_item_fault *other = &state->items[i];
        if (other->kind == fault->kind && wcscmp(other->target, fault->target) == 0)
        {
            *other = (struct sim_item_fault){.kind = SIM_ITEM_FAULT_NONE};
            is_found = true;
        }
    }
    return is_found;
}

static enum sim_applied put_on(struct sim_fault_state *state, const struct sim_item_fault *fault)
{
    int place = 0;
    take_off(state, fault);
    while (place < SIM_ITEM_FAULTS_MAX && state->items[place].kind != SIM_ITEM_FAULT_NONE)
    {
        place++;
    }
    if (place == SIM_ITEM_FAULTS_MAX)
    {
        return SIM_NO_ROOM;
    }
    state->items[place] = *fault;
    state->items[place].serial = ++state->next_serial;
    state->items[place].since_ms = sim_clock_now() + FREEZE_AHEAD_MS;
    return SIM_APPLIED;
}

enum sim_applied sim_fault_apply(const struct sim_order *order, struct sim_fault_state *state)
{
    switch ((enum sim_order_kind)order->kind)
    {
    case SIM_ORDER_HANG: state->is_hung = 1; break;
    case SIM_ORDER_MUTE: state->is_mute = 1; break;
    case SIM_ORDER_REFUSE: state->is_refusing = (LONG)order->is_on; break;
    case SIM_ORDER_NOT_READY:
        state->not_ready_until_ms = sim_clock_now() + (int64_t)order->seconds * 1000;
        break;
    case SIM_ORDER_ITEM:
        if (order->is_on)
        {
            return put_on(state, &order->item);
        }
        return take_off(state, &order->item) ? SIM_APPLIED : SIM_NOT_THERE;
    }
    return SIM_APPLIED;
}

void sim_fault_apply_settle(const struct sim_order *order)
{
    if (order->kind == SIM_ORDER_ITEM && order->item.kind == SIM_ITEM_FAULT_FREEZE && order->is_on)
    {
        Sleep(FREEZE_AHEAD_MS);
    }
}

const char *sim_fault_apply_item_name(const struct sim_item_fault *fault)
{
    switch ((enum sim_item_fault_kind)fault->kind)
    {
    case SIM_ITEM_FAULT_NONE: break;
    case SIM_ITEM_FAULT_REFUSE: return "refuse-items";
    case SIM_ITEM_FAULT_QUALITY: return "quality";
    case SIM_ITEM_FAULT_FREEZE: return "freeze";
    }
    return "none";
}

const char *sim_fault_apply_name(const struct sim_order *order)
{
    switch ((enum sim_order_kind)order->kind)
    {
    case SIM_ORDER_HANG: return "hang";
    case SIM_ORDER_MUTE: return "stop-callbacks";
    case SIM_ORDER_REFUSE: return "refuse";
    case SIM_ORDER_NOT_READY: return "not-ready";
    case SIM_ORDER_ITEM: break;
    }
    return sim_fault_apply_item_name(&order->item);
}
