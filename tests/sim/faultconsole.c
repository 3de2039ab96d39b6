#include "faultconsole.h"
#include "faultrequest.h"
#include "options.h"
#include "registration.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define WAIT_FOR_PROCESS_MS 5000

LONG sim_request_publish(struct request *request)
{
    struct sim_fault_state *state = request->area.state;
    LONG generation = InterlockedIncrement(&state->generation);
    sim_fault_area_unlock(&request->area);
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        if (state->processes[i].pid != 0)
        {
            HANDLE event = sim_fault_area_wake_event(&request->area, state->processes[i].pid);
            SetEvent(event);
            CloseHandle(event);
        }
    }
    return generation;
}

int sim_request_await(struct request *request, size_t counter, LONG generation, const char *done)
{
    int hit = 0;
    int missed = 0;
    DWORD start = GetTickCount();
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        struct sim_process *process = &request->area.state->processes[i];
        volatile LONG *value = (volatile LONG *)(void *)((char *)process + counter);
        HANDLE handle = sim_fault_area_open_process(process);
        if (handle == NULL)
        {
            continue;
        }
        DWORD result = WAIT_TIMEOUT;
        while (*value - generation < 0 && result == WAIT_TIMEOUT &&
               GetTickCount() - start < WAIT_FOR_PROCESS_MS)
        {
            result = WaitForSingleObject(handle, 2);
        }
        bool is_done = *value - generation >= 0 || result == WAIT_OBJECT_0;
        hit += is_done;
        missed += !is_done;
        CloseHandle(handle);
    }
    sim_text_out("%d %s %s\n", hit, hit == 1 ? "process" : "processes", done);
    if (missed > 0)
    {
        sim_text_error("%d did not answer within %d s", missed, WAIT_FOR_PROCESS_MS / 1000);
    }
    return missed > 0 ? EXIT_NOT_DONE : EXIT_DONE;
}

int sim_request_publish_and_await(struct request *request, const char *done)
{
    LONG generation = sim_request_publish(request);
    return sim_request_await(request, offsetof(struct sim_process, seen), generation, done);
}

static int order_kill(struct request *request)
{
    if (request->word_count > 0)
    {
        return sim_request_add_rule(
            request, 0, (struct sim_rule){.kind = SIM_RULE_KILL, .is_away = request->is_away});
    }
    HANDLE killed[SIM_PROCESSES_MAX];
    int hit = 0;
    int missed = 0;
    sim_fault_area_lock(&request->area);
    request->area.state->is_refusing |= request->is_away;
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        struct sim_process *process = &request->area.state->processes[i];
        HANDLE handle = sim_fault_area_open_process(process);
        if (handle != NULL)
        {
            TerminateProcess(handle, SIM_KILLED);
            killed[hit++] = handle;
        }
        process->pid = 0;
    }
    sim_request_publish(request);
    for (int i = 0; i < hit; i++)
    {
        missed += WaitForSingleObject(killed[i], WAIT_FOR_PROCESS_MS) != WAIT_OBJECT_0;
        CloseHandle(killed[i]);
    }
    sim_text_out("%d %s killed\n", hit, hit == 1 ? "process" : "processes");
    if (hit == 0 && !request->is_away)
    {
        sim_text_error("no process of %s is running", request->area.name);
        return EXIT_NOT_DONE;
    }
    return missed > 0 ? EXIT_NOT_DONE : EXIT_DONE;
}

static int order_resume(struct request *request)
{
    sim_fault_area_lock(&request->area);
    request->area.state->is_hung = 0;
    request->area.state->is_mute = 0;
    return sim_request_publish_and_await(request, "resumed");
}

static int order_shutdown(struct request *request)
{
    if (request->word_count > 0)
    {
        return sim_request_add_rule(
            request, 0, (struct sim_rule){.kind = SIM_RULE_SHUTDOWN, .is_away = request->is_away});
    }
    sim_fault_area_lock(&request->area);
    request->area.state->is_refusing |= request->is_away;
    request->area.state->shutdown = request->area.state->generation + 1;
    LONG generation = sim_request_publish(request);
    return sim_request_await(request, offsetof(struct sim_process, shut_down), generation,
                             "asked to shut down");
}

bool sim_request_switch(const struct request *request, int word, bool *is_on)
{
    const wchar_t *value = request->word_count == word + 1 ? request->words[word] : L"";
    *is_on = _wcsicmp(value, L"on") == 0;
    return *is_on || _wcsicmp(value, L"off") == 0;
}

