/* driver_machines.c: another list of machines while the client runs (RM-230). Within the session a
 * machine goes by its number, which stays; in here the ranks change, by which the world knows it.
 */
#include "session/driver_internal.h"

#include "module/module.h"
#include "service_link/listeners.h"
#include "session/session.h"

/* The service takes the list over within this time of us. */
#define VERDICTS_HELD_MS 2000

unsigned rm_driver_machine_of_rank(const struct rm_driver *driver, unsigned rank)
{
    unsigned machine = rm_server_machine_of_rank(driver->session->config, rank);

    return rank && !machine ? RM_MACHINE_NUMBERS + 1 : machine;
}

unsigned rm_driver_rank_of(const struct rm_driver *driver, unsigned machine)
{
    return machine ? driver->session->config->machines[machine - 1].rank : 0;
}

/* A number that another machine has now. */
static void forget_machines(struct rm_driver *driver, const struct rm_server_config *before)
{
    const struct rm_server_config *after = driver->session->config;
    unsigned i;

    for (i = 0; i < before->machine_count; i++)
    {
        if (after->machines[i].host == before->machines[i].host)
            continue;
        driver->session->is_integrity_refused[i] = false;
        driver->stuck_told[i] = 0;
    }
}

/* The commands that were seen last, as whoever changed the list has changed them in the record. */
static void renumber_orders(struct rm_driver *driver, const struct rm_server_config *before)
{
    unsigned ranks[RM_MACHINES_MAX + 1] = {0};
    unsigned i;

    for (i = 0; i < before->machine_count; i++)
        ranks[before->machines[i].rank] = driver->session->config->machines[i].rank;
    ranks[0] = 0;
    rm_orders_renumber(&driver->orders, ranks);
}

/* Verdicts come by rank, and nobody knows by which list until the service has the new one, too. */
static void hold_verdicts(struct rm_driver *driver)
{
    struct rm_failover_event event = {.kind = RM_FAILOVER_VERDICT, .verdict = RM_VERDICT_UNKNOWN};

    for (event.machine = 1; event.machine <= driver->failover.settings.machine_count;
         event.machine++)
    {
        if (driver->failover.machines[event.machine - 1].verdict != RM_VERDICT_UNKNOWN)
            rm_driver_step(driver, &event);
    }
    driver->verdicts_ms = rm_module_now_ms() + VERDICTS_HELD_MS;
}

void rm_driver_apply_machines(struct rm_driver *driver, const struct rm_server_config *before)
{
    const struct rm_server_config *after = driver->session->config;
    struct rm_failover_event event = {.kind = RM_FAILOVER_MACHINES,
                                      .machine_count = (unsigned)after->machine_count};
    unsigned i;

    for (i = 0; i < after->machine_count; i++)
        event.ranks[i] = (uint8_t)after->machines[i].rank;
    forget_machines(driver, before);
    renumber_orders(driver, before);
    rm_driver_step(driver, &event);
    hold_verdicts(driver);
}

void rm_driver_look_at_verdicts(struct rm_driver *driver)
{
    if (!driver->verdicts_ms || rm_module_now_ms() < driver->verdicts_ms)
        return;
    driver->verdicts_ms = 0;
    rm_listeners_repeat(driver->session->number);
}
