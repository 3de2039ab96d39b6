/* linked.c: sessions and redundant servers that switch together (design.md 2, CX-05). The only
 * writer of linked and is_following. */
#include "internal.h"

/* Whom we followed is gone: what became of the primary is ours to see. */
static bool lead(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;
    bool is_news = failover->is_following || failover->linked;

    failover->is_following = false;
    rm_failover_forget_partners(step);
    return is_news;
}

bool rm_failover_partner_promoted(struct rm_step *step, unsigned number)
{
    struct rm_failover *failover = step->failover;

    if (number == 0)
    {
        return lead(step);
    }
    if (!failover->settings.is_linked || failover->phase != RM_PHASE_SERVING ||
        !rm_failover_is_listed(failover, number))
    {
        return false;
    }
    if (number == failover->active && failover->last_cause == RM_CAUSE_START)
    {
        failover->is_following = true; /* it has begun where they are */
    }
    failover->linked = number == failover->active ? 0 : number;
    failover->is_split_told = false;
    return true;
}

void rm_failover_forget_partners(struct rm_step *step)
{
    step->failover->linked = 0;
    step->failover->is_split_told = false;
}

void rm_failover_note_following(struct rm_step *step, enum rm_cause cause)
{
    step->failover->is_following = cause == RM_CAUSE_LINKED;
}

/* Followed only to a fit machine, and not against the operator's word. It is kept in mind until
 * that machine is fit, or something else is decided here. */
unsigned rm_failover_linked_target(struct rm_step *step)
{
    struct rm_failover *failover = step->failover;
    bool is_free = failover->chosen == 0 &&
                   rm_step_machine(step, failover->active)->mode != RM_OPERATOR_FORCED;

    if (!failover->linked)
    {
        return 0;
    }
    if (is_free && rm_failover_obstacle(step, failover->linked) == RM_REFUSAL_NONE)
    {
        return failover->linked;
    }
    if (!failover->is_split_told)
    {
        failover->is_split_told = true;
        rm_failover_tell(step, RM_EVENT_LINK_SPLIT, failover->linked, 0);
    }
    return 0;
}

/* What the partners have told is not told back to them. A new session's first machine, and one that
 * was only found again, are no switch. */
void rm_failover_tell_partners(struct rm_step *step, unsigned number, enum rm_cause cause)
{
    if (step->failover->settings.is_linked && cause != RM_CAUSE_LINKED)
    {
        rm_failover_order(step, RM_ACTION_TELL_PARTNERS, number);
    }
}
