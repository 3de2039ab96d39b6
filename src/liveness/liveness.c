#include <rm/liveness.h>

static uint64_t longer(uint64_t one, uint64_t other)
{
    return one > other ? one : other;
}

static uint64_t check_ms(const struct rm_liveness_terms *terms)
{
    return longer(terms->check_ms, RM_LIVENESS_CHECK_MIN_MS);
}

/* Clients and we wait for one and a half times a keep-alive (reference 7.7). */
static uint64_t patience_ms(uint32_t keep_alive_ms)
{
    return (uint64_t)keep_alive_ms + keep_alive_ms / 2;
}

static uint64_t quiet_ms(const struct rm_liveness_terms *terms, const struct rm_liveness_view *view)
{
    if (view->client_keep_alive_ms)
        return patience_ms(view->client_keep_alive_ms);
    if (view->own_keep_alive_ms)
        return longer(check_ms(terms), patience_ms(view->own_keep_alive_ms));
    return longer(check_ms(terms), (uint64_t)view->rate_ms + terms->timeout_ms);
}

uint32_t rm_liveness_keep_alive(const struct rm_liveness_terms *terms)
{
    /* So that our patience with it ends when the check is due. */
    return terms->check_ms ? (uint32_t)(check_ms(terms) * 2 / 3) : 0;
}

void rm_liveness_demand(struct rm_liveness *watch)
{
    watch->phase = RM_LIVENESS_IDLE;
}

static void enter(struct rm_liveness *watch, enum rm_liveness_phase phase, uint64_t due_ms)
{
    watch->phase = phase;
    watch->due_ms = due_ms;
}

/* It is silent no longer: it delivers, or need not. */
static enum rm_liveness_news be_well(struct rm_liveness *watch)
{
    bool was_silent = watch->is_silent;

    watch->is_silent = false;
    return was_silent ? RM_LIVENESS_WELL : RM_LIVENESS_NO_NEWS;
}

static bool has_mercy(const struct rm_liveness *watch, const struct rm_liveness_terms *terms,
                      const struct rm_liveness_view *view, uint64_t now_ms)
{
    return view->is_held_up || (view->is_busy && now_ms < watch->asked_ms + terms->busy_grace_ms);
}

/* Something has been asked for and has not come so far. */
static enum rm_liveness_news wait_for_answer(struct rm_liveness *watch,
                                             const struct rm_liveness_terms *terms,
                                             const struct rm_liveness_view *view, uint64_t now_ms)
{
    if (has_mercy(watch, terms, view, now_ms))
    {
        if (watch->phase == RM_LIVENESS_TRYING)
            watch->phase = RM_LIVENESS_ASKED;
        watch->due_ms = now_ms + terms->timeout_ms;
    }
    if (now_ms < watch->due_ms)
        return RM_LIVENESS_NO_NEWS;
    watch->phase = RM_LIVENESS_TRYING;
    if (view->through_ms < watch->due_ms)
        return RM_LIVENESS_NO_NEWS;
    watch->is_silent = true;
    if (watch->is_out)
        enter(watch, RM_LIVENESS_ASKING, now_ms + terms->timeout_ms);
    else
        enter(watch, RM_LIVENESS_WANTED, now_ms);
    return RM_LIVENESS_SILENT;
}

enum rm_liveness_news rm_liveness_look(struct rm_liveness *watch,
                                       const struct rm_liveness_terms *terms,
                                       const struct rm_liveness_view *view, uint64_t now_ms)
{
    if (!terms->check_ms || !view->should_deliver)
    {
        watch->phase = RM_LIVENESS_IDLE;
        return be_well(watch);
    }
    if (watch->phase == RM_LIVENESS_IDLE)
    {
        watch->is_first = true;
        enter(watch, RM_LIVENESS_FIRST, now_ms + view->rate_ms + terms->timeout_ms);
    }
    if (view->has_delivered)
    {
        watch->is_first = false;
        enter(watch, RM_LIVENESS_QUIET, now_ms + quiet_ms(terms, view));
        return be_well(watch);
    }
    switch (watch->phase)
    {
    case RM_LIVENESS_FIRST:
    case RM_LIVENESS_QUIET:
        if (now_ms >= watch->due_ms)
            enter(watch, RM_LIVENESS_WANTED, now_ms);
        break;
    case RM_LIVENESS_ASKING:
    case RM_LIVENESS_ASKED:
    case RM_LIVENESS_TRYING: return wait_for_answer(watch, terms, view, now_ms);
    case RM_LIVENESS_IDLE:
    case RM_LIVENESS_WANTED:
    case RM_LIVENESS_PHASE_COUNT: break;
    }
    return RM_LIVENESS_NO_NEWS;
}

uint64_t rm_liveness_due(const struct rm_liveness *watch)
{
    switch (watch->phase)
    {
    case RM_LIVENESS_FIRST:
    case RM_LIVENESS_QUIET:
    case RM_LIVENESS_ASKING:
    case RM_LIVENESS_ASKED: return watch->due_ms;
    case RM_LIVENESS_IDLE:
    case RM_LIVENESS_WANTED:
    case RM_LIVENESS_TRYING:
    case RM_LIVENESS_PHASE_COUNT: break;
    }
    return UINT64_MAX;
}

bool rm_liveness_is_wanted(const struct rm_liveness *watch)
{
    return watch->phase == RM_LIVENESS_WANTED && !watch->is_out;
}

void rm_liveness_ask(struct rm_liveness *watch, const struct rm_liveness_terms *terms,
                     uint64_t now_ms)
{
    watch->is_out = true;
    watch->asked_ms = now_ms;
    enter(watch, RM_LIVENESS_ASKING, now_ms + terms->timeout_ms);
}

void rm_liveness_answer(struct rm_liveness *watch, const struct rm_liveness_terms *terms,
                        const struct rm_liveness_view *view, enum rm_liveness_answer answer,
                        uint64_t now_ms)
{
    bool was_out = watch->is_out;

    watch->is_out = false;
    if (!was_out)
        watch->is_silent = false;
    if (watch->phase != (was_out ? RM_LIVENESS_ASKING : RM_LIVENESS_WANTED))
        return; /* it has delivered meanwhile, or the answer took so long that it was silent */
    switch (answer)
    {
    case RM_LIVENESS_SENT: enter(watch, RM_LIVENESS_ASKED, now_ms + terms->timeout_ms); break;
    case RM_LIVENESS_REFUSED:
        enter(watch, RM_LIVENESS_QUIET, now_ms + quiet_ms(terms, view));
        break;
    case RM_LIVENESS_UNKNOWN: enter(watch, RM_LIVENESS_ASKED, now_ms); break;
    }
}

uint32_t rm_liveness_turns(const struct rm_liveness_terms *terms, uint32_t groups, uint32_t look_ms)
{
    return 1 + (uint32_t)((uint64_t)groups * look_ms / check_ms(terms));
}
