#include "faultconsole.h"
#include "faultapply.h"
#include "faultrequest.h"
#include "options.h"
#include "registration.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

#define CALLS_MAX 1000000000 /* --from and --count */

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
    sim_fault_area_publish(&request->area);
    for (int i = 0; i < hit; i++)
    {
        missed += WaitForSingleObject(killed[i], SIM_PROCESS_ANSWER_MS) != WAIT_OBJECT_0;
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
    LONG generation = sim_fault_area_publish(&request->area);
    return sim_request_await(request, offsetof(struct sim_process, shut_down), generation,
                             "asked to shut down");
}

static int order_refuse(struct request *request)
{
    bool is_on = false;
    if (!sim_request_switch(request, 0, &is_on))
    {
        sim_text_error("say refuse on or refuse off");
        return EXIT_USAGE;
    }
    return sim_request_order(request, &(struct sim_order){.kind = SIM_ORDER_REFUSE, .is_on = is_on},
                             is_on ? "refusing new activations" : "accepting new activations");
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
    if (request->word_count > 0 && request->at != NULL)
    {
        sim_text_error("say hang METHOD or hang --at METHOD");
        return EXIT_USAGE;
    }
    if (request->word_count > 0)
    {
        return sim_request_add_rule(request, 0, (struct sim_rule){.kind = SIM_RULE_HANG});
    }
    return sim_request_order(request, &(struct sim_order){.kind = SIM_ORDER_HANG}, "hung");
}

static void print_rules(const struct sim_fault_state *state)
{
    static const char *const words[] = {"none", "fail",       "slow",     "hang",
                                        "kill", "disconnect", "shutdown", "order"};
    for (int i = 0; i < SIM_RULES_MAX; i++)
    {
        const struct sim_rule *rule = &state->rules[i];
        const struct sim_order *order = &state->orders[i];
        if (rule->kind == SIM_RULE_NONE || rule->kind > SIM_RULE_ORDER ||
            rule->method >= SIM_METHOD_COUNT)
        {
            continue;
        }
        sim_text_out("rule\t%s\t%s\tcode=0x%08lx\tms=%u\tfrom=%u\tcount=%u\t%s", words[rule->kind],
                     sim_method_name((enum sim_method)rule->method),
                     (unsigned long)(uint32_t)rule->hresult, rule->delay_ms, rule->first,
                     rule->count, rule->is_after ? "after" : "before");
        if (rule->kind == SIM_RULE_ORDER)
        {
            char target[3 * SIM_TARGET_MAX + 1];
            sim_text_out("\t%s %s", sim_fault_apply_name(order),
                         sim_text_utf8(order->item.target, target, sizeof(target)));
        }
        sim_text_out("\n");
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
    bool can_wait; /* takes --at */
    const char *help;
} orders[] = {
    {L"kill",           order_kill,               false, "kill [METHOD] [--away]   end each process at once"              },
    {L"hang",           order_hang,               true,  "hang [METHOD]            answer nothing any more, as if stopped"},
    {L"resume",         order_resume,             false,
     "resume                   go on after hang and stop-callbacks"                                                       },
    {L"shutdown",       order_shutdown,           false,
     "shutdown [METHOD] [--away]\n"
     "                           ask all clients to leave, end after 5 s"                                                 },
    {L"refuse",         order_refuse,             true,  "refuse on|off            let new activations fail"              },
    {L"disconnect",     sim_order_disconnect,     false,
     "disconnect [all|server|group] [METHOD]\n"
     "                           disconnect these objects from their clients; the process lives\n"
     "                           on and takes new clients at once"                                                        },
    {L"fail",           order_fail,               false, "fail METHOD HRESULT      answer that code"                      },
    {L"slow",           order_slow,               false, "slow METHOD MS           hold each call for so long"            },
    {L"stop-callbacks", sim_order_stop_callbacks, true,
     "stop-callbacks           send no callbacks, answer everything else; until resume"                                   },
    {L"not-ready",      sim_order_not_ready,      true,
     "not-ready SECONDS        NOCONFIG as status, all items bad, for so long"                                            },
    {L"quality",        sim_order_quality,        true,
     "quality ITEM|BRANCH bad|uncertain|good|own\n"
     "                           that quality for an item or all below a branch"                                          },
    {L"freeze",         sim_order_freeze,         true,
     "freeze ITEM|BRANCH       value and time stamp stay as they are"                                                     },
    {L"unfreeze",       sim_order_unfreeze,       true,  "unfreeze ITEM|BRANCH     the opposite"                          },
    {L"refuse-items",   sim_order_refuse_items,   true,
     "refuse-items PATTERN on|off\n"
     "                           AddItems and ValidateItems don't know matching items"                                    },
    {L"clear",          order_clear,              false, "clear                    no faults"                             },
    {L"status",         order_status,             false, "status                   processes and faults in force"         },
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
        "  clients get RPC_S_CALL_FAILED after kill and disconnect.\n"
        "  hang, refuse, stop-callbacks, not-ready, quality, freeze, unfreeze and refuse-items\n"
        "  hit the machine as a whole; with --at METHOD [--from N] they wait, and are carried\n"
        "  out once, at the n-th call of it that a process gets, before or --after it. A\n"
        "  callback that stop-callbacks has waited for is still sent.\n");
}

static bool has_value(const wchar_t *word)
{
    return _wcsicmp(word, L"--from") == 0 || _wcsicmp(word, L"--count") == 0 ||
           _wcsicmp(word, L"--at") == 0;
}

/* The value of an option that has one; text is NULL where the line ends before it. */
static bool take_value(const wchar_t *word, wchar_t *text, struct request *request)
{
    wchar_t *end = NULL;
    bool is_at = _wcsicmp(word, L"--at") == 0;
    unsigned long number = is_at || text == NULL ? 0 : wcstoul(text, &end, 10);
    if (text == NULL)
    {
        sim_text_error("%ls needs a value", word);
        return false;
    }
    if (is_at)
    {
        request->at = text;
        return true;
    }
    if (wcschr(L"0123456789", text[0]) == NULL || *end != L'\0' || number < 1 || number > CALLS_MAX)
    {
        sim_text_error("%ls takes a number from 1 to %d, not %ls", word, CALLS_MAX, text);
        return false;
    }
    *(_wcsicmp(word, L"--from") == 0 ? &request->first : &request->count) = (uint32_t)number;
    return true;
}

static bool parse_words(int count, wchar_t *const *words, struct request *request)
{
    for (int i = 0; i < count; i++)
    {
        if (_wcsicmp(words[i], L"--away") == 0)
        {
            request->is_away = true;
        }
        else if (_wcsicmp(words[i], L"--before") == 0 || _wcsicmp(words[i], L"--after") == 0)
        {
            request->is_after = _wcsicmp(words[i], L"--after") == 0;
        }
        else if (has_value(words[i]))
        {
            if (!take_value(words[i], i + 1 < count ? words[i + 1] : NULL, request))
            {
                return false;
            }
            i++;
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
        if (request.at != NULL && !orders[i].can_wait)
        {
            sim_text_error("%ls doesn't go with --at; rmsim /help lists what does", arguments[1]);
            return EXIT_USAGE;
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
