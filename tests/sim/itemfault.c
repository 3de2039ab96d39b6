#include "itemfault.h"
#include "like.h"
#include "module.h"

#include <string.h>

static const struct sim_fault_state *faults; /* NULL: not open yet */

/* Protects the copy. */
static SRWLOCK lock = SRWLOCK_INIT;
static struct sim_item_fault copy[SIM_ITEM_FAULTS_MAX];
static int64_t not_ready_until_ms;
static volatile LONG update_count;

void sim_item_faults_open(const struct sim_fault_state *state)
{
    not_ready_until_ms = sim_module_start_ms() + sim_module_options()->not_ready_s * 1000;
    AcquireSRWLockExclusive(&lock);
    faults = state;
    ReleaseSRWLockExclusive(&lock);
    sim_item_faults_update();
}

/* An item's own ID, or that of a branch above it. */
static bool is_target(const struct sim_item_fault *fault, const wchar_t *id)
{
    size_t length = wcslen(fault->target);
    return wcsncmp(id, fault->target, length) == 0 && (id[length] == L'\0' || id[length] == L'.');
}

/* The newest quality wins; an item is frozen since the oldest order. */
static void apply_to(struct sim_item *item)
{
    uint32_t newest = 0;
    LONG quality = SIM_QUALITY_OWN;
    int64_t frozen_ms = SIM_NOT_FROZEN;
    for (int i = 0; i < SIM_ITEM_FAULTS_MAX; i++)
    {
        const struct sim_item_fault *fault = &copy[i];
        if (fault->kind == SIM_ITEM_FAULT_QUALITY && fault->serial > newest &&
            is_target(fault, item->node->id))
        {
            newest = fault->serial;
            quality = (LONG)fault->quality;
        }
        if (fault->kind == SIM_ITEM_FAULT_FREEZE && fault->since_ms < frozen_ms &&
            is_target(fault, item->node->id))
        {
            frozen_ms = fault->since_ms;
        }
    }
    sim_device_set_faults(item, quality, frozen_ms);
}

static void apply_below(const struct sim_node *top)
{
    for (const struct sim_node *node = top->first_child; node != NULL; node = node->next)
    {
        if (node->item != NULL)
        {
            apply_to(node->item);
        }
        apply_below(node);
    }
}

void sim_item_faults_update(void)
{
    AcquireSRWLockExclusive(&lock);
    bool is_changed = faults != NULL && memcmp(copy, faults->items, sizeof(copy)) != 0;
    if (is_changed)
    {
        memcpy(copy, faults->items, sizeof(copy));
        apply_below(sim_device_root());
        InterlockedIncrement(&update_count);
    }
    ReleaseSRWLockExclusive(&lock);
}

bool sim_item_faults_is_ready(int64_t now_ms)
{
    return now_ms >= not_ready_until_ms && (faults == NULL || now_ms >= faults->not_ready_until_ms);
}

int64_t sim_item_faults_serial(int64_t now_ms)
{
    return (int64_t)update_count * 2 + sim_item_faults_is_ready(now_ms);
}

bool sim_item_faults_is_refused(const wchar_t *id)
{
    const wchar_t *pattern = sim_module_options()->refused_items;
    bool is_refused = pattern[0] != L'\0' && sim_like_matches(pattern, id);
    AcquireSRWLockShared(&lock);
    for (int i = 0; i < SIM_ITEM_FAULTS_MAX && !is_refused; i++)
    {
        is_refused = copy[i].kind == SIM_ITEM_FAULT_REFUSE && sim_like_matches(copy[i].target, id);
    }
    ReleaseSRWLockShared(&lock);
    return is_refused;
}
