#include <rm/handover.h>

enum rm_handover rm_handover_judge(const struct rm_handover_case *update)
{
    int64_t near_100ns = update->period_100ns / 2 + update->error_100ns;

    if (!update->is_comparable)
        return update->is_equal ? RM_HANDOVER_SUPPRESS : RM_HANDOVER_DELIVER;
    if (update->is_equal && update->is_same_time)
        return RM_HANDOVER_SUPPRESS;
    if (update->is_equal)
        return update->age_100ns <= near_100ns ? RM_HANDOVER_SUPPRESS : RM_HANDOVER_DELIVER;
    return update->age_100ns < -update->error_100ns ? RM_HANDOVER_HOLD : RM_HANDOVER_DELIVER;
}
