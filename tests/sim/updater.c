#include "updater.h"
#include "apartment.h"
#include "change.h"
#include "clock.h"
#include "delivery.h"
#include "group3.h"
#include "itemfault.h"
#include "log.h"
#include "module.h"
#include "publicgroup.h"
#include "sampling.h"
#include "transaction.h"

#define MUTE_WAIT_MS    20   /* until it is looked anew whether callbacks are wanted */
#define LONGEST_WAIT_MS 1000 /* the wall clock may be set meanwhile */

static int64_t current_tick(int64_t now_ms)
{
    const struct sim_options *options = sim_module_options();
    return sim_clock_step(now_ms, options->period_ms, options->phase_ms);
}

/* The first moment of the group's grid after `now_ms`. */
static int64_t next_on_grid(const struct sim_group *group, int64_t now_ms)
{
    int64_t rate = group->rate_ms;
    int64_t phase = sim_module_options()->phase_ms;
    return (sim_clock_step(now_ms, rate, phase) + 1) * rate + phase;
}

/* Which tick of the counters the next callback carries, SIM_NO_TICK if none is due. */
static int64_t choose_tick(const struct sim_group *group, int64_t current)
{
    if (group->next_tick == SIM_NO_TICK)
    {
        return current;
    }
    if (sim_module_options()->is_eager)
    {
        return group->next_tick;
    }
    if (group->next_tick > current)
    {
        return SIM_NO_TICK;
    }
    bool is_fast = group->rate_ms <= sim_module_options()->period_ms;
    return is_fast ? group->next_tick : current;
}

/* Adds the item if it must be sent, and remembers what was. */
static void add_item(struct sim_delivery *delivery, const struct sim_group *group,
                     struct sim_group_item *item, int64_t version, int64_t now_ms)
{
    struct sim_vqt vqt;
    HRESULT error = sim_group_sample(group, item, version, now_ms, &vqt);
    bool is_due = item->is_pending || sim_change_is_due(group, item, version, &vqt, error);
    item->version = version;
    if (!is_due)
    {
        VariantClear(&vqt.value);
        return;
    }
    sim_change_remember(item, &vqt, error);
    sim_delivery_add(delivery, item->server_handle, item->client_handle, &vqt, error);
}

/* One callback's worth; true if another one is due at once (a late tick). */
static bool collect(struct sim_group *group, struct sim_delivery *delivery, int64_t now_ms)
{
    int64_t current = current_tick(now_ms);
    int64_t tick = choose_tick(group, current);
    bool is_last = tick == SIM_NO_TICK || tick == current;
    int64_t serial = sim_item_faults_serial(now_ms);
    bool is_shaken = is_last && serial != group->fault_serial; /* any quality may be another one */
    group->fault_serial = is_last ? serial : group->fault_serial;
    for (DWORD i = 0; i < group->item_places; i++)
    {
        struct sim_group_item *item = &group->items[i];
        if (item->item == NULL || !item->is_active)
        {
            continue;
        }
        if (item->sampling != NULL)
        {
            if (is_last)
            {
                sim_sampling_send(group, item, delivery, now_ms);
            }
        }
        else if (item->item->kind == SIM_ITEM_COUNTER && !sim_device_is_frozen(item->item, now_ms))
        {
            /* A new item starts with the current tick, not with a late one. */
            if (item->is_pending ? is_last : tick != SIM_NO_TICK)
            {
                add_item(delivery, group, item, item->is_pending ? current : tick, now_ms);
            }
        }
        else if (is_last)
        {
            int64_t version = sim_device_version(item->item, now_ms);
            if (item->is_pending || version != item->version || is_shaken)
            {
                add_item(delivery, group, item, version, now_ms);
            }
        }
    }
    if (tick != SIM_NO_TICK)
    {
        group->next_tick = tick + 1;
    }
    return !is_last || sim_module_options()->is_eager;
}

