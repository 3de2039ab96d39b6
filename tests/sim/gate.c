#include "gate.h"

#include <string.h>

static const struct sim_fault_state *faults;
static struct sim_process *own_slot;

/* Protects everything below; `changed` is signalled by sim_gate_update. */
static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static struct sim_rule rules[SIM_RULES_MAX];
static uint32_t rule_calls[SIM_RULES_MAX];
static volatile LONG is_hung;
static volatile LONG has_rules;

void sim_gate_open(const struct sim_fault_state *state, struct sim_process *process)
{
    faults = state;
    own_slot = process;
    sim_gate_update();
}

void sim_gate_update(void)
{
    AcquireSRWLockExclusive(&lock);
    LONG count = 0;
    for (int i = 0; i < SIM_RULES_MAX; i++)
    {
        if (rules[i].serial != faults->rules[i].serial)
        {
            rule_calls[i] = 0;
        }
        rules[i] = faults->rules[i];
        count += rules[i].kind != SIM_RULE_NONE;
    }
    InterlockedExchange(&has_rules, count);
    InterlockedExchange(&is_hung, faults->is_hung);
    ReleaseSRWLockExclusive(&lock);
    WakeAllConditionVariable(&changed);
}

void sim_gate_wait(void)
{
    if (!is_hung)
    {
        return;
    }
    AcquireSRWLockExclusive(&lock);
    InterlockedIncrement(&own_slot->waiting);
    while (is_hung)
    {
        SleepConditionVariableSRW(&changed, &lock, INFINITE, 0);
    }
    InterlockedDecrement(&own_slot->waiting);
    ReleaseSRWLockExclusive(&lock);
}

/* The rule that hits this call, or a rule of kind SIM_RULE_NONE. */
static struct sim_rule find_rule(enum sim_method method, int *place)
{
    struct sim_rule found = {.kind = SIM_RULE_NONE};
    for (int i = 0; i < SIM_RULES_MAX; i++)
    {
        if (rules[i].kind == SIM_RULE_NONE || rules[i].kind == SIM_RULE_LINGER ||
            rules[i].method != (uint32_t)method)
        {
            continue;
        }
        uint32_t number = ++rule_calls[i];
        bool is_hit = number >= rules[i].first &&
                      (rules[i].count == 0 || number - rules[i].first < rules[i].count);
        if (is_hit && found.kind == SIM_RULE_NONE)
        {
            found = rules[i];
            *place = i;
        }
    }
    return found;
}

static HRESULT apply_rules(enum sim_method method)
{
    int place = 0;
    AcquireSRWLockExclusive(&lock);
    struct sim_rule rule = find_rule(method, &place);
    InterlockedIncrement(&own_slot->waiting);
    while (rule.kind == SIM_RULE_HANG && rules[place].serial == rule.serial)
    {
        SleepConditionVariableSRW(&changed, &lock, INFINITE, 0);
    }
    ReleaseSRWLockExclusive(&lock);
    if (rule.kind == SIM_RULE_SLOW)
    {
        Sleep(rule.delay_ms);
    }
    InterlockedDecrement(&own_slot->waiting);
    return rule.kind == SIM_RULE_FAIL ? (HRESULT)rule.hresult : S_OK;
}

HRESULT sim_gate_enter(enum sim_method method)
{
    InterlockedIncrement(&own_slot->calls);
    sim_gate_wait();
    HRESULT result = has_rules ? apply_rules(method) : S_OK;
    sim_gate_wait();
    return result;
}

HRESULT sim_gate_leave(enum sim_method method, HRESULT result)
{
    uint32_t delay_ms = 0;
    if (has_rules)
    {
        AcquireSRWLockShared(&lock);
        for (int i = 0; i < SIM_RULES_MAX; i++)
        {
            if (rules[i].kind == SIM_RULE_LINGER && rules[i].method == (uint32_t)method)
            {
                delay_ms = rules[i].delay_ms;
            }
        }
        ReleaseSRWLockShared(&lock);
    }
    if (delay_ms > 0)
    {
        Sleep(delay_ms);
    }
    return result;
}
