/* The differences of the items in use, as the running sessions know them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/failover.h>

#include "compare.h"
#include "compare_report.h"
#include "output.h"
#include "status_readiness.h"
#include "status_report.h"

#define WORDS_SIZE 192
#define CUT_ADVICE "To see all, compare with --branch."

/* A difference, and what its session compared with. */
struct finding
{
    const struct rm_status_difference *difference;
    const struct rm_status_slot *slot;
};

struct comparison
{
    struct ctl *ctl;
    struct compare_report report;
    struct finding *findings; /* of all sessions */
    size_t count;
    uint32_t items; /* of the session that has most */
    bool is_open;   /* some client has it open */
    enum ctl_exit status;
};

static struct compare_name name_of(const struct rm_status_slot *slot, unsigned machine)
{
    return (struct compare_name){machine,
                                 machine > 0 ? slot->machines[machine - 1].host : "no machine"};
}

static int compare_findings(const void *left, const void *right)
{
    const struct rm_status_difference *a = ((const struct finding *)left)->difference;
    const struct rm_status_difference *b = ((const struct finding *)right)->difference;
    if (a->machine != b->machine)
    {
        return a->machine > b->machine ? 1 : -1;
    }
    int by_name = strcmp(a->name, b->name);
    if (by_name != 0)
    {
        return by_name;
    }
    return a->kind != b->kind     ? (a->kind > b->kind ? 1 : -1)
           : a->there != b->there ? (a->there > b->there ? 1 : -1)
                                  : (a->here > b->here) - (a->here < b->here);
}

static bool collect(struct comparison *comparison, const struct status_server *server)
{
    comparison->findings =
        calloc(server->count * RM_STATUS_DIFFERENCES + 1, sizeof *comparison->findings);
    if (comparison->findings == NULL)
    {
        return false;
    }
    for (size_t i = 0; i < server->count; i++)
    {
        const struct rm_status_slot *slot = &server->sessions[i];
        for (unsigned k = 0; k < slot->difference_count; k++)
        {
            const struct rm_status_difference *difference = &slot->differences[k];
            if (difference->machine > 0 && difference->kind != RM_DIFFERENCE_NONE)
            {
                comparison->findings[comparison->count++] = (struct finding){difference, slot};
            }
        }
    }
    qsort(comparison->findings, comparison->count, sizeof *comparison->findings, compare_findings);
    return true;
}

/* What several sessions say is said once. */
static void print_findings(struct comparison *comparison, unsigned machine)
{
    const struct finding *last = NULL;
    for (size_t i = 0; i < comparison->count; i++)
    {
        const struct finding *finding = &comparison->findings[i];
        const struct rm_status_difference *found = finding->difference;
        if (found->machine != machine || (last != NULL && compare_findings(last, finding) == 0))
        {
            continue;
        }
        struct rm_difference difference = {.kind = (enum rm_difference_kind)found->kind,
                                           .here = found->here,
                                           .there = found->there,
                                           .name = found->name,
                                           .other_id = ""};
        compare_report_difference(&comparison->report, name_of(finding->slot, machine),
                                  name_of(finding->slot, finding->slot->active), &difference);
        last = finding;
    }
}

/* How many differences a session knows of beyond those in its list. */
static uint64_t count_unlisted(const struct rm_status_slot *slot, unsigned machine)
{
    uint64_t listed = 0;
    for (unsigned i = 0; i < slot->difference_count; i++)
    {
        listed += slot->differences[i].machine == machine ? 1 : 0;
    }
    uint64_t all = slot->machines[machine - 1].difference_count;
    return all > listed ? all - listed : 0;
}