/* One callback's worth; true if another one is due at once. */
static bool update(struct sim_group *group, struct sim_delivery *delivery)
{
    bool is_more = false;
    sim_gate_wait();
    if (sim_gate_is_mute())
    {
        return false;
    }
    bool is_advised = sim_connection_is_advised(&group->connection);
    int64_t now_ms = sim_clock_now();
    AcquireSRWLockExclusive(&group->lock);
    sim_delivery_begin(delivery, group, SIM_CALLBACK_DATA_CHANGE, 0);
    if (!is_advised || !group->is_active || !group->is_enabled)
    {
        group->next_tick = SIM_NO_TICK;
    }
    else
    {
        is_more = collect(group, delivery, now_ms);
        group->next_update_ms = next_on_grid(group, now_ms);
    }
    ReleaseSRWLockExclusive(&group->lock);
    sim_delivery_send(delivery, group);
    return is_more;
}

/* The last version that the subscription sent, so a refresh never runs ahead of it. */
static int64_t refresh_version(struct sim_group *group, const struct sim_group_item *item,
                               int64_t now_ms)
{
    int64_t current = sim_device_version(item->item, now_ms);
    bool is_fast = group->rate_ms <= sim_module_options()->period_ms;
    if (item->item->kind != SIM_ITEM_COUNTER || group->next_tick == SIM_NO_TICK)
    {
        return current;
    }
    return is_fast || group->next_tick > current ? group->next_tick - 1 : current;
}

void sim_updater_collect_refresh(struct sim_group *group, struct sim_delivery *delivery,
                                 bool is_of_all)
{
    int64_t now_ms = sim_clock_now();
    bool is_slow = group->rate_ms > sim_module_options()->period_ms;
    for (DWORD i = 0; i < group->item_places; i++)
    {
        struct sim_group_item *item = &group->items[i];
        if (item->item != NULL && (is_of_all || item->is_active))
        {
            item->is_pending = true;
            if (item->sampling != NULL)
            {
                sim_sampling_send(group, item, delivery, now_ms);
                continue;
            }
            add_item(delivery, group, item, refresh_version(group, item, now_ms), now_ms);
        }
    }
    if (is_slow && group->next_tick != SIM_NO_TICK && current_tick(now_ms) >= group->next_tick)
    {
        group->next_tick = current_tick(now_ms) + 1;
    }
}

/* How long there is nothing to do beside what falls due at `other_ms`; the group's lock is held. */
static DWORD time_to_wait(const struct sim_group *group, int64_t now_ms, bool is_sending,
                          int64_t other_ms)
{
    int64_t longest_ms = now_ms + LONGEST_WAIT_MS;
    int64_t due_ms = other_ms < longest_ms ? other_ms : longest_ms;
    if (is_sending && group->next_update_ms < due_ms)
    {
        due_ms = group->next_update_ms;
    }
    for (const struct sim_transaction *t = group->transactions; t != NULL; t = t->next)
    {
        due_ms = t->due_ms < due_ms ? t->due_ms : due_ms;
    }
    return due_ms > now_ms ? (DWORD)(due_ms - now_ms) : 0;
}

static void keep_alive(struct sim_group *group, struct sim_delivery *delivery)
{
    sim_gate_wait();
    AcquireSRWLockShared(&group->lock);
    sim_delivery_begin(delivery, group, SIM_CALLBACK_KEEP_ALIVE, 0);
    ReleaseSRWLockShared(&group->lock);
    sim_delivery_send(delivery, group);
}

/* What is due, done where the objects live. */
struct step
{
    struct sim_group *group;
    struct sim_delivery *delivery;
    bool is_update_due, is_alive_due;
    bool is_late;                        /* out: another update is due at once */
    struct sim_transaction *transaction; /* may be NULL */
};

static void take_step(void *context)
{
    struct step *step = context;
    if (step->is_update_due)
    {
        step->is_late = update(step->group, step->delivery);
    }
    if (step->transaction != NULL)
    {
        sim_transaction_complete(step->group, step->transaction, step->delivery);
    }
    if (step->is_alive_due)
    {
        keep_alive(step->group, step->delivery);
    }
}

