/* rmctl: the command line of RedundancyMaster. */
#include <windows.h>
#include <stdio.h>
#include <string.h>

#include <hooks/registry.h>
#include <hooks/wide.h>

#include "ctl.h"
#include "output.h"

#define CTL_WORDS_MAX 512
#define CTL_TEXT_SIZE 131072

const struct ctl_command *const ctl_commands[] = {
    &ctl_command_add,         &ctl_command_remove,      &ctl_command_set,
    &ctl_command_list,        &ctl_command_show,        &ctl_command_enable,
    &ctl_command_disable,     &ctl_command_status,      &ctl_command_switch,
    &ctl_command_automatic,   &ctl_command_maintenance, &ctl_command_prefer,
    &ctl_command_acknowledge, &ctl_command_blackbox,    &ctl_command_compare,
    &ctl_command_events,      &ctl_command_service,     &ctl_command_monitor,
    &ctl_command_validate,    &ctl_command_metrics,
};
const size_t ctl_command_count = sizeof ctl_commands / sizeof ctl_commands[0];

static const struct ctl_command *find_command(const char *name)
{
    for (size_t i = 0; i < ctl_command_count; i++)
    {
        if (strcmp(ctl_commands[i]->name, name) == 0)
        {
            return ctl_commands[i];
        }
    }
    return NULL;
}

/* Removes words[at] and those behind it, `count` of them. */
static void drop_words(int *word_count, char **words, int at, int count)
{
    memmove(&words[at], &words[at + count], (size_t)(*word_count - at - count) * sizeof *words);
    *word_count -= count;
}

struct wishes
{
    bool has_help;
    bool has_version;
};

/* The options that stand anywhere, for all commands. */
static enum ctl_exit take_common_options(struct ctl *ctl, int *word_count, char **words,
                                         struct wishes *wishes)
{
    for (int at = 0; at < *word_count;)
    {
        const char *value = NULL;
        if (strcmp(words[at], "--json") == 0)
        {
            ctl->is_json = true;
            drop_words(word_count, words, at, 1);
        }
        else if (strcmp(words[at], "--help") == 0 || strcmp(words[at], "-h") == 0 ||
                 strcmp(words[at], "/?") == 0)
        {
            wishes->has_help = true;
            drop_words(word_count, words, at, 1);
        }
        else if (strcmp(words[at], "--version") == 0)
        {
            wishes->has_version = true;
            drop_words(word_count, words, at, 1);
        }
        else if (strncmp(words[at], "--config=", 9) == 0)
        {
            value = words[at] + 9;
            drop_words(word_count, words, at, 1);
        }
        else if (strcmp(words[at], "--config") == 0)
        {
            value = at + 1 < *word_count ? words[at + 1] : "";
            drop_words(word_count, words, at, at + 1 < *word_count ? 2 : 1);
        }
        else
        {
            at++;
        }
        if (value != NULL && (*value == '\0' || strlen(value) >= CTL_PATH_SIZE))
        {
            return ctl_misuse(ctl, "Option '--config' needs the path of a file.");
        }
        if (value != NULL)
        {
            strcpy(ctl->config_path, value);
            ctl->is_config_given = true;
        }
    }
    return CTL_FINE;
}

static void set_default_paths(struct ctl *ctl)
{
    static const char file[] = "\\redundancymaster.xml";
    wchar_t path[MAX_PATH] = L"";
    GetModuleFileNameW(NULL, path, MAX_PATH - 1);
    wchar_t *slash = wcsrchr(path, L'\\');
    if (slash != NULL)
    {
        *slash = L'\0';
    }
    rm_utf8_from_wide(path, ctl->directory, sizeof ctl->directory - sizeof file);
    strcpy(ctl->config_path, ctl->directory);
    strcat(ctl->config_path, file);
}

static enum ctl_exit run_command(struct ctl *ctl, int word_count, char **words)
{
    enum ctl_exit status = ctl_parse(ctl, word_count, words);
    if (status == CTL_FINE && ctl->command->is_change)
    {
        status = ctl_lock(ctl);
    }
    if (status == CTL_FINE)
    {
        status = ctl->command->run(ctl);
    }
    ctl_unlock();
    if (ctl->is_json && status == CTL_FINE && !ctl->command->prints_json && !ctl->has_printed_json)
    {
        ctl_print_result(ctl, status);
    }
    return status;
}

static enum ctl_exit run(struct ctl *ctl, int word_count, char **words)
{
    struct wishes wishes = {false, false};
    enum ctl_exit status = take_common_options(ctl, &word_count, words, &wishes);
    if (status != CTL_FINE)
    {
        return status;
    }
    if (wishes.has_version)
    {
        output_print("rmctl %s\n", RM_VERSION);
        return CTL_FINE;
    }
    if (word_count == 0)
    {
        if (!wishes.has_help)
        {
            return ctl_misuse(ctl, "A command is missing.");
        }
        ctl_print_help();
        return CTL_FINE;
    }
    ctl->command = find_command(words[0]);
    if (ctl->command == NULL)
    {
        return ctl_misuse(ctl, "There is no command '%s'.", words[0]);
    }
    if (wishes.has_help)
    {
        ctl_print_command_help(ctl->command);
        return CTL_FINE;
    }
    return run_command(ctl, word_count - 1, words + 1);
}

/* The C library calls it; no header declares it. */
int wmain(int count, wchar_t **wide_words);

int wmain(int count, wchar_t **wide_words)
{
    static struct ctl ctl;
    static char *words[CTL_WORDS_MAX];
    static char text[CTL_TEXT_SIZE]; /* longer than any command line of Windows can become */
    size_t used = 0;
    if (count - 1 > CTL_WORDS_MAX)
    {
        return (int)ctl_misuse(&ctl, "There are more than %d arguments.", CTL_WORDS_MAX);
    }
    for (int i = 1; i < count; i++)
    {
        words[i - 1] = text + used;
        rm_utf8_from_wide(wide_words[i], text + used, sizeof text - used);
        used += strlen(text + used) + 1;
    }
    set_default_paths(&ctl);
    if (!rm_instance_of_module(NULL, ctl.instance))
    {
        return (int)ctl_fail(&ctl,
                             "'%s\\%ls' names no instance. Write a name into it, " RM_INSTANCE_RULE
                             ", or delete it. Nothing was changed.",
                             ctl.directory, RM_INSTANCE_FILE);
    }
    rm_reg_use_instance(ctl.instance);
    enum ctl_exit status = run(&ctl, count - 1, words);
    if (ctl.is_json && status != CTL_FINE && !ctl.has_printed_json)
    {
        ctl_print_result(&ctl, status);
    }
    return (int)status;
}
