#include "gate.h"
#include "disconnect.h"
#include "fault.h"
#include "log.h"

#include <string.h>

static const struct sim_fault_state *faults;
static struct sim_process *own_slot;

/* Protects everything below; `changed` is signalled by sim_gate_update. */
static SRWLOCK lock = SRWLOCK_INIT;
static CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
static struct sim_rule rules[SIM_RULES_MAX];
static uint32_t rule_calls[SIM_RULES_MAX];
static volatile LONG is_hung;
static volatile LONG is_mute;
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
    InterlockedExchange(&is_mute, faults->is_mute);
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

static bool is_in_force(const struct sim_rule *rule)
{
    int place = 0;
    while (place < SIM_RULES_MAX && rules[place].serial != rule->serial)
    {
        place++;
    }
    return place < SIM_RULES_MAX;
}

/* The rule that hits this call, or a rule of kind SIM_RULE_NONE; and all orders that wait for it.
 */
static struct sim_rule find_rule(enum sim_method method, struct sim_due *before,
                                 struct sim_due *after)
{
    struct sim_rule found = {.kind = SIM_RULE_NONE};
    for (int i = 0; i < SIM_RULES_MAX; i++)
    {
        if (rules[i].kind == SIM_RULE_NONE || rules[i].method != (uint32_t)method)
        {
            continue;
        }
        uint32_t number = ++rule_calls[i];
        uint32_t first = rules[i].first > 0 ? rules[i].first : 1; /* 0: --from wasn't given */
        bool is_hit = number >= first && (rules[i].count == 0 || number - first < rules[i].count);
        if (is_hit && rules[i].kind == SIM_RULE_ORDER)
        {
            struct sim_due *due = rules[i].is_after ? after : before;
            due->serials[due->count++] = rules[i].serial;
        }
        else if (is_hit && found.kind == SIM_RULE_NONE)
        {
            found = rules[i];
        }
    }
    return found;
}

static void hold_call(const struct sim_rule *rule)
{
    InterlockedIncrement(&own_slot->waiting);
    if (rule->kind == SIM_RULE_SLOW)
    {
        Sleep(rule->delay_ms);
    }
    AcquireSRWLockExclusive(&lock);
    while (rule->kind == SIM_RULE_HANG && is_in_force(rule))
    {
        SleepConditionVariableSRW(&changed, &lock, INFINITE, 0);
    }
    ReleaseSRWLockExclusive(&lock);
    InterlockedDecrement(&own_slot->waiting);
}

/* Does what the rule says; returns what the call shall answer, S_OK if the rule leaves that. */
static HRESULT apply_rule(const struct sim_rule *rule, struct sim_disconnected **held)
{
    switch ((enum sim_rule_kind)rule->kind)
    {
    case SIM_RULE_NONE:
    case SIM_RULE_ORDER: break; /* sim_due */
    case SIM_RULE_FAIL: return (HRESULT)rule->hresult;
    case SIM_RULE_SLOW:
    case SIM_RULE_HANG: hold_call(rule); break;
    case SIM_RULE_KILL:
        sim_log("fault: killed %s %s", rule->is_after ? "after" : "before",
                sim_method_name((enum sim_method)rule->method));
        sim_fault_stay_away(rule->is_away != 0);
        TerminateProcess(GetCurrentProcess(), SIM_KILLED);
        break;
    case SIM_RULE_DISCONNECT: *held = sim_disconnect(rule->objects); return RPC_E_DISCONNECTED;
    case SIM_RULE_SHUTDOWN:
        sim_fault_stay_away(rule->is_away != 0);
        sim_fault_begin_shutdown();
        break;
    }
    return S_OK;
}

static void carry_out(const struct sim_due *due)
{
    for (int i = 0; i < due->count; i++)
    {
        sim_fault_carry_out(due->serials[i]);
    }
}

struct sim_pass sim_gate_pass(enum sim_method method)
{
    struct sim_pass pass = {.result = S_OK};
    InterlockedIncrement(&own_slot->calls);
    sim_gate_wait();
    if (has_rules)
    {
        AcquireSRWLockExclusive(&lock);
        struct sim_due due_before = {.count = 0};
        struct sim_rule rule = find_rule(method, &due_before, &pass.due_after);
        ReleaseSRWLockExclusive(&lock);
        carry_out(&due_before);
        if (rule.is_after)
        {
            pass.after = rule;
        }
        else
        {
            pass.result = apply_rule(&rule, &pass.held);
        }
    }
    sim_gate_wait();
    return pass;
}

/* The call was carried out, but its answer is lost or another one. The method's own result can't be
 * replaced any more; COM answers an exception of a method with the exception's code (Wine 8). */
void sim_gate_leave(struct sim_pass *pass)
{
    sim_disconnect_release(pass->held);
    if (pass->after.kind == SIM_RULE_NONE && pass->due_after.count == 0)
    {
        return;
    }
    carry_out(&pass->due_after);
    struct sim_disconnected *held = NULL;
    HRESULT result = apply_rule(&pass->after, &held);
    sim_disconnect_release(held);
    sim_gate_wait();
    if (pass->after.kind == SIM_RULE_DISCONNECT)
    {
        result = HRESULT_FROM_WIN32(RPC_S_CALL_FAILED);
    }
    if (FAILED(result))
    {
        RaiseException((DWORD)result, 0, 0, NULL);
    }
}

HRESULT sim_gate_enter(enum sim_method method)
{
    struct sim_pass pass = sim_gate_pass(method);
    pass.after.kind = SIM_RULE_NONE;
    pass.due_after.count = 0;
    sim_gate_leave(&pass);
    return pass.result;
}

bool sim_gate_is_mute(void)
{
    return is_mute != 0;
}