static int order_refuse(struct request *request)
{
    bool is_on = false;
    if (!sim_request_switch(request, 0, &is_on))
    {
        sim_text_error("say refuse on or refuse off");
        return EXIT_USAGE;
    }
    sim_fault_area_lock(&request->area);
    request->area.state->is_refusing = is_on;
    sim_request_publish(request);
    sim_text_out("new activations are %s\n", is_on ? "refused" : "accepted");
    return EXIT_DONE;
}

static int order_clear(struct request *request)
{
    struct sim_fault_state *state = request->area.state;
    sim_fault_area_lock(&request->area);
    state->is_hung = 0;
    state->is_refusing = 0;
    sim_order_clear(state);
    for (int i = 0; i < SIM_RULES_MAX; i++)
    {
        state->rules[i] = (struct sim_rule){.serial = ++state->next_serial};
    }
    return sim_request_publish_and_await(request, "without faults");
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

int sim_request_add_rule(struct request *request, int word, struct sim_rule rule)
{
    char name[80];
    const wchar_t *method = request->word_count > word ? request->words[word] : L"";
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
    rule.count = request->count;
    state->rules[place] = rule;
    return sim_request_publish_and_await(request, "told");
}

static int order_fail(struct request *request)
{
    unsigned long code = request->word_count == 2 ? wcstoul(request->words[1], NULL, 0) : 0;
    if (code < 0x80000000ul)
    {
        sim_text_error("say fail METHOD HRESULT, for example fail IOPCItemMgt.AddItems 0x80004005");
        return EXIT_USAGE;
    }
    return sim_request_add_rule(request, 0,
                                (struct sim_rule){.kind = SIM_RULE_FAIL, .hresult = (int32_t)code});
}

static int order_slow(struct request *request)
{
    unsigned long delay = request->word_count == 2 ? wcstoul(request->words[1], NULL, 10) : 0;
    if (delay == 0)
    {
        sim_text_error("say slow METHOD MS, for example slow IOPCServer.GetStatus 500");
        return EXIT_USAGE;
    }
    return sim_request_add_rule(
        request, 0, (struct sim_rule){.kind = SIM_RULE_SLOW, .delay_ms = (uint32_t)delay});
}

static int order_hang(struct request *request)
{
    if (request->word_count > 0)
    {
        return sim_request_add_rule(request, 0, (struct sim_rule){.kind = SIM_RULE_HANG});
    }
    sim_fault_area_lock(&request->area);
    request->area.state->is_hung = 1;
    return sim_request_publish_and_await(request, "hung");
}

static void print_rules(const struct sim_fault_state *state)
{
    static const char *const words[] = {"none", "fail",       "slow",    "hang",
                                        "kill", "disconnect", "shutdown"};
    for (int i = 0; i < SIM_RULES_MAX; i++)
    {
        const struct sim_rule *rule = &state->rules[i];
        if (rule->kind != SIM_RULE_NONE && rule->kind <= SIM_RULE_SHUTDOWN &&
            rule->method < SIM_METHOD_COUNT)
        {
            sim_text_out("rule\t%s\t%s\tcode=0x%08lx\tms=%u\tfrom=%u\tcount=%u\t%s\n",
                         words[rule->kind], sim_method_name((enum sim_method)rule->method),
                         (unsigned long)(uint32_t)rule->hresult, rule->delay_ms, rule->first,
                         rule->count, rule->is_after ? "after" : "before");
        }
    }
}

static int order_status(struct request *request)
{
    const struct sim_fault_state *state = request->area.state;
    sim_fault_area_lock(&request->area);
    sim_text_out("machine\t%s\thung=%ld\trefusing=%ld\n", request->area.name, state->is_hung,
                 state->is_refusing);
    print_rules(state);
    sim_order_print_status(state);
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        const struct sim_process *process = &state->processes[i];
        HANDLE handle = sim_fault_area_open_process(process);
        if (handle != NULL)
        {
            sim_text_out("process\tpid=%u\thost_pid=%u\tcalls=%ld\twaiting=%ld\tclients=%ld\n",
                         process->pid, process->host_pid, process->calls, process->waiting,
                         process->clients);
            CloseHandle(handle);
        }
    }
    sim_fault_area_unlock(&request->area);
    return EXIT_DONE;
}

