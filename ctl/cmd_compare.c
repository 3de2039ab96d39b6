/* rmctl compare: in what the machines of a redundant server differ. */
#include <string.h>

#include "compare.h"
#include "compare_report.h"

#define TIMEOUT_S     30
#define TIMEOUT_S_MAX 600

static const struct ctl_option options[] = {
    {"--branch",  "NAME", "everything in that branch, asked for now; \"\": the whole address space"},
    {"--depth",   "N",    "with --branch: so many levels below it (default: all)"                  },
    {"--item",    "ID",   "that item, asked for now; may be repeated"                              },
    {"--timeout", "S",    "how long a machine may take for one answer (default: 30)"               },
};

static enum ctl_exit take_wish(struct ctl *ctl, struct compare_wish *wish)
{
    const char *depth = ctl_value(ctl, "--depth");
    const char *timeout = ctl_value(ctl, "--timeout");
    unsigned timeout_s = TIMEOUT_S;
    enum ctl_exit status = CTL_FINE;
    *wish = (struct compare_wish){.progid = ctl->plain[0], .branch = ctl_value(ctl, "--branch")};
    for (size_t i = 0; i < ctl->given_count; i++)
    {
        if (strcmp(ctl->given[i].name, "--item") == 0)
        {
            wish->items[wish->item_count++] = ctl->given[i].value;
        }
    }
    if (wish->branch != NULL && wish->item_count > 0)
    {
        return ctl_misuse(ctl, "Give either --branch or --item.");
    }
    if (depth != NULL && wish->branch == NULL)
    {
        return ctl_misuse(ctl, "Option '--depth' goes with --branch.");
    }
    if (timeout != NULL && wish->branch == NULL && wish->item_count == 0)
    {
        return ctl_misuse(ctl, "Option '--timeout' goes with --branch or --item.");
    }
    if (depth != NULL)
    {
        status = ctl_number(ctl, "--depth", depth, 1, 64, &wish->depth);
    }
    if (status == CTL_FINE && timeout != NULL)
    {
        status = ctl_number(ctl, "--timeout", timeout, 1, TIMEOUT_S_MAX, &timeout_s);
    }
    wish->timeout_ms = timeout_s * 1000u;
    return status;
}

static enum ctl_exit run_compare(struct ctl *ctl)
{
    struct compare_wish wish;
    struct rm_config config;
    if (take_wish(ctl, &wish) != CTL_FINE)
    {
        return COMPARE_INCOMPLETE;
    }
    if (wish.branch == NULL && wish.item_count == 0)
    {
        return compare_sessions(ctl, wish.progid);
    }
    if (ctl_load(ctl, &config) != CTL_FINE)
    {
        return COMPARE_INCOMPLETE;
    }
    const struct rm_server_config *server = ctl_find(ctl, &config, wish.progid);
    enum ctl_exit status = server != NULL ? compare_branch(ctl, server, &wish) : COMPARE_INCOMPLETE;
    rm_config_clear(&config);
    return status;
}

const struct ctl_command ctl_command_compare = {
    .name = "compare",
    .arguments = "PROGID [--branch NAME [--depth N] | --item ID ...] [--timeout S]",
    .summary = "shows in what the machines differ: items, types, access rights",
    .details =
        "Without options: the items that clients use, as their sessions see them on each\n"
        "machine, compared with the active one; nothing is asked of any server.\n"
        "With --branch or --item, rmctl connects to each machine itself, as a client, with\n"
        "the account that it runs under. It compares names, item IDs, data types and access\n"
        "rights, and writes nothing. Large address spaces take minutes; progress is told on\n"
        "standard error, Ctrl+C ends it.\n"
        "Exit status: 0 the same, 1 different, 2 not or not wholly compared.",
    .options = options,
    .option_count = sizeof options / sizeof *options,
    .plain_min = 1,
    .plain_max = 1,
    .prints_json = true,
    .run = run_compare,
};
