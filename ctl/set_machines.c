#include "set_machines.h"

#include <stdlib.h>
#include <string.h>

#define DIGITS_SIZE 8

/* Each value of that option. */
static enum ctl_exit
for_each(struct ctl *ctl, struct rm_server_config *server, const char *option,
         enum ctl_exit (*step)(struct ctl *ctl, struct rm_server_config *server, const char *text))
{
    enum ctl_exit status = CTL_FINE;
    for (size_t i = 0; i < ctl->given_count && status == CTL_FINE; i++)
    {
        if (strcmp(ctl->given[i].name, option) == 0)
        {
            status = step(ctl, server, ctl->given[i].value);
        }
    }
    return status;
}

/* "2=REST": what is behind the sign; NULL: it isn't of that form. */
static const char *split(const char *text, char digits[DIGITS_SIZE])
{
    const char *equals = strchr(text, '=');
    size_t length = equals != NULL ? (size_t)(equals - text) : DIGITS_SIZE;
    if (length >= DIGITS_SIZE)
    {
        return NULL;
    }
    memcpy(digits, text, length);
    digits[length] = '\0';
    return equals + 1;
}

/* "2=NAME" */
static enum ctl_exit set_windows_service(struct ctl *ctl, struct rm_server_config *server,
                                         const char *text)
{
    char digits[DIGITS_SIZE];
    struct rm_config_error error = {RM_OK, 0, ""};
    unsigned number;
    const char *name = split(text, digits);
    if (name == NULL || digits[0] == '\0')
    {
        return ctl_misuse(ctl, "'--windows-service' must be of the form N=NAME, not '%s'.", text);
    }
    enum ctl_exit status =
        ctl_number(ctl, "--windows-service", digits, 1, (unsigned)server->machine_count, &number);
    if (status == CTL_FINE && rm_server_set_service(server, number, name, &error) != RM_OK)
    {
        status = ctl_misuse(ctl, "%s", error.message);
    }
    return status;
}

static enum ctl_exit set_windows_services(struct ctl *ctl, struct rm_server_config *server)
{
    return for_each(ctl, server, "--windows-service", set_windows_service);
}

/* All numbers are those of the list as it was; so removing goes from the last to the first. */
static enum ctl_exit remove_machines(struct ctl *ctl, struct rm_server_config *server)
{
    bool is_removed[RM_MACHINES_MAX + 1] = {false};
    for (size_t i = 0; i < ctl->given_count; i++)
    {
        unsigned number;
        if (strcmp(ctl->given[i].name, "--remove-machine") == 0)
        {
            enum ctl_exit status = ctl_number(ctl, "--remove-machine", ctl->given[i].value, 1,
                                              (unsigned)server->machine_count, &number);
            if (status != CTL_FINE)
            {
                return status;
            }
            is_removed[number] = true;
        }
    }
    for (unsigned number = RM_MACHINES_MAX; number >= 1; number--)
    {
        if (is_removed[number])
        {
            rm_server_remove_machine(server, number);
        }
    }
    return CTL_FINE;
}

/* "2=HOST[/PROGID]": the others keep their numbers. */
static enum ctl_exit replace_machine(struct ctl *ctl, struct rm_server_config *server,
                                     const char *text)
{
    char digits[DIGITS_SIZE];
    const char *machine = split(text, digits);
    unsigned number;
    if (machine == NULL)
    {
        return ctl_misuse(ctl, "'%s' is not of the form N=HOST or N=HOST/PROGID.", text);
    }
    enum ctl_exit status =
        ctl_number(ctl, "--replace-machine", digits, 1, (unsigned)server->machine_count, &number);
    if (status != CTL_FINE)
    {
        return status;
    }
    rm_server_remove_machine(server, number);
    status = ctl_add_machine(ctl, server, machine);
    if (status == CTL_FINE)
    {
        struct rm_machine_config added = server->machines[server->machine_count - 1];
        struct rm_machine_config *place = &server->machines[number - 1];
        memmove(place + 1, place, (server->machine_count - number) * sizeof *place);
        *place = added;
    }
    return status;
}

