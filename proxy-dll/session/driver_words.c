/* driver_words.c: what operators and partners say, on its way to the state machine. */
#include "session/driver_internal.h"

#include "module/module.h"
#include "module/orders_registry.h"
#include "service_link/service_link.h"
#include "session/session.h"

#define LOOK_MS 500 /* a command or a setting is seen after so long at the latest */

/* Orders name machines by rank. */
static void step_all(struct rm_driver *driver, struct rm_failover_event *events, unsigned count)
{
    unsigned i;

    for (i = 0; i < count; i++)
    {
        events[i].machine = rm_driver_machine_of_rank(driver, events[i].machine);
        rm_driver_step(driver, &events[i]);
    }
}

void rm_driver_prefer(struct rm_driver *driver, unsigned rank)
{
    struct rm_failover_event event = {.kind = RM_FAILOVER_PREFER,
                                      .machine = rm_driver_machine_of_rank(driver, rank)};

    rm_driver_step(driver, &event);
}

/* For the status section: what this session has seen, now that it has done what it could. */
static void note_orders(struct rm_driver *driver, const struct rm_orders *seen)
{
    driver->orders = *seen;
    rm_session_lock(driver->session);
    driver->session->order_number = seen->number;
    rm_session_unlock(driver->session);
}

/* A session that begins goes where others were sent or have gone, if it can; it is only for that
 * moment that this machine is in front of all others. */
void rm_driver_begin(struct rm_driver *driver)
{
    struct rm_failover_event events[RM_ORDERS_EVENTS_MAX];
    const struct rm_server_config *config = driver->session->config;
    unsigned partners = 0;

    rm_service_link_enter(driver->session->number, config->progid, driver);
    driver->others = rm_service_link_where(driver->session->number);
    rm_orders_registry_read(&driver->session->clsid, &driver->orders);
    note_orders(driver, &driver->orders);
    step_all(driver, events,
             rm_orders_events(NULL, &driver->orders, config->preferred_machine, events));
    if (config->link_group)
    {
        rm_partners_enter(&driver->partner, driver, config->link_group);
        partners = rm_partners_where(&driver->partner);
    }
    if (!partners)
        partners = driver->others;
    if (partners && !driver->orders.chosen)
        rm_driver_prefer(driver, partners);
}

/* Where the others are, by rank, as long as that isn't where a session goes anyway. */
static unsigned where_others_are(const struct rm_driver *driver)
{
    const struct rm_failover *failover = &driver->failover;
    unsigned partners = driver->partner.link_group ? rm_partners_where(&driver->partner) : 0;
    unsigned active = rm_driver_rank_of(driver, failover->active);
    unsigned home = failover->preferred ? rm_driver_rank_of(driver, failover->preferred) : 1;

    if (partners)
        return partners;
    return driver->others == active && active == home ? 0 : driver->others;
}

/* The session has its first machine: what was said of the beginning is over. */
static void settle(struct rm_driver *driver)
{
    const struct rm_failover *failover = &driver->failover;
    struct rm_failover_event event = {.machine =
                                          rm_driver_machine_of_rank(driver, driver->orders.chosen)};

    driver->is_settled = true;
    rm_driver_prefer(driver, driver->orders.preferred == RM_ORDERS_AS_SET
                                 ? driver->session->config->preferred_machine
                                 : driver->orders.preferred);
    if (event.machine && event.machine == failover->active)
    {
        event.kind = RM_FAILOVER_SWITCH; /* to stay there, as the others do */
        rm_driver_step(driver, &event);
    }
    else if (!driver->orders.chosen)
    {
        event.kind = RM_FAILOVER_LINKED;
        event.machine = rm_driver_machine_of_rank(driver, where_others_are(driver));
        if (event.machine)
            rm_driver_step(driver, &event);
    }
}

static void look_at_orders(struct rm_driver *driver)
{
    struct rm_failover_event events[RM_ORDERS_EVENTS_MAX];
    struct rm_session *session = driver->session;
    const struct rm_commanded *last;
    struct rm_orders now;
    char text[RM_ORDERS_TEXT_SIZE];
    WCHAR wide[RM_ORDERS_TEXT_SIZE];

    if (rm_orders_registry_read(&session->clsid, &now) != RM_OK ||
        now.number == driver->orders.number)
        return;
    driver->snapshot_changes = 0; /* it was given for the list that is stored now */
    rm_driver_look_at_settings(driver);
    rm_session_lock(session);
    session->order_refusal = RM_REFUSAL_NONE;
    rm_session_unlock(session);
    last = rm_orders_get(&now, now.number);
    if (last)
        rm_commanded_text(last, text);
    if (last && MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, RM_ORDERS_TEXT_SIZE))
        rm_session_event(session, RM_EVENT_COMMANDED, 0, 0, wide);
    step_all(driver, events,
             rm_orders_events(&driver->orders, &now, session->config->preferred_machine, events));
    note_orders(driver, &now);
}

void rm_driver_listen(struct rm_driver *driver)
{
    const struct rm_failover *failover = &driver->failover;
    ULONGLONG now_ms = rm_module_now_ms();

    if (!driver->is_settled && failover->phase == RM_PHASE_SERVING)
        settle(driver);
    if (driver->is_settled && now_ms >= driver->look_ms)
    {
        driver->look_ms = now_ms + LOOK_MS;
        rm_driver_look_at_settings(driver);
        look_at_orders(driver);
        rm_driver_look_at_verdicts(driver);
    }
    if (driver->partner.link_group)
        rm_partners_note(&driver->partner, rm_driver_rank_of(driver, failover->active),
                         failover->is_following);
}

void rm_driver_report(const struct rm_driver *driver)
{
    const struct rm_failover *failover = &driver->failover;
    struct rm_wire_active active = {.session = driver->session->number,
                                    .machine = rm_driver_rank_of(driver, failover->active),
                                    .moves = driver->moves,
                                    .is_following = failover->is_following};

    rm_service_link_active(&active);
}

void rm_driver_tell_refusal(struct rm_driver *driver, const struct rm_failover_action *action)
{
    struct rm_session *session = driver->session;
    enum rm_event_id id = action->machine ? RM_EVENT_SWITCH_REFUSED : RM_EVENT_NO_SWITCH;
    WCHAR reason[RM_ORDERS_TEXT_SIZE];

    rm_session_lock(session);
    session->order_refusal = action->refusal;
    rm_session_unlock(session);
    if (MultiByteToWideChar(CP_UTF8, 0, rm_refusal_text(action->refusal), -1, reason,
                            RM_ORDERS_TEXT_SIZE))
        rm_session_event(session, id, action->machine, 0, reason);
}

void rm_driver_end(struct rm_driver *driver)
{
    if (driver->partner.link_group)
        rm_partners_leave(&driver->partner);
}