/* Whether the session can tell anything of that machine; else why not. */
static bool is_known(struct comparison *comparison, const struct rm_status_slot *slot,
                     unsigned machine)
{
    const struct rm_status_machine *at = &slot->machines[machine - 1];
    char why[WORDS_SIZE] = "is not ready yet";
    if (at->connection == RM_CONNECTION_UP && at->is_ready != 0)
    {
        return true;
    }
    if (at->connection != RM_CONNECTION_UP)
    {
        char code[WORDS_SIZE];
        rm_difference_value(RM_DIFFERENCE_REFUSED, at->last_code, code, sizeof code);
        snprintf(why, sizeof why, "is not connected%s%s", code[0] != '\0' ? ": " : "", code);
    }
    compare_report_failure(
        &comparison->report, name_of(slot, machine), "for %s (%u) it %s; nothing is known of it%s",
        slot->process_name, (unsigned)slot->process_id, why,
        slot->mode == RM_MODE_COLD ? " (cold mode: compare with --branch or --item)"
                                   : ", see 'rmctl status'");
    return false;
}

static void print_machine(struct comparison *comparison, const struct status_server *server,
                          unsigned machine)
{
    const struct rm_status_machine *least = status_least_ready(server, machine);
    uint64_t unlisted = 0;
    char words[WORDS_SIZE];
    for (size_t i = 0; i < server->count; i++)
    {
        const struct rm_status_slot *slot = &server->sessions[i];
        if (slot->machine_count >= machine && is_known(comparison, slot, machine))
        {
            uint64_t here = count_unlisted(slot, machine);
            unlisted = here > unlisted ? here : unlisted;
            uint32_t items = slot->machines[machine - 1].items;
            comparison->items = items > comparison->items ? items : comparison->items;
        }
    }
    if (least == NULL)
    {
        return;
    }
    struct compare_name name = {machine, least->host};
    status_readiness_words(least, words, sizeof words);
    compare_report_note(&comparison->report, name, "%sready %s",
                        status_sessions_on(server, machine) > 0 ? "active, " : "", words);
    print_findings(comparison, machine);
    if (unlisted > 0)
    {
        compare_report_more(&comparison->report, name, unlisted, CUT_ADVICE);
    }
}

static void compare_server(const struct status_server *server, void *context)
{
    struct comparison *comparison = context;
    unsigned machines = 0;
    char compared[64];
    comparison->is_open = server->count > 0;
    if (server->count == 0)
    {
        return;
    }
    if (!collect(comparison, server))
    {
        ctl_fail(comparison->ctl, "Out of memory.");
        return;
    }
    for (size_t i = 0; i < server->count; i++)
    {
        uint32_t here = server->sessions[i].machine_count;
        machines = here > machines ? here : machines;
    }
    compare_report_begin(&comparison->report, comparison->ctl, server->progid,
                         "the items in use, compared with the active machine");
    for (unsigned machine = 1; machine <= machines; machine++)
    {
        print_machine(comparison, server, machine);
    }
    snprintf(compared, sizeof compared, "%u items of %u session%s on %u machines",
             (unsigned)comparison->items, (unsigned)server->count, server->count == 1 ? "" : "s",
             machines);
    comparison->status = compare_report_end(&comparison->report, compared);
    free(comparison->findings);
}

enum ctl_exit compare_sessions(struct ctl *ctl, const char *progid)
{
    struct status_source source = {.instance = ctl->instance};
    struct status_list list;
    struct comparison comparison = {.ctl = ctl, .status = COMPARE_INCOMPLETE};
    status_source_open(&source);
    bool has_memory = status_list_read(&source, &list);
    bool is_other_version = source.is_other_version;
    status_source_close(&source);
    if (!has_memory)
    {
        ctl_fail(ctl, "Out of memory.");
        return COMPARE_INCOMPLETE;
    }
    status_for_each(&list, NULL, progid, compare_server, &comparison);
    status_list_free(&list);
    if (!comparison.is_open && is_other_version)
    {
        status_other_version(ctl);
    }
    else if (!comparison.is_open)
    {
        ctl_fail(ctl,
                 "No client has '%s' open, so no items are in use. Compare the machines themselves:"
                 " rmctl compare %s --branch \"\"",
                 progid, progid);
    }
    return comparison.status;
}
