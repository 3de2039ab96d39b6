/* rmctl monitor: the monitor items of a redundant server. */
#include <string.h>

#include <rm/monitor_config.h>

#include "ctl.h"
#include "monitor.h"

/* Names are those of rm_item_fields and rm_monitor_fields, with two dashes. */
static const struct ctl_option monitor_options[] = {
    {"--itemId",       "ID",       "modify: another item"                                   },
    {"--accessPath",   "PATH",     "for servers that need one"                              },
    {"--dataType",     "TYPE",
     "Default (the item's own), I1, I2, I4, I8, UI1, UI2, UI4, UI8, R4, R8, CY, BOOL, DATE, "
     "BSTR"                                                                                 },
    {"--updateRate",   "MS",       "how often the server should deliver it (1000)"          },
    {"--trigger",      "WORD",
     "in error when: bad, its quality is bad (the default; uncertain changes nothing); notGood, "
     "uncertain counts, too; value, its value compares so; noChange, for a time"            },
    {"--operator",     "WORD",
     "trigger value: equal, notEqual, less, greater; bitSet, bitClear of a bit's number"    },
    {"--value",        "TEXT",     "trigger value: what it is compared with"                },
    {"--time",         "MS",       "trigger noChange: at least twice the update rate"       },
    {"--weight",       "N",        "what its error counts (1)"                              },
    {"--failureCount", "N",
     "set: so many items in error, by their weights, make a machine be in error (1)"        },
    {"--holdTime",     "MS",       "set: once they have been so for that long (0)"          },
    {"--watchAlways",  "yes | no", "set: the items are tested also while there is no client"},
};

/* Gives those of the options that belong to these fields to the object. */
static enum ctl_exit take_fields(struct ctl *ctl, const struct rm_monitor_field *fields,
                                 size_t count, void *object, size_t *taken)
{
    struct rm_config_error error = {RM_OK, 0, ""};
    for (size_t i = 0; i < ctl->given_count; i++)
    {
        for (size_t k = 0; k < count; k++)
        {
            if (strcmp(ctl->given[i].name + 2, fields[k].name) != 0)
            {
                continue;
            }
            if (rm_monitor_field_parse(&fields[k], object, ctl->given[i].value, &error) != RM_OK)
            {
                return ctl_misuse(ctl, "%s", error.message);
            }
            (*taken)++;
        }
    }
    return CTL_FINE;
}

static enum ctl_exit take_item(struct ctl *ctl, struct rm_monitor_item *item, size_t *taken)
{
    enum ctl_exit status = take_fields(ctl, rm_item_fields, rm_item_field_count, item, taken);
    return status == CTL_FINE && *taken != ctl->given_count
               ? ctl_misuse(ctl, "--failureCount, --holdTime and --watchAlways go with 'set'.")
               : status;
}

static enum ctl_exit add(struct ctl *ctl, struct rm_server_config *server)
{
    struct rm_monitor_item item;
    struct rm_config_error error = {RM_OK, 0, ""};
    size_t taken = 0;
    if (ctl->plain_count < 3)
    {
        return ctl_misuse(ctl, "'add' needs the item's ID.");
    }
    enum ctl_exit status = CTL_FINE;
    if (!rm_monitor_item_init(&item) ||
        rm_monitor_field_parse(&rm_item_fields[0], &item, ctl->plain[2], &error) != RM_OK)
    {
        status = ctl_misuse(ctl, "%s", error.message);
    }
    if (status == CTL_FINE)
    {
        status = take_item(ctl, &item, &taken);
    }
    if (status == CTL_FINE && rm_server_add_item(server, &item, &error) != RM_OK)
    {
        status = ctl_misuse(ctl, "%s", error.message);
    }
    rm_monitor_item_clear(&item);
    return status;
}

static enum ctl_exit take_number(struct ctl *ctl, const struct rm_server_config *server,
                                 unsigned *number)
{
    if (ctl->plain_count < 3 || server->monitor.item_count == 0)
    {
        return ctl_misuse(ctl, "'%s' needs an item's number; 'list' shows them.", ctl->plain[1]);
    }
    return ctl_number(ctl, ctl->plain[1], ctl->plain[2], 1, (unsigned)server->monitor.item_count,
                      number);
}

