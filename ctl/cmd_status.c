/* rmctl status */
#include <string.h>

#include "output.h"
#include "status_report.h"

static const struct ctl_option status_options[] = {
    {"--watch",   NULL, "a line for each change, until Ctrl+C"               },
    {"--lines",   NULL, "with --watch: a line for each change"},
    {"--all",     NULL, "with --watch: the events that are there already too"},
    {"--seconds", "N",  "with --watch: end after N seconds"                  },
};

struct printer
{
    struct json json;
    bool is_json;
    unsigned count;
};

static void print_server(struct printer *printer, const char *progid,
                         const struct rm_status_slot *sessions, size_t count)
{
    struct status_server server = {.progid = progid, .sessions = sessions, .count = count};
    rm_hooks_query(progid, &server.hook);
    if (printer->is_json)
    {
        status_print_json(&printer->json, &server);
    }
    else
    {
        output_print("%s", printer->count > 0 ? "\n" : "");
        status_print_text(&server);
    }
    printer->count++;
}

static bool is_listed(const struct status_list *list, const char *progid)
{
    for (size_t i = 0; i < list->count; i++)
    {
        if (_stricmp(list->slots[i].server, progid) == 0)
        {
            return true;
        }
    }
    return false;
}

/* All that clients have open, then what is enabled and not open. */
static void print_servers(struct printer *printer, const struct status_list *list,
                          const char *wanted)
{
    for (size_t first = 0; first < list->count;)
    {
        size_t behind = first + 1;
        while (behind < list->count &&
               _stricmp(list->slots[behind].server, list->slots[first].server) == 0)
        {
            behind++;
        }
        if (wanted == NULL || _stricmp(wanted, list->slots[first].server) == 0)
        {
            print_server(printer, list->slots[first].server, &list->slots[first], behind - first);
        }
        first = behind;
    }
    struct rm_hook_info info;
    for (unsigned index = 0; rm_hooks_enumerate(index, &info); index++)
    {
        if (!is_listed(list, info.progid) && (wanted == NULL || _stricmp(wanted, info.progid) == 0))
        {
            print_server(printer, info.progid, NULL, 0);
        }
    }
}

static enum ctl_exit print_status(struct ctl *ctl)
{
    struct status_source source = {0};
    struct status_list list;
    const char *wanted = ctl->plain_count > 0 ? ctl->plain[0] : NULL;
    status_source_open(&source);
    bool has_memory = status_list_read(&source, &list);
    bool is_other_version = source.is_other_version;
    status_source_close(&source);
    if (!has_memory)
    {
        return ctl_fail(ctl, "Out of memory.");
    }
    if (is_other_version && list.count == 0)
    {
        return ctl_fail(ctl, "Clients run with another version of RedundancyMaster, whose state"
                             " this rmctl can't read. Restart them after an update.");
    }
    struct printer printer = {.is_json = ctl->is_json};
    if (ctl->is_json)
    {
        char time[OUTPUT_TIME_SIZE];
        output_time(output_now(), true, time);
        json_begin_object(&printer.json, NULL);
        json_text(&printer.json, "time", time);
        json_begin_array(&printer.json, "servers");
    }
    print_servers(&printer, &list, wanted);
    if (ctl->is_json)
    {
        json_end_array(&printer.json);
        json_end_object(&printer.json);
    }
    else if (printer.count == 0 && wanted != NULL)
    {
        output_print("'%s' is not enabled on this computer, and no client has it open.\n", wanted);
    }
    else if (printer.count == 0)
    {
        output_print("No redundant server is enabled on this computer, and no client has one"
                     " open.\n");
    }
    status_list_free(&list);
    return CTL_FINE;
}

static enum ctl_exit run_status(struct ctl *ctl)
{
    unsigned seconds = 0;
    if (!ctl_has(ctl, "--watch"))
    {
        return ctl->given_count > 0
                   ? ctl_misuse(ctl, "Option '%s' goes with --watch.", ctl->given[0].name)
                   : print_status(ctl);
    }
    if (ctl->plain_count > 0)
    {
        return ctl_misuse(ctl, "--watch shows all redundant servers; give no ProgID with it.");
    }
    const char *text = ctl_value(ctl, "--seconds");
    enum ctl_exit status =
        text != NULL ? ctl_number(ctl, "--seconds", text, 1, 1000000, &seconds) : CTL_FINE;
    return status == CTL_FINE ? status_watch(ctl, seconds) : status;
}

const struct ctl_command ctl_command_status = {
    .name = "status",
    .arguments = "[PROGID] | --watch [--all] [--seconds N]",
    .summary = "shows who is active, how the machines are, and the last events",
    .details =
        "Needs neither rights nor the settings file: the sessions in the clients' processes\n"
        "publish their state in shared memory. With --json, --watch prints one object per"
        " line.",
    .options = status_options,
    .option_count = sizeof status_options / sizeof *status_options,
    .plain_max = 1,
    .prints_json = true,
    .run = run_status,
};
