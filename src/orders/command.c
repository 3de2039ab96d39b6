/* command.c: an operator's commands in words, and who gave them. */
#include <rm/orders.h>

#include <stdio.h>

#include <rm/text.h>

/* A session sees a command within half a second, and its clock is read in another process. */
#define EARLY_100NS 1000000u

bool rm_command_is_valid(const struct rm_command *command, unsigned machine_count)
{
    bool is_any = command->machine == 0;

    switch (command->order)
    {
    case RM_ORDER_SWITCH:
        return command->machine <= machine_count && !(is_any && command->is_forced);
    case RM_ORDER_MAINTENANCE_ON:
    case RM_ORDER_MAINTENANCE_OFF: return !is_any && command->machine <= machine_count;
    case RM_ORDER_PREFER:
        return command->machine <= machine_count || command->machine == RM_ORDERS_AS_SET;
    case RM_ORDER_AUTOMATIC:
    case RM_ORDER_ACKNOWLEDGE: return is_any;
    case RM_ORDER_COUNT: break;
    }
    return false;
}

void rm_command_words(const struct rm_command *command, char *text, size_t size)
{
    unsigned machine = command->machine;

    switch (command->order)
    {
    case RM_ORDER_SWITCH:
        if (machine == 0)
        {
            snprintf(text, size, "switch to the best other machine");
        }
        else
        {
            snprintf(text, size, "%s to machine %u",
                     command->is_forced ? "forced switch" : "switch", machine);
        }
        return;
    case RM_ORDER_AUTOMATIC: snprintf(text, size, "back to automatic"); return;
    case RM_ORDER_MAINTENANCE_ON:
        snprintf(text, size, "maintenance of machine %u begins", machine);
        return;
    case RM_ORDER_MAINTENANCE_OFF:
        snprintf(text, size, "maintenance of machine %u ends", machine);
        return;
    case RM_ORDER_PREFER:
        if (machine == 0 || machine == RM_ORDERS_AS_SET)
        {
            snprintf(text, size, "prefer %s",
                     machine == 0 ? "no machine" : "the machine of the settings");
        }
        else
        {
            snprintf(text, size, "prefer machine %u", machine);
        }
        return;
    case RM_ORDER_ACKNOWLEDGE: snprintf(text, size, "the switch is acknowledged"); return;
    case RM_ORDER_COUNT: break;
    }
    snprintf(text, size, "?");
}

const struct rm_commanded *rm_orders_get(const struct rm_orders *orders, uint32_t number)
{
    return number >= 1 && number <= orders->number && orders->number - number < RM_ORDERS_KEPT
               ? &orders->last[(number - 1) % RM_ORDERS_KEPT]
               : NULL;
}

void rm_commanded_text(const struct rm_commanded *commanded, char text[RM_ORDERS_TEXT_SIZE])
{
    char words[RM_ORDERS_TEXT_SIZE], whole[2 * RM_ORDERS_TEXT_SIZE];

    rm_command_words(&commanded->command, words, sizeof words);
    snprintf(whole, sizeof whole, "%s (user %s)", words, commanded->user);
    rm_text_fit(text, RM_ORDERS_TEXT_SIZE, whole);
}

const char *rm_orders_by_whom(const struct rm_orders *orders, enum rm_cause cause,
                              uint64_t promoted_at)
{
    const struct rm_commanded *last;

    if (cause != RM_CAUSE_OPERATOR && cause != RM_CAUSE_MAINTENANCE)
    {
        return NULL;
    }
    for (uint32_t number = orders->number; (last = rm_orders_get(orders, number)) != NULL; number--)
    {
        bool is_switch = last->command.order == RM_ORDER_SWITCH;
        bool is_it =
            cause == RM_CAUSE_OPERATOR ? is_switch : last->command.order == RM_ORDER_MAINTENANCE_ON;

        if (is_it && last->given_at <= promoted_at + EARLY_100NS)
        {
            return last->user;
        }
    }
    return NULL;
}
