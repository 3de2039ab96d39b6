/* rmctl switch, automatic, maintenance, prefer, acknowledge: an operator's commands. */
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "orders.h"

static const struct ctl_option switch_options[] = {
    {"--force", NULL, "whatever is known against that machine, as long as it is connected"},
};

/* PROGID, then a machine's number at `place`, if it is given. 0 is one only where it has a meaning.
 */
static enum ctl_exit take_machine(struct ctl *ctl, const struct orders *orders, unsigned place,
                                  unsigned minimum, unsigned *machine)
{
    *machine = 0;
    return ctl->plain_count <= place ? CTL_FINE
                                     : ctl_number(ctl, "N", ctl->plain[place], minimum,
                                                  orders->target.machine_count, machine);
}

static enum ctl_exit run_switch(struct ctl *ctl)
{
    struct orders orders;
    unsigned machine;
    bool is_forced = ctl_has(ctl, "--force");
    enum ctl_exit status = orders_open(ctl, &orders);
    if (status == CTL_FINE)
    {
        status = take_machine(ctl, &orders, 1, 1, &machine);
    }
    if (status != CTL_FINE)
    {
        return status;
    }
    if (is_forced && machine == 0)
    {
        return ctl_misuse(ctl, "Give the machine's number with --force.");
    }
    status = orders_give(ctl, &orders, RM_ORDER_SWITCH, machine, is_forced);
    return status == CTL_FINE ? orders_report_switch(ctl, &orders, machine, is_forced) : status;
}

static enum ctl_exit run_automatic(struct ctl *ctl)
{
    struct orders orders;
    enum ctl_exit status = orders_open(ctl, &orders);
    if (status == CTL_FINE)
    {
        status = orders_give(ctl, &orders, RM_ORDER_AUTOMATIC, 0, false);
    }
    if (status == CTL_FINE)
    {
        ctl_note(ctl, "'%s': switches and forced machines are over; the settings decide.",
                 orders.progid);
        orders_report(ctl, &orders);
    }
    return status;
}

static enum ctl_exit run_maintenance(struct ctl *ctl)
{
    struct orders orders;
    unsigned machine;
    bool is_on = strcmp(ctl->plain[2], "on") == 0;
    if (!is_on && strcmp(ctl->plain[2], "off") != 0)
    {
        return ctl_misuse(ctl, "'%s' is neither on nor off.", ctl->plain[2]);
    }
    enum ctl_exit status = orders_open(ctl, &orders);
    if (status == CTL_FINE)
    {
        status = take_machine(ctl, &orders, 1, 1, &machine);
    }
    if (status == CTL_FINE)
    {
        status =
            orders_give(ctl, &orders, is_on ? RM_ORDER_MAINTENANCE_ON : RM_ORDER_MAINTENANCE_OFF,
                        machine, false);
    }
    if (status == CTL_FINE)
    {
        ctl_note(ctl, "'%s': maintenance of machine %u has %s.", orders.progid, machine,
                 is_on ? "begun" : "ended");
        orders_report(ctl, &orders);
        if (is_on)
        {
            orders_warn_active(ctl, &orders, machine);
        }
    }
    return status;
}

static enum ctl_exit run_prefer(struct ctl *ctl)
{
    struct orders orders;
    unsigned machine = 0;
    char words[RM_ORDERS_TEXT_SIZE];
    bool is_as_set = strcmp(ctl->plain[1], "setting") == 0;
    enum ctl_exit status = orders_open(ctl, &orders);
    if (status == CTL_FINE && !is_as_set)
    {
        status = take_machine(ctl, &orders, 1, 0, &machine);
    }
    const struct rm_command command = {RM_ORDER_PREFER, is_as_set ? RM_ORDERS_AS_SET : machine,
                                       false};
    if (status == CTL_FINE)
    {
        status = orders_give(ctl, &orders, command.order, command.machine, false);
    }
    if (status == CTL_FINE)
    {
        rm_command_words(&command, words, sizeof words);
        ctl_note(ctl, "'%s': %s, until this computer restarts.", orders.progid, words);
        orders_report(ctl, &orders);
    }
    return status;
}

static enum ctl_exit run_acknowledge(struct ctl *ctl)
{
    struct orders orders;
    enum ctl_exit status = orders_open(ctl, &orders);
    if (status == CTL_FINE)
    {
        status = orders_give(ctl, &orders, RM_ORDER_ACKNOWLEDGE, 0, false);
    }
    if (status == CTL_FINE)
    {
        ctl_note(ctl, "'%s': what waited for an acknowledgement goes on.", orders.progid);
        orders_report(ctl, &orders);
    }
    return status;
}

#define HOLDS                                                                                      \
    "It reaches all sessions on this computer within a second, and those that clients open\n"      \
    "later; it is forgotten when the computer restarts. While the service runs, members of\n"      \
    "the local group 'RedundancyMaster Operators' may do it, else administrators only."

const struct ctl_command ctl_command_switch = {
    .name = "switch",
    .arguments = "PROGID [N] [--force]",
    .summary = "makes machine N active, or the best other one (operator)",
    .details =
        "Clients stay there until that machine is lost or at fault, or until 'rmctl\n"
        "automatic'. A session refuses a machine that is known to be bad for it, and says\n"
        "why; forced, it goes there all the same, and stays whatever is known against it.\n" HOLDS,
    .options = switch_options,
    .option_count = sizeof switch_options / sizeof *switch_options,
    .plain_min = 1,
    .plain_max = 2,
    .is_change = true,
    .run = run_switch,
};

const struct ctl_command ctl_command_automatic = {
    .name = "automatic",
    .arguments = "PROGID",
    .summary = "ends what 'rmctl switch' has begun (operator)",
    .details = "The settings decide again which machine is active.",
    .plain_min = 1,
    .plain_max = 1,
    .is_change = true,
    .run = run_automatic,
};

const struct ctl_command ctl_command_maintenance = {
    .name = "maintenance",
    .arguments = "PROGID N on | off",
    .summary = "takes machine N out of use, or back into it (operator)",
    .details =
        "A machine in maintenance is left as soon as another one is fit, and is not returned\n"
        "to; its connection stays. It serves only where no other machine answers.\n" HOLDS,
    .plain_min = 3,
    .plain_max = 3,
    .is_change = true,
    .run = run_maintenance,
};

const struct ctl_command ctl_command_prefer = {
    .name = "prefer",
    .arguments = "PROGID N | 0 | setting",
    .summary = "puts machine N in front of all others on this computer (operator)",
    .details =
        "In place of the setting preferredMachine, which 'rmctl set' changes for good: 0 is\n"
        "the order of the numbers, 'setting' what is set.\n" HOLDS,
    .plain_min = 2,
    .plain_max = 2,
    .is_change = true,
    .run = run_prefer,
};

const struct ctl_command ctl_command_acknowledge = {
    .name = "acknowledge",
    .arguments = "PROGID",
    .summary = "lets go on what waits for an operator after a switch (operator)",
    .details = "Clients' writes, or the return, as the setting acknowledge says.",
    .plain_min = 1,
    .plain_max = 1,
    .is_change = true,
    .run = run_acknowledge,
};
