/* driver_settings.c: settings that change while the client runs (RM-230), applied as a difference:
 * what did not change keeps running. */
#include "session/driver_internal.h"

#include <string.h>

#include "delivery/standby.h"
#include "link/callback_check.h"
#include "module/snapshot_registry.h"
#include "module/snapshot_watch.h"
#include "session/session.h"

#define CHANGES_SIZE 256 /* what is longer is cut */

static void tell_changes(struct rm_session *session, enum rm_event_id id, const char *changes)
{
    WCHAR text[CHANGES_SIZE];

    if (MultiByteToWideChar(CP_UTF8, 0, changes, -1, text, CHANGES_SIZE))
        rm_session_event(session, id, 0, 0, text);
}

/* Locked. What standbys have sent is not to be delivered any more. */
static void forget_buffers(struct rm_session *session)
{
    unsigned i;

    for (i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        if (session->links[i] && session->links[i] != session->active)
            rm_standby_forget(session->links[i]);
    }
    session->match_due_ms = 0;
}

/* Each link brings the state of its groups, and the keep-alive times of ours, in line with the
 * settings, as after any other change. */
static void change_groups(struct rm_session *session, const struct rm_server_config *before,
                          const struct rm_server_config *after)
{
    unsigned i;

    rm_session_lock(session);
    if (before->mode == RM_MODE_HOT && after->mode != RM_MODE_HOT)
        forget_buffers(session);
    for (i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        if (session->links[i])
            rm_link_kick(session->links[i]);
    }
    rm_session_unlock(session);
}

/* The quiet times that run are those of before. Where silence is no fault any more, none is known.
 */
static void change_callback_check(struct rm_driver *driver, bool is_off)
{
    struct rm_session *session = driver->session;
    unsigned machine;

    driver->callbacks_ms = 0;
    for (machine = 1; machine <= driver->failover.settings.machine_count; machine++)
    {
        struct rm_failover_event event = {.kind = RM_FAILOVER_CALLBACKS, .machine = machine};
        struct rm_link *link;

        rm_session_lock(session);
        link = session->links[machine - 1];
        if (link)
        {
            event.link = link->number;
            rm_callback_check_demand(link);
            if (is_off)
                rm_callback_check_forget(link);
        }
        rm_session_unlock(session);
        if (link && is_off)
            rm_driver_step(driver, &event);
    }
}

/* An operator's word for as long as the computer runs stands above the setting. */
static void change_preferred(struct rm_driver *driver, unsigned machine)
{
    if (driver->orders.preferred == RM_ORDERS_AS_SET)
        rm_driver_prefer(driver, machine);
}

/* The state machine has forgotten the partners of before. */
static void change_link_group(struct rm_driver *driver, unsigned link_group)
{
    struct rm_failover_event event = {.kind = RM_FAILOVER_SETTINGS};

    if (driver->partner.link_group)
        rm_partners_leave(&driver->partner);
    ZeroMemory(&driver->partner, sizeof(driver->partner));
    rm_failover_settings_from(&event.settings, driver->session->config);
    rm_driver_step(driver, &event);
    if (!link_group)
        return;
    rm_partners_enter(&driver->partner, driver, link_group);
    event.kind = RM_FAILOVER_LINKED;
    event.machine = rm_driver_machine_of_rank(driver, rm_partners_where(&driver->partner));
    if (event.machine)
        rm_driver_step(driver, &event);
}

/* Of a link group that is left nothing stays, so it is left before another one is entered. */
static void apply(struct rm_driver *driver, const struct rm_server_config *before,
                  bool is_other_list)
{
    struct rm_session *session = driver->session;
    const struct rm_server_config *after = session->config;
    struct rm_failover_event event = {.kind = RM_FAILOVER_SETTINGS};
    bool is_same_group = after->link_group == before->link_group;

    if (is_other_list)
        rm_driver_apply_machines(driver, before);
    rm_failover_settings_from(&event.settings, after);
    event.settings.is_linked = event.settings.is_linked && is_same_group;
    rm_driver_step(driver, &event);
    change_groups(session, before, after);
    if (after->callback_check_ms != before->callback_check_ms)
        change_callback_check(driver, !after->callback_check_ms);
    if (is_other_list || after->preferred_machine != before->preferred_machine)
        change_preferred(driver, after->preferred_machine);
    if (!is_same_group)
        change_link_group(driver, after->link_group);
}

/* May take *found over. */
static void take(struct rm_driver *driver, struct rm_server_config **found)
{
    struct rm_session *session = driver->session;
    const struct rm_server_config *before = session->config;
    struct rm_server_config after;
    char changes[CHANGES_SIZE], machines[CHANGES_SIZE];
    bool is_other_list, is_changed;

    memcpy(&after, before, sizeof(after));
    is_changed = rm_server_take_settings(&after, *found, changes, sizeof(changes));
    is_other_list = rm_server_take_machines(&after, *found, driver->failover.active, machines,
                                            sizeof(machines));
    if (!is_changed && !is_other_list)
        return;
    if (!rm_session_set_config(session, &after, is_other_list ? found : NULL))
    {
        driver->snapshot_changes = 0; /* no memory: at the next look */
        return;
    }
    if (is_other_list)
        tell_changes(session, RM_EVENT_MACHINES_CHANGED, machines);
    if (is_changed)
        tell_changes(session, RM_EVENT_SETTINGS_CHANGED, changes);
    apply(driver, before, is_other_list);
}

void rm_driver_look_at_settings(struct rm_driver *driver)
{
    struct rm_session *session = driver->session;
    LONG changes = rm_snapshot_watch_changes();
    struct rm_server_config *found;

    if (changes == driver->snapshot_changes)
        return;
    driver->snapshot_changes = changes;
    switch (rm_snapshot_registry_read(&session->clsid, &found))
    {
    case RM_OK:
        driver->is_unusable_told = false;
        take(driver, &found);
        rm_server_config_free(found);
        break;
    case RM_E_NO_MEMORY: driver->snapshot_changes = 0; break;
    case RM_E_NOT_FOUND: break; /* disabled or removed: RM-232, RM-233 */
    default:
        if (!driver->is_unusable_told)
            rm_session_event(session, RM_EVENT_SETTINGS_UNUSABLE, 0, 0, NULL);
        driver->is_unusable_told = true;
        break;
    }
}
