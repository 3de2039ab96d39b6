/* Orders to all machines, and what came of them. */
#include <rm/code_words.h>

#include "compare_walk.h"
#include "output.h"

#define PROGRESS_MS  2000
#define FAILURES_MAX 10 /* of one machine, until it is left out */

struct compare_name compare_name_of(const struct compare_machine *machine)
{
    return (struct compare_name){machine->number, machine->host};
}

static void tell_progress(void *context)
{
    struct compare_walk *walk = context;
    ULONGLONG now_ms = GetTickCount64();
    if (now_ms - walk->told_ms < PROGRESS_MS)
    {
        return;
    }
    walk->told_ms = now_ms;
    output_error("... %llu entries of %u branches compared, now in '%s'",
                 (unsigned long long)walk->entries, walk->branches, walk->path);
}

/* Gives the order to all that are asked, and waits. Who does not answer, or has stopped to work, is
 * out of the comparison. */
void compare_order_all(struct compare_walk *walk, enum compare_order order,
                       const bool is_asked[RM_MACHINES_MAX])
{
    for (unsigned i = 0; i < walk->count; i++)
    {
        if (is_asked[i] && !walk->machines[i].is_lost)
        {
            compare_give(&walk->machines[i], order);
        }
    }
    bool was_stopped = walk->is_stopped;
    walk->is_stopped =
        !compare_wait(walk->machines, walk->count, walk->wish->timeout_ms, tell_progress, walk) ||
        was_stopped;
    for (unsigned i = 0; i < walk->count && !walk->is_stopped; i++)
    {
        struct compare_machine *machine = &walk->machines[i];
        if (machine->is_given_up && !machine->is_told)
        {
            compare_report_failure(&walk->report, compare_name_of(machine),
                                   "no answer to %s for %u s; it is left out from here on",
                                   machine->call, walk->wish->timeout_ms / 1000u);
            machine->is_told = true;
        }
    }
}

static bool is_no_such_branch(uint32_t code)
{
    return code == 0xC0040007u || code == 0xC0040008u || code == (uint32_t)E_INVALIDARG;
}

/* Whether no call can succeed any more: transport and process, by the codes' facility. */
static bool is_connection_lost(uint32_t code)
{
    return (code & 0xFFFFFF00u) == 0x80070600u || (code & 0xFFFFFF00u) == 0x80010000u ||
           (code & 0xFFFFFF00u) == 0x80010100u;
}

void compare_report_call(struct compare_walk *walk, struct compare_machine *machine)
{
    const char *words = rm_code_words(machine->result);
    if (machine->list_status == RM_E_TOO_LARGE)
    {
        compare_report_failure(&walk->report, compare_name_of(machine),
                               "branch '%s' has more entries than rmctl can compare", walk->path);
        return;
    }
    machine->is_lost = is_connection_lost(machine->result) || ++machine->failures == FAILURES_MAX;
    compare_report_failure(&walk->report, compare_name_of(machine),
                           "%s failed with 0x%08X%s%s, in '%s'%s", machine->failed_call,
                           (unsigned)machine->result, words[0] != '\0' ? ": " : "", words,
                           walk->path, machine->is_lost ? "; it is left out from here on" : "");
}

enum compare_outcome compare_judge(struct compare_walk *walk, struct compare_machine *machine)
{
    if (machine->is_lost)
    {
        return COMPARE_FAILED_THERE;
    }
    if (!machine->has_list && machine->place.level == 0 && machine->place.id[0] != '\0' &&
        is_no_such_branch(machine->result))
    {
        return COMPARE_NO_SUCH_BRANCH;
    }
    if (machine->failed_call != NULL)
    {
        compare_report_call(walk, machine);
    }
    return machine->has_list && !machine->is_lost ? COMPARE_HAS_LIST : COMPARE_FAILED_THERE;
}