static const struct order
{
    const wchar_t *word;
    int (*carry_out)(struct request *request);
    const char *help;
} orders[] = {
    {L"kill",           order_kill,               "kill [METHOD] [--away]   end each process at once"              },
    {L"hang",           order_hang,               "hang [METHOD]            answer nothing any more, as if stopped"},
    {L"resume",         order_resume,             "resume                   go on after hang and stop-callbacks"   },
    {L"shutdown",       order_shutdown,
     "shutdown [METHOD] [--away]\n"
     "                           ask all clients to leave, end after 5 s"                                          },
    {L"refuse",         order_refuse,             "refuse on|off            let new activations fail"              },
    {L"disconnect",     sim_order_disconnect,
     "disconnect [all|server|group] [METHOD]\n"
     "                           disconnect these objects from their clients; the process lives\n"
     "                           on and takes new clients at once"                                                 },
    {L"fail",           order_fail,               "fail METHOD HRESULT      answer that code"                      },
    {L"slow",           order_slow,               "slow METHOD MS           hold each call for so long"            },
    {L"stop-callbacks", sim_order_stop_callbacks,
     "stop-callbacks           send no callbacks, answer everything else; until resume"                            },
    {L"not-ready",      sim_order_not_ready,
     "not-ready SECONDS        NOCONFIG as status, all items bad, for so long"                                     },
    {L"quality",        sim_order_quality,
     "quality ITEM|BRANCH bad|uncertain|good|own\n"
     "                           that quality for an item or all below a branch"                                   },
    {L"freeze",         sim_order_freeze,         "freeze ITEM|BRANCH       value and time stamp stay as they are" },
    {L"unfreeze",       sim_order_unfreeze,       "unfreeze ITEM|BRANCH     the opposite"                          },
    {L"refuse-items",   sim_order_refuse_items,
     "refuse-items PATTERN on|off\n"
     "                           AddItems and ValidateItems don't know matching items"                             },
    {L"clear",          order_clear,              "clear                    no faults"                             },
    {L"status",         order_status,             "status                   processes and faults in force"         },
};

#define ORDER_COUNT (sizeof(orders) / sizeof(orders[0]))

void sim_fault_console_print_help(void)
{
    for (size_t i = 0; i < ORDER_COUNT; i++)
    {
        sim_text_out("  %s\n", orders[i].help);
    }
    sim_text_out(
        "  --away refuses activation from then on, until clear. METHOD is for example\n"
        "  IOPCServer.GetStatus; --from N and --count N hit only those calls of it, --before\n"
        "  they are carried out (default) or --after that, so that the answer is lost:\n"
        "  clients get RPC_S_CALL_FAILED after kill and disconnect.\n");
}

static bool parse_words(int count, wchar_t *const *words, struct request *request)
{
    for (int i = 0; i < count; i++)
    {
        bool is_from = _wcsicmp(words[i], L"--from") == 0;
        if (_wcsicmp(words[i], L"--away") == 0)
        {
            request->is_away = true;
        }
        else if (_wcsicmp(words[i], L"--before") == 0 || _wcsicmp(words[i], L"--after") == 0)
        {
            request->is_after = _wcsicmp(words[i], L"--after") == 0;
        }
        else if ((is_from || _wcsicmp(words[i], L"--count") == 0) && i + 1 < count)
        {
            uint32_t number = (uint32_t)wcstoul(words[++i], NULL, 10);
            *(is_from ? &request->first : &request->count) = number;
        }
        else if (words[i][0] != L'-' && request->word_count < SIM_WORDS_MAX)
        {
            request->words[request->word_count++] = words[i];
        }
        else
        {
            sim_text_error("unknown option %ls; rmsim /help lists them", words[i]);
            return false;
        }
    }
    return true;
}

int sim_fault_console(int count, wchar_t *const *arguments)
{
    if (count < 2 || !sim_options_is_name(arguments[0]))
    {
        sim_text_error("say rmsim /fault NAME ORDER; rmsim /help lists the orders");
        return EXIT_USAGE;
    }
    struct request request = {.word_count = 0};
    if (!parse_words(count - 2, arguments + 2, &request))
    {
        return EXIT_USAGE;
    }
    for (size_t i = 0; i < ORDER_COUNT; i++)
    {
        if (_wcsicmp(arguments[1], orders[i].word) != 0)
        {
            continue;
        }
        char name[SIM_NAME_MAX + 1];
        sim_text_utf8(arguments[0], name, sizeof(name));
        if (!sim_registration_exists(name))
        {
            sim_text_error("%s is not registered; rmsim /regserver %s does that", name, name);
            return EXIT_NOT_DONE;
        }
        if (!sim_fault_area_open(name, &request.area))
        {
            sim_text_error("the fault area of %s can't be opened (error %lu)", name,
                           GetLastError());
            return EXIT_NOT_DONE;
        }
        int status = orders[i].carry_out(&request);
        sim_fault_area_close(&request.area);
        return status;
    }
    sim_text_error("unknown order %ls; rmsim /help lists them", arguments[1]);
    return EXIT_USAGE;
}
