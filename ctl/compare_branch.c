/* rmctl compare as an OPC client: connects to each machine, compares, leaves. */
#include <stdio.h>
#include <stdlib.h>

#include "compare_walk.h"
#include "output.h"

#define LIST_BYTES_MAX (32u << 20) /* of one branch on one machine */
#define WORDS_SIZE     256
#define THREAD_END_MS  500

static unsigned connect_all(struct compare_walk *walk)
{
    bool is_asked[RM_MACHINES_MAX];
    bool is_3_everywhere = true;
    unsigned connected = 0;
    for (unsigned i = 0; i < walk->count; i++)
    {
        is_asked[i] = compare_machine_start(&walk->machines[i]);
        walk->machines[i].is_lost = !is_asked[i];
        if (!is_asked[i])
        {
            compare_report_failure(&walk->report, compare_name_of(&walk->machines[i]),
                                   "no thread could be started for it");
        }
    }
    compare_order_all(walk, COMPARE_CONNECT, is_asked);
    for (unsigned i = 0; i < walk->count && !walk->is_stopped; i++)
    {
        struct compare_machine *machine = &walk->machines[i];
        if (!machine->is_lost && machine->failed_call != NULL)
        {
            compare_report_call(walk, machine);
            machine->is_lost = true;
        }
        else if (!machine->is_lost && walk->wish->branch != NULL && !machine->offers_3 &&
                 !machine->offers_2)
        {
            compare_report_failure(&walk->report, compare_name_of(machine),
                                   "its address space can't be browsed; compare with --item");
            machine->is_lost = true;
        }
        connected += machine->is_lost ? 0 : 1;
        is_3_everywhere = is_3_everywhere && (machine->is_lost || machine->offers_3);
    }
    for (unsigned i = 0; i < walk->count; i++)
    {
        walk->machines[i].browses_3 = is_3_everywhere || !walk->machines[i].offers_2;
    }
    return connected;
}

static void leave_all(struct compare_walk *walk)
{
    bool is_asked[RM_MACHINES_MAX] = {false};
    for (unsigned i = 0; i < walk->count; i++)
    {
        is_asked[i] = walk->machines[i].thread != NULL && !walk->machines[i].is_given_up;
        walk->machines[i].is_lost = !is_asked[i]; /* lost ones leave, too, where they can */
    }
    compare_order_all(walk, COMPARE_LEAVE, is_asked);
}

static void fill_machines(struct compare_walk *walk, const struct rm_server_config *server)
{
    for (unsigned i = 0; i < walk->count; i++)
    {
        struct compare_machine *machine = &walk->machines[i];
        machine->number = i + 1;
        machine->config = &server->machines[i];
        machine->host = server->machines[i].host;
        machine->progid = rm_server_machine_progid(server, i + 1);
        machine->list.bytes_max = LIST_BYTES_MAX;
    }
}

static bool is_any_thread_left(const struct compare_walk *walk)
{
    for (unsigned i = 0; i < walk->count; i++)
    {
        if (walk->machines[i].thread != NULL &&
            WaitForSingleObject(walk->machines[i].thread, THREAD_END_MS) != WAIT_OBJECT_0)
        {
            return true;
        }
    }
    return false;
}

static void free_machines(struct compare_walk *walk)
{
    for (unsigned i = 0; i < walk->count; i++)
    {
        rm_branch_list_clear(&walk->machines[i].list);
        CloseHandle(walk->machines[i].thread);
        CloseHandle(walk->machines[i].wanted);
        CloseHandle(walk->machines[i].done);
    }
    free(walk->machines);
}

static enum ctl_exit run_walk(struct compare_walk *walk, struct ctl *ctl)
{
    char scope[WORDS_SIZE], compared[WORDS_SIZE];
    const char *branch = walk->wish->branch;
    if (branch != NULL && branch[0] != '\0')
    {
        snprintf(scope, sizeof scope, "branch '%s' of each machine", branch);
    }
    else
    {
        snprintf(scope, sizeof scope, "%s of each machine",
                 branch != NULL ? "the address space" : "chosen items");
    }
    compare_report_begin(&walk->report, ctl, walk->wish->progid, scope);
    walk->told_ms = GetTickCount64();
    unsigned connected = connect_all(walk);
    if (connected > 1 && branch != NULL)
    {
        compare_walk_branch(walk);
    }
    else if (connected > 1)
    {
        compare_walk_items(walk);
    }
    if (walk->is_stopped)
    {
        output_error("stopped by Ctrl+C");
        walk->report.failures++;
    }
    else
    {
        leave_all(walk);
    }
    snprintf(compared, sizeof compared, "%llu entries of %u branch%s on %u machine%s",
             (unsigned long long)walk->entries, walk->branches, walk->branches == 1 ? "" : "es",
             connected, connected == 1 ? "" : "s");
    if (branch == NULL)
    {
        snprintf(compared, sizeof compared, "%llu items on %u machine%s",
                 (unsigned long long)walk->entries, connected, connected == 1 ? "" : "s");
    }
    return compare_report_end(&walk->report, compared);
}

enum ctl_exit compare_branch(struct ctl *ctl, const struct rm_server_config *server,
                             const struct compare_wish *wish)
{
    struct compare_walk walk = {.wish = wish, .count = (unsigned)server->machine_count};
    walk.machines = calloc(RM_MACHINES_MAX, sizeof *walk.machines);
    if (walk.machines == NULL)
    {
        ctl_fail(ctl, "Out of memory.");
        return COMPARE_INCOMPLETE;
    }
    fill_machines(&walk, server);
    enum ctl_exit status = run_walk(&walk, ctl);
    if (is_any_thread_left(&walk))
    {
        /* In a call of a server that hangs, where it may hold locks of COM: an orderly end of the
         * process could wait for it. */
        TerminateProcess(GetCurrentProcess(), (UINT)status);
    }
    free_machines(&walk);
    return status;
}