static enum ctl_exit modify(struct ctl *ctl, struct rm_server_config *server)
{
    struct rm_monitor_item item;
    struct rm_config_error error = {RM_OK, 0, ""};
    unsigned number = 0;
    size_t taken = 0;
    enum ctl_exit status = take_number(ctl, server, &number);
    if (status != CTL_FINE)
    {
        return status;
    }
    if (!rm_monitor_item_copy(&item, &server->monitor.items[number - 1]))
    {
        return ctl_fail(ctl, "There is not enough memory.");
    }
    status = take_item(ctl, &item, &taken);
    if (status == CTL_FINE && taken == 0)
    {
        status = ctl_misuse(ctl, "There is nothing to modify: give an option.");
    }
    if (status == CTL_FINE && rm_server_change_item(server, number, &item, &error) != RM_OK)
    {
        status = ctl_misuse(ctl, "%s", error.message);
    }
    rm_monitor_item_clear(&item);
    return status;
}

static enum ctl_exit delete_item(struct ctl *ctl, struct rm_server_config *server)
{
    unsigned number = 0;
    enum ctl_exit status = take_number(ctl, server, &number);
    if (status == CTL_FINE && ctl->given_count > 0)
    {
        status = ctl_misuse(ctl, "'delete' takes no options.");
    }
    if (status == CTL_FINE)
    {
        rm_server_remove_item(server, number);
    }
    return status;
}

static enum ctl_exit set(struct ctl *ctl, struct rm_server_config *server)
{
    size_t taken = 0;
    enum ctl_exit status =
        take_fields(ctl, rm_monitor_fields, rm_monitor_field_count, &server->monitor, &taken);
    return status == CTL_FINE && (taken == 0 || taken != ctl->given_count)
               ? ctl_misuse(ctl, "'set' takes --failureCount, --holdTime and --watchAlways.")
               : status;
}

static void tell(void *context, const char *sentence)
{
    ctl_note(context, "%s", sentence);
}

static enum ctl_exit list(struct ctl *ctl, struct rm_server_config *server)
{
    monitor_list(ctl, server);
    ctl->has_printed_json = ctl->is_json;
    return CTL_FINE;
}

static enum ctl_exit test(struct ctl *ctl, struct rm_server_config *server)
{
    return monitor_test(ctl, server);
}

static const struct verb
{
    const char *name;
    enum ctl_exit (*run)(struct ctl *ctl, struct rm_server_config *server);
    bool is_change;
} verbs[] = {
    {"list",   list,        false},
    {"add",    add,         true },
    {"modify", modify,      true },
    {"delete", delete_item, true },
    {"set",    set,         true },
    {"test",   test,        false},
};

static const struct verb *find_verb(const char *name)
{
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
    {
        if (strcmp(verbs[i].name, name) == 0)
        {
            return &verbs[i];
        }
    }
    return NULL;
}

static enum ctl_exit run_monitor(struct ctl *ctl)
{
    struct rm_config config;
    struct rm_server_config *server = NULL;
    const struct verb *verb = ctl->plain_count > 1 ? find_verb(ctl->plain[1]) : &verbs[0];
    if (verb == NULL)
    {
        return ctl_misuse(ctl, "'%s' is none of list, add, modify, delete, set, test.",
                          ctl->plain[1]);
    }
    enum ctl_exit status = ctl_load(ctl, &config);
    if (status == CTL_FINE)
    {
        server = ctl_find(ctl, &config, ctl->plain[0]);
        status = server != NULL ? verb->run(ctl, server) : CTL_FAILED;
    }
    if (status == CTL_FINE && verb->is_change)
    {
        rm_monitor_put_right(server, tell, ctl);
        status = ctl_save(ctl, &config);
    }
    if (status == CTL_FINE && verb->is_change)
    {
        ctl_note(ctl, "Changed '%s' in '%s'. The service takes it over by itself.", server->progid,
                 ctl->config_path);
    }
    rm_config_clear(&config);
    return status;
}

const struct ctl_command ctl_command_monitor = {
    .name = "monitor",
    .arguments = "PROGID [list]\n"
                 "       rmctl monitor PROGID add ITEMID [OPTION ...]\n"
                 "       rmctl monitor PROGID modify N OPTION ...\n"
                 "       rmctl monitor PROGID delete N\n"
                 "       rmctl monitor PROGID set OPTION ...\n"
                 "       rmctl monitor PROGID test",
    .summary = "the items by which the service tests a server's machines",
    .details =
        "A machine whose items are in error is left for one whose items are not. The service\n"
        "tests them, so it must run. N is an item's number in the list; those behind one that\n"
        "is deleted move up. An item that can't be added counts as in error.",
    .options = monitor_options,
    .option_count = sizeof monitor_options / sizeof *monitor_options,
    .plain_min = 1,
    .plain_max = 3,
    .is_change = true,
    .run = run_monitor,
};
