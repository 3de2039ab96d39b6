/* other_settings.c: small times to and fro, and the next choice. */
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
