#include <stdio.h>
#include <string.h>

#include <rm/monitor_config.h>

#include "ctl.h"
#include "output.h"

#define WIDTH          79
#define SETTING_COLUMN 24
#define OPTION_COLUMN  32

void ctl_print_help(void)
{
    output_print("rmctl: sets up and watches redundant OPC servers on this computer\n\n"
                 "Usage: rmctl COMMAND [ARGUMENTS] [--config FILE] [--json]\n\nCommands:\n");
    for (size_t i = 0; i < ctl_command_count; i++)
    {
        output_print("  %-11s  %s\n", ctl_commands[i]->name, ctl_commands[i]->summary);
    }
    output_print("\nFor all commands:\n"
                 "  --config FILE  the settings; default: redundancymaster.xml beside rmctl.exe\n"
                 "  --json         output for scripts (UTF-8)\n"
                 "  --help         help; 'rmctl COMMAND --help' for a command's own\n"
                 "  --version      the version of this program\n\n"
                 "Exit status: 0 fine, 1 failed, 2 wrong usage.\n"
                 "First steps: rmctl add PROGID --machine HOST1 --machine HOST2, then\n"
                 "rmctl enable PROGID (as administrator), then restart the OPC clients.\n");
}

/* Words in lines of WIDTH, all but the first indented; the first begins at `column`. */
static void print_wrapped(const char *text, int column)
{
    int at = column;
    while (*text != '\0')
    {
        int length = (int)strcspn(text, " ");
        if (at > column && at + 1 + length > WIDTH)
        {
            output_print("\n%*s", column, "");
            at = column;
        }
        output_print("%s%.*s", at > column ? " " : "", length, text);
        at += length + (at > column ? 1 : 0);
        text += length + (text[length] == ' ' ? 1 : 0);
    }
    output_print("\n");
}

static void print_setting(const struct rm_setting *setting, const char *dashes)
{
    output_print("  %s%-*s  ", dashes, 20 - (int)strlen(dashes), setting->name);
    print_wrapped(setting->help, SETTING_COLUMN);
    switch (setting->kind)
    {
    case RM_SETTING_NUMBER:
        output_print("%*s%u .. %u%s%s, default %u\n", SETTING_COLUMN, "",
                     (unsigned)setting->minimum, (unsigned)setting->maximum,
                     setting->unit[0] != '\0' ? " " : "", setting->unit, (unsigned)setting->preset);
        break;
    case RM_SETTING_CHOICE:
        output_print("%*s", SETTING_COLUMN, "");
        for (size_t i = 0; setting->choices[i] != NULL; i++)
        {
            output_print("%s%s", i > 0 ? " | " : "", setting->choices[i]);
        }
        output_print(", default %s\n", setting->choices[setting->preset]);
        break;
    }
}

static void print_field(const struct rm_monitor_field *field)
{
    switch (field->kind)
    {
    case RM_MONITOR_NUMBER:
        output_print("  %-22s%u .. %u, default %u\n", field->name, (unsigned)field->minimum,
                     (unsigned)field->maximum, (unsigned)field->preset);
        break;
    case RM_MONITOR_CHOICE:
        output_print("  %-22s", field->name);
        for (size_t i = 0; field->choices[i] != NULL; i++)
        {
            output_print("%s%s", i > 0 ? " | " : "", field->choices[i]);
        }
        output_print(", default %s\n", field->choices[field->preset]);
        break;
    case RM_MONITOR_TYPE: output_print("  %-22sas above, default Default\n", field->name); break;
    case RM_MONITOR_TEXT:
        output_print("  %-22sat most %u characters\n", field->name, (unsigned)field->maximum);
        break;
    }
}

static void print_fields(void)
{
    output_print("\nRanges and defaults:\n");
    for (size_t i = 0; i < rm_item_field_count; i++)
    {
        print_field(&rm_item_fields[i]);
    }
    for (size_t i = 0; i < rm_monitor_field_count; i++)
    {
        print_field(&rm_monitor_fields[i]);
    }
}

void ctl_print_command_help(const struct ctl_command *command)
{
    output_print("rmctl %s: %s\n\nUsage: rmctl %s%s%s\n", command->name, command->summary,
                 command->name, command->arguments[0] != '\0' ? " " : "", command->arguments);
    if (command->details[0] != '\0')
    {
        output_print("\n%s\n", command->details);
    }
    if (command->option_count > 0)
    {
        output_print("\nOptions:\n");
    }
    for (size_t i = 0; i < command->option_count; i++)
    {
        char option[80];
        const char *argument = command->options[i].argument;
        snprintf(option, sizeof option, "%s%s%s", command->options[i].name,
                 argument != NULL ? " " : "", argument != NULL ? argument : "");
        output_print("  %-28s  ", option);
        print_wrapped(command->options[i].help, OPTION_COLUMN);
    }
    bool shows_settings = command->takes_settings || command == &ctl_command_set;
    if (shows_settings)
    {
        output_print("\nSettings:\n");
    }
    for (size_t i = 0; shows_settings && i < rm_setting_count; i++)
    {
        print_setting(&rm_setting_table[i], command->takes_settings ? "--" : "");
    }
    if (command == &ctl_command_monitor)
    {
        print_fields();
    }
    output_print("\nAlso --config FILE and --json; see 'rmctl --help'.\n");
}
