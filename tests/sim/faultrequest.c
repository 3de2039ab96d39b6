#include "faultrequest.h"
#include "faultapply.h"
#include "text.h"

#include <string.h>

#define WAIT_MS 2

/* Until the process has reached `generation`, has left or lives no more. Counted in waits, not by
 * the clock: when this computer stands still, processes have no time to answer. */
static bool await_process(const struct sim_process *process, HANDLE handle,
                          const volatile LONG *counter, LONG generation, int *waits)
{
    uint32_t pid = process->pid;
    DWORD result = WAIT_TIMEOUT;
    while (*counter - generation < 0 && process->pid == pid && result == WAIT_TIMEOUT &&
           ++*waits <= SIM_PROCESS_ANSWER_MS / WAIT_MS)
    {
        result = WaitForSingleObject(handle, WAIT_MS);
    }
    return *counter - generation >= 0 || process->pid != pid || result == WAIT_OBJECT_0;
}

int sim_request_await(struct request *request, size_t counter, LONG generation, const char *done)
{
    int hit = 0;
    int missed = 0;
    int waits = 0;
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        struct sim_process *process = &request->area.state->processes[i];
        volatile LONG *value = (volatile LONG *)(void *)((char *)process + counter);
        HANDLE handle = sim_fault_area_open_process(process);
        if (handle == NULL)
        {
            continue;
        }
        bool is_done = await_process(process, handle, value, generation, &waits);
        hit += is_done;
        missed += !is_done;
        if (!is_done)
        {
            sim_text_error("process %u (outside of Wine %u) is at order %ld, not %ld", process->pid,
                           process->host_pid, (long)*value, (long)generation);
        }
        CloseHandle(handle);
    }
    sim_text_out("%d %s %s\n", hit, hit == 1 ? "process" : "processes", done);
    if (missed > 0)
    {
        sim_text_error("%d did not answer within %d s", missed, SIM_PROCESS_ANSWER_MS / 1000);
    }
    return missed > 0 ? EXIT_NOT_DONE : EXIT_DONE;
}

int sim_request_publish_and_await(struct request *request, const char *done)
{
    LONG generation = sim_fault_area_publish(&request->area);
    return sim_request_await(request, offsetof(struct sim_process, seen), generation, done);
}

bool sim_request_switch(const struct request *request, int word, bool *is_on)
{
    const wchar_t *value = request->word_count == word + 1 ? request->words[word] : L"";
    *is_on = _wcsicmp(value, L"on") == 0;
    return *is_on || _wcsicmp(value, L"off") == 0;
}

/* A callback has no answer that could be lost, and what is released can't be disconnected. */
static bool is_possible(const struct sim_rule *rule)
{
    const char *name = sim_method_name((enum sim_method)rule->method);
    bool is_callback =
        strncmp(name, "IOPCDataCallback.", 17) == 0 || strncmp(name, "IOPCShutdown.", 13) == 0;
    bool is_release = rule->method == SIM_IUnknown_Release;
    bool is_disconnect = rule->kind == SIM_RULE_DISCONNECT;
    return !(rule->is_after && (is_callback || is_release)) && !(is_disconnect && is_release);
}

/* `order` belongs to a rule of kind SIM_RULE_ORDER. */
static int add_rule(struct request *request, const wchar_t *method, struct sim_rule rule,
                    const struct sim_order *order)
{
    char name[80];
    rule.method = (uint32_t)sim_method_find(sim_text_utf8(method, name, sizeof(name)));
    if (rule.method == SIM_METHOD_COUNT)
    {
        sim_text_error("unknown method %s; say for example IOPCServer.GetStatus", name);
        return EXIT_USAGE;
    }
    rule.is_after = request->is_after;
    if (!is_possible(&rule))
    {
        sim_text_error("that can't be done with %s", name);
        return EXIT_USAGE;
    }
    struct sim_fault_state *state = request->area.state;
    sim_fault_area_lock(&request->area);
    int place = 0;
    while (place < SIM_RULES_MAX && state->rules[place].kind != SIM_RULE_NONE)
    {
        place++;
    }
    if (place == SIM_RULES_MAX)
    {
        sim_fault_area_unlock(&request->area);
        sim_text_error("%d faults on methods are in force already; clear them", SIM_RULES_MAX);
        return EXIT_NOT_DONE;
    }
    rule.serial = ++state->next_serial;
    rule.first = request->first;
    state->rules[place] = rule;
    state->orders[place] = order != NULL ? *order : (struct sim_order){.is_on = 0};
    return sim_request_publish_and_await(request, "told");
}

int sim_request_add_rule(struct request *request, int word, struct sim_rule rule)
{
    rule.count = request->count;
    return add_rule(request, request->word_count > word ? request->words[word] : L"", rule, NULL);
}

int sim_request_order(struct request *request, const struct sim_order *order, const char *done)
{
    if (request->at != NULL && request->count > 0)
    {
        sim_text_error("an order is carried out at one call; --count doesn't go with --at");
        return EXIT_USAGE;
    }
    if (request->at != NULL)
    {
        return add_rule(request, request->at, (struct sim_rule){.kind = SIM_RULE_ORDER, .count = 1},
                        order);
    }
    if (request->first > 0 || request->count > 0 || request->is_after)
    {
        sim_text_error("--from, --count and --after go with the name of a method");
        return EXIT_USAGE;
    }
    sim_fault_area_lock(&request->area);
    enum sim_applied outcome = sim_fault_apply(order, request->area.state);
    if (outcome == SIM_APPLIED)
    {
        int status = sim_request_publish_and_await(request, done);
        sim_fault_apply_settle(order);
        return status;
    }
    sim_fault_area_unlock(&request->area);
    if (outcome == SIM_NO_ROOM)
    {
        sim_text_error("%d faults on items are in force already; clear them", SIM_ITEM_FAULTS_MAX);
    }
    else
    {
        sim_text_error("there is no such fault on %ls", order->item.target);
    }
    return EXIT_NOT_DONE;
}