/* A public group that some client has removed. */
static bool is_deleted(const struct sim_group *group)
{
    return group->public_group != NULL && sim_public_group_is_removed(group->public_group);
}

static DWORD WINAPI run(void *argument)
{
    struct sim_group *group = argument;
    struct sim_delivery delivery = {.count = 0};
    bool is_removed = false;
    /* Each late tick is a step of its own: a group that can't keep up leaves its apartment to
     * others in between. Transactions wait until it has caught up. */
    bool is_late = false;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    while (!is_removed)
    {
        bool is_advised = sim_connection_is_advised(&group->connection);
        int64_t now_ms = sim_clock_now();
        AcquireSRWLockExclusive(&group->lock);
        is_removed = group->is_removed;
        bool is_mute = sim_gate_is_mute();
        bool is_sending = is_advised && group->is_active && group->is_enabled && !is_deleted(group);
        bool is_update_due = !is_mute && is_sending && (is_late || now_ms >= group->next_update_ms);
        int64_t sample_ms = sim_sampling_take(group, is_sending, now_ms);
        int64_t alive_ms = is_mute ? INT64_MAX : sim_keep_alive_due(group, is_sending, now_ms);
        struct sim_transaction *transaction =
            is_mute || is_update_due ? NULL : sim_transaction_take_due(group, now_ms);
        DWORD wait_ms = is_mute ? MUTE_WAIT_MS
                                : time_to_wait(group, now_ms, is_sending,
                                               sample_ms < alive_ms ? sample_ms : alive_ms);
        ReleaseSRWLockExclusive(&group->lock);
        bool is_alive_due = !is_update_due && transaction == NULL && now_ms >= alive_ms;
        struct step step = {group, &delivery, is_update_due, is_alive_due, false, transaction};
        if (is_update_due || is_alive_due || transaction != NULL)
        {
            sim_apartment_run(take_step, &step);
            is_late = step.is_late;
        }
        else if (!is_removed)
        {
            is_late = false;
            WaitForSingleObject(group->wake, wait_ms);
        }
    }
    sim_delivery_free(&delivery);
    sim_group_unhold(group);
    CoUninitialize();
    return 0;
}

void sim_updater_start(struct sim_group *group)
{
    if (group->has_thread || group->is_removed)
    {
        return;
    }
    sim_group_hold(group);
    HANDLE thread = CreateThread(NULL, 0, run, group, 0, NULL);
    group->has_thread = thread != NULL;
    if (thread == NULL)
    {
        /* The caller has a reference of its own, so this isn't the last one. */
        sim_group_unhold(group);
        sim_log("error: no thread for a group");
        return;
    }
    CloseHandle(thread);
}

void sim_updater_send_all(struct sim_group *group)
{
    AcquireSRWLockExclusive(&group->lock);
    for (DWORD i = 0; i < group->item_places; i++)
    {
        group->items[i].is_pending = true;
        if (group->items[i].sampling != NULL)
        {
            sim_sampling_clear(group->items[i].sampling);
        }
    }
    group->next_tick = SIM_NO_TICK;
    group->next_update_ms = sim_clock_now();
    sim_updater_start(group);
    ReleaseSRWLockExclusive(&group->lock);
    sim_updater_wake(group);
}

void sim_updater_enable(struct sim_group *group, bool is_enabled)
{
    int64_t current = current_tick(sim_clock_now());
    AcquireSRWLockExclusive(&group->lock);
    if (is_enabled && !group->is_enabled && group->next_tick < current)
    {
        group->next_tick = current;
    }
    group->is_enabled = is_enabled;
    ReleaseSRWLockExclusive(&group->lock);
    sim_updater_wake(group);
}

void sim_updater_wake(struct sim_group *group)
{
    SetEvent(group->wake);
}
