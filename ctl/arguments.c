/* The command line, by the rows of the commands. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"

static const struct ctl_option *find_option(const struct ctl_command *command, const char *name,
                                            size_t length)
{
    for (size_t i = 0; i < command->option_count; i++)
    {
        const char *candidate = command->options[i].name;
        if (strlen(candidate) == length && strncmp(candidate, name, length) == 0)
        {
            return &command->options[i];
        }
    }
    return NULL;
}

static bool is_setting(const struct ctl_command *command, const char *name, size_t length)
{
    char text[64];
    if (!command->takes_settings || length - 2 >= sizeof text)
    {
        return false;
    }
    memcpy(text, name + 2, length - 2);
    text[length - 2] = '\0';
    return rm_setting_find(text) != NULL;
}

static enum ctl_exit take_option(struct ctl *ctl, int count, char **words, int *at)
{
    char *word = words[*at];
    char *equals = strchr(word, '=');
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    const struct ctl_option *option = find_option(ctl->command, word, length);
    if (option == NULL && !is_setting(ctl->command, word, length))
    {
        return ctl_misuse(ctl, "'%s' has no option '%.*s'.", ctl->command->name, (int)length, word);
    }
    if (ctl->given_count == CTL_GIVEN_MAX)
    {
        return ctl_misuse(ctl, "There are more than %d options.", CTL_GIVEN_MAX);
    }
    struct ctl_given *given = &ctl->given[ctl->given_count++];
    given->name = word;
    given->value = "";
    bool takes_value = option == NULL || option->argument != NULL;
    if (!takes_value)
    {
        return equals == NULL ? CTL_FINE
                              : ctl_misuse(ctl, "Option '%s' takes no value.", option->name);
    }
    if (equals != NULL)
    {
        *equals = '\0';
        given->value = equals + 1;
        return CTL_FINE;
    }
    if (*at + 1 >= count)
    {
        return ctl_misuse(ctl, "Option '%s' needs a value%s%s.", word, option != NULL ? ": " : "",
                          option != NULL ? option->argument : "");
    }
    given->value = words[++*at];
    return CTL_FINE;
}

enum ctl_exit ctl_parse(struct ctl *ctl, int count, char **words)
{
    for (int at = 0; at < count; at++)
    {
        if (strncmp(words[at], "--", 2) == 0)
        {
            enum ctl_exit status = take_option(ctl, count, words, &at);
            if (status != CTL_FINE)
            {
                return status;
            }
        }
        else if (ctl->plain_count == ctl->command->plain_max || ctl->plain_count == CTL_PLAIN_MAX)
        {
            return ctl_misuse(ctl, "'%s' is one argument too many.", words[at]);
        }
        else
        {
            ctl->plain[ctl->plain_count++] = words[at];
        }
    }
    if (ctl->plain_count < ctl->command->plain_min)
    {
        return ctl_misuse(ctl, "'%s' needs a ProgID.", ctl->command->name);
    }
    return CTL_FINE;
}

const char *ctl_value(const struct ctl *ctl, const char *option)
{
    for (size_t i = 0; i < ctl->given_count; i++)
    {
        if (strcmp(ctl->given[i].name, option) == 0)
        {
            return ctl->given[i].value;
        }
    }
    return NULL;
}

bool ctl_has(const struct ctl *ctl, const char *option)
{
    return ctl_value(ctl, option) != NULL;
}

enum ctl_exit ctl_number(struct ctl *ctl, const char *option, const char *text, unsigned minimum,
                         unsigned maximum, unsigned *number)
{
    char *end = NULL;
    errno = 0;
    unsigned long value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 || value < minimum ||
        value > maximum)
    {
        return ctl_misuse(ctl, "'%s' must be a whole number from %u to %u, not '%s'.", option,
                          minimum, maximum, text);
    }
    *number = (unsigned)value;
    return CTL_FINE;
}