static enum ctl_exit replace_machines(struct ctl *ctl, struct rm_server_config *server)
{
    return for_each(ctl, server, "--replace-machine", replace_machine);
}

static bool is_set_here(const struct ctl *ctl, const char *setting)
{
    size_t length = strlen(setting);
    for (size_t i = 1; i < ctl->plain_count; i++)
    {
        if (strncmp(ctl->plain[i], setting, length) == 0 && ctl->plain[i][length] == '=')
        {
            return true;
        }
    }
    return false;
}

/* preferredMachine is a number of the list: it stays with its machine. */
static void follow_preferred(struct ctl *ctl, const struct rm_server_config *before,
                             struct rm_server_config *server)
{
    unsigned ranks[RM_MACHINES_MAX + 1];
    uint32_t preferred = server->preferred_machine;
    if (preferred == 0 || preferred > RM_MACHINES_MAX || is_set_here(ctl, "preferredMachine"))
    {
        return;
    }
    rm_server_new_ranks(before, server, ranks);
    server->preferred_machine = ranks[preferred];
    if (server->preferred_machine != preferred)
    {
        ctl_note(ctl,
                 server->preferred_machine != 0
                     ? "preferredMachine is %u now, for that is the same machine."
                     : "preferredMachine is %u now: the preferred machine is not in the list"
                       " any more.",
                 (unsigned)server->preferred_machine);
    }
}

/* "3,1,2": each number from 1 to `count` once. */
static bool parse_order(const char *text, size_t count, size_t order[RM_MACHINES_MAX])
{
    bool is_used[RM_MACHINES_MAX + 1] = {false};
    for (size_t place = 0; place < count; place++)
    {
        char *end;
        unsigned long number = *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
        if (number < 1 || number > count || is_used[number] ||
            *end != (place + 1 < count ? ',' : '\0'))
        {
            return false;
        }
        is_used[number] = true;
        order[place] = number - 1;
        text = end + 1;
    }
    return true;
}

static enum ctl_exit order_machines(struct ctl *ctl, struct rm_server_config *server)
{
    const char *text = ctl_value(ctl, "--order");
    size_t order[RM_MACHINES_MAX];
    struct rm_machine_config machines[RM_MACHINES_MAX];
    if (text == NULL)
    {
        return CTL_FINE;
    }
    if (ctl_has(ctl, "--add-machine") || ctl_has(ctl, "--remove-machine") ||
        ctl_has(ctl, "--replace-machine"))
    {
        return ctl_misuse(ctl, "Give --order in a call of its own: adding and removing machines"
                               " changes their numbers.");
    }
    if (!parse_order(text, server->machine_count, order))
    {
        return ctl_misuse(ctl,
                          "'--order' must have each number from 1 to %u once, with commas in"
                          " between, not '%s'.",
                          (unsigned)server->machine_count, text);
    }
    for (size_t place = 0; place < server->machine_count; place++)
    {
        machines[place] = server->machines[order[place]];
    }
    memcpy(server->machines, machines, server->machine_count * sizeof *machines);
    return CTL_FINE;
}

static enum ctl_exit add_machines(struct ctl *ctl, struct rm_server_config *server)
{
    return for_each(ctl, server, "--add-machine", ctl_add_machine);
}

enum ctl_exit set_machines(struct ctl *ctl, struct rm_server_config *server)
{
    static enum ctl_exit (*const steps[])(struct ctl *, struct rm_server_config *) = {
        set_windows_services, order_machines, replace_machines, remove_machines, add_machines};
    struct rm_server_config *before = rm_server_config_copy(server);
    enum ctl_exit status = before != NULL ? CTL_FINE : ctl_fail(ctl, "There is no memory.");
    for (size_t i = 0; i < sizeof steps / sizeof *steps && status == CTL_FINE; i++)
    {
        status = steps[i](ctl, server);
    }
    if (status == CTL_FINE)
    {
        follow_preferred(ctl, before, server);
    }
    rm_server_config_free(before);
    return status;
}
