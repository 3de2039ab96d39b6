/* rmctl status */
#include <rm/config_xml.h>

#include "output.h"
#include "status_report.h"

static const struct ctl_option status_options[] = {
    {"--watch",   NULL, "until Ctrl+C: a table that follows, or a line for each change" },
    {"--table",   NULL, "with --watch: the table; what a console gets"                  },
    {"--lines",   NULL, "with --watch: the lines; what a file, a pipe and --json get"   },
    {"--all",     NULL, "with --watch: lines for the events that are there already, too"},
    {"--seconds", "N",  "with --watch: end after N seconds"                             },
};

struct printer
{
    struct rm_json json;
    bool is_json;
    unsigned count;
};

static void print_server(const struct status_server *server, void *context)
{
    struct printer *printer = context;
    if (printer->is_json)
    {
        status_print_json(&printer->json, server);
    }
    else
    {
        output_print("%s", printer->count > 0 ? "\n" : "");
        status_print_text(server);
    }
    printer->count++;
}

/* Whether the service is there; nothing of the sessions depends on it. */
static void print_service(struct printer *printer, const struct status_service *service)
{
    const struct rm_wire_welcome *welcome = &service->welcome;
    if (printer->is_json)
    {
        rm_json_begin_object(&printer->json, "service");
        rm_json_bool(&printer->json, "running", service->has_answered);
        rm_json_number(&printer->json, "processId",
                       service->has_answered ? welcome->process_id : 0);
        rm_json_text(&printer->json, "version", service->has_answered ? welcome->version : "");
        rm_json_end_object(&printer->json);
    }
    else if (service->has_answered)
    {
        output_print("\nThe service runs (process %u, version %s).\n", welcome->process_id,
                     welcome->version);
    }
    else
    {
        output_print("\nThe service does not run or does not answer. Clients go on without it, and"
                     " keep their\nevents until it is there; monitor items are not tested:"
                     " 'rmctl service status'.\n");
    }
}

/* What whoever looks here at night has to know of the file: that it can't be used. */
static void print_settings(struct printer *printer, const struct ctl *ctl)
{
    struct rm_config config;
    struct rm_config_error error = {RM_OK, 0, ""};
    enum rm_status status = rm_config_load(&config, ctl->config_path, &error);
    bool is_broken = status != RM_OK && status != RM_E_NOT_FOUND;
    rm_config_clear(&config);
    if (printer->is_json)
    {
        rm_json_begin_object(&printer->json, "settings");
        rm_json_text(&printer->json, "file", ctl->config_path);
        rm_json_bool(&printer->json, "usable", !is_broken);
        rm_json_text(&printer->json, "fault", is_broken ? error.message : "");
        rm_json_end_object(&printer->json);
    }
    else if (is_broken)
    {
        output_print("\nTHE SETTINGS FILE CAN'T BE USED: %s\nThe service and the clients go on with"
                     " the last good settings.\n",
                     error.message);
    }
}

enum ctl_exit status_other_version(struct ctl *ctl)
{
    return ctl_fail(ctl, "Clients run with another version of RedundancyMaster, whose state this"
                         " rmctl can't read. Restart them after an update.");
}

static enum ctl_exit print_status(struct ctl *ctl)
{
    struct status_source source = {.instance = ctl->instance};
    struct status_service service = {.instance = ctl->instance};
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
        return status_other_version(ctl);
    }
    status_service_read(&service);
    struct printer printer = {.json = {.put = ctl_put_json}, .is_json = ctl->is_json};
    if (ctl->is_json)
    {
        char time[OUTPUT_TIME_SIZE];
        output_time(rm_status_now(), true, time);
        rm_json_begin_object(&printer.json, NULL);
        rm_json_text(&printer.json, "time", time);
        rm_json_begin_array(&printer.json, "servers");
    }
    status_for_each(&list, &service, wanted, print_server, &printer);
    if (ctl->is_json)
    {
        rm_json_end_array(&printer.json);
        print_service(&printer, &service);
        print_settings(&printer, ctl);
        rm_json_end_object(&printer.json);
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
    if (!ctl->is_json)
    {
        print_service(&printer, &service);
        print_settings(&printer, ctl);
    }
    status_list_free(&list);
    status_service_close(&service);
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
    if (status != CTL_FINE)
    {
        return status;
    }
    bool wants_lines = ctl_has(ctl, "--lines") || ctl_has(ctl, "--all") || ctl->is_json;
    bool wants_table = ctl_has(ctl, "--table");
    if (wants_lines && wants_table)
    {
        return ctl_misuse(ctl, "--table doesn't go with --lines, --all or --json.");
    }
    return wants_table || (!wants_lines && output_is_console()) ? status_live(ctl, seconds)
                                                                : status_watch(ctl, seconds);
}

const struct ctl_command ctl_command_status = {
    .name = "status",
    .arguments = "[PROGID] | --watch [--table | --lines [--all]] [--seconds N]",
    .summary = "shows who is active, how the machines are, and the last events",
    .details =
        "Needs neither rights nor the settings file: the sessions in the clients' processes\n"
        "publish their state in shared memory. What their monitor items say, and who switched\n"
        "while no client is there, comes from the service; without it the rest is shown. With\n"
        "--json, --watch prints one object per line. The last lines say whether the service is\n"
        "there, and whether the settings file can't be used.",
    .options = status_options,
    .option_count = sizeof status_options / sizeof *status_options,
    .plain_max = 1,
    .prints_json = true,
    .run = run_status,
};
