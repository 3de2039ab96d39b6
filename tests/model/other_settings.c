/* other_settings.c: small times to and fro, and the next choice; and lists of machines. */
#include "other_settings.h"

static void toggle(uint32_t *setting, uint32_t one, uint32_t other)
{
    *setting = *setting == one ? other : one;
}

bool model_other_settings(const struct rm_failover_settings *settings, unsigned way,
                          struct rm_failover_settings *changed)
{
    *changed = *settings;
    switch (way)
    {
    case 0: changed->mode = (enum rm_mode)((settings->mode + 1) % RM_MODE_COUNT); break;
    case 1: toggle(&changed->ping_interval_ms, 5, 2); break;
    case 2: toggle(&changed->ping_timeout_ms, 3, 9); break;
    case 3: toggle(&changed->fall, 1, 2); break;
    case 4: toggle(&changed->connect_timeout_ms, 6, 2); break;
    case 5: toggle(&changed->reconnect_interval_ms, 8, 3); break;
    case 6: toggle(&changed->return_delay_ms, 4, 1); break;
    case 7: toggle(&changed->busy_grace_ms, 7, 0); break;
    case 8: toggle(&changed->rise, 2, 1); break;
    case 9:
        changed->return_policy =
            (enum rm_return_policy)((settings->return_policy + 1) % RM_RETURN_COUNT);
        break;
    case 10:
        changed->acknowledge =
            (enum rm_acknowledge)((settings->acknowledge + 1) % RM_ACKNOWLEDGE_COUNT);
        break;
    case 11: changed->is_linked = !settings->is_linked; break;
    case 12: toggle(&changed->ready_percent, 0, 60); break;
    case 13: toggle(&changed->flap_limit, 0, 2); break;
    default: return false;
    }
    return true;
}

/* Room for one more machine at that rank; or the machine of that rank goes, and those behind it
 * move up. */
static void shift(struct rm_failover_event *event, unsigned rank, bool is_added)
{
    for (unsigned i = 0; i < event->machine_count; i++)
    {
        if (!is_added && event->ranks[i] == rank)
        {
            event->ranks[i] = 0;
        }
        else if (event->ranks[i] >= rank)
        {
            event->ranks[i] = (uint8_t)(event->ranks[i] + (is_added ? 1 : -1));
        }
    }
}

static bool add(struct rm_failover_event *event, unsigned rank, unsigned numbers_max)
{
    for (unsigned i = 0; i < numbers_max; i++)
    {
        if (event->ranks[i] == 0)
        {
            shift(event, rank, true);
            event->ranks[i] = (uint8_t)rank;
            event->machine_count = event->machine_count > i ? event->machine_count : i + 1;
            return true;
        }
    }
    return false;
}

static void exchange(struct rm_failover_event *event, unsigned one, unsigned other)
{
    for (unsigned i = 0; i < event->machine_count; i++)
    {
        unsigned rank = event->ranks[i];

        event->ranks[i] = (uint8_t)(rank == one ? other : rank == other ? one : rank);
    }
}

bool model_other_list(const struct rm_failover *failover, unsigned way, unsigned numbers_max,
                      struct rm_failover_event *event)
{
    unsigned last = 0;

    *event = (struct rm_failover_event){.kind = RM_FAILOVER_MACHINES,
                                        .machine_count = failover->settings.machine_count};
    for (unsigned i = 0; i < event->machine_count; i++)
    {
        event->ranks[i] = (uint8_t)failover->machines[i].rank;
        last += event->ranks[i] != 0;
    }
    switch (way)
    {
    case 0: exchange(event, 1, 2); break;
    case 1: shift(event, 1, false); break;
    case 2: shift(event, last, false); break;
    case 3: add(event, 1, numbers_max); break;
    case 4: add(event, last + 1, numbers_max); break;
    case 5: /* replaced */
    case 6:
        if (add(event, way == 5 ? 1 : last + 1, numbers_max))
        {
            shift(event, way == 5 ? 2 : last, false);
        }
        break;
    default: return false;
    }
    return true;
}
