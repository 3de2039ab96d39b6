/* placement.c: the order of the machines: the operator's word, then the preferred one, then the
 * ranks; who is not in the list comes last. */
#include "internal.h"

/* Smaller is in front. */
static unsigned order_of(const struct rm_failover *failover, unsigned number)
{
    const struct rm_failover_machine *machine = &failover->machines[number - 1];
    unsigned class = 0;

    if (machine->rank == 0)
    {
        return 4 * (RM_MACHINE_NUMBERS + 1) + number;
    }
    switch (machine->mode)
    {
    case RM_OPERATOR_FORCED: class = 0; break;
    case RM_OPERATOR_NORMAL: class = number == failover->preferred ? 1 : 2; break;
    case RM_OPERATOR_MAINTENANCE:
    case RM_OPERATOR_COUNT: class = 3; break;
    }
    return class * (RM_MACHINE_NUMBERS + 1) + machine->rank;
}

unsigned rm_failover_place_of(const struct rm_failover *failover, unsigned number)
{
    unsigned place = 1;

    for (unsigned other = 1; other <= failover->settings.machine_count; other++)
    {
        place += order_of(failover, other) < order_of(failover, number);
    }
    return place;
}

unsigned rm_failover_machine_at(const struct rm_failover *failover, unsigned place)
{
    unsigned number = 1;

    while (number < failover->settings.machine_count &&
           rm_failover_place_of(failover, number) != place)
    {
        number++;
    }
    return number;
}

unsigned rm_failover_first(const struct rm_failover *failover)
{
    return failover->settings.start_policy == RM_START_FIRST ? 0
                                                             : rm_failover_machine_at(failover, 1);
}

unsigned rm_failover_home(const struct rm_failover *failover)
{
    return failover->preferred ? failover->preferred : rm_failover_machine_of_rank(failover, 1);
}
