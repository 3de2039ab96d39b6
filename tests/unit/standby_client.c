/* standby_client.c: what a client gets of a world through the rings. */
#include "standby_client.h"

#include <inttypes.h>
#include <stdio.h>

static void tell(const struct client *client, const char *what, const struct world_update *update)
{
    if (client->is_told)
        printf("%10.3f %-10s %s #%d = %" PRId64 " %s at %.3f stamp %" PRId64 "\n",
               (double)update->arrives_100ns / 1e4, what,
               update->is_standbys ? "standby" : "active ", update->number, update->state->value,
               update->state->error           ? "fails"
               : update->state->quality < 192 ? "bad"
                                              : "good",
               (double)update->sampled_100ns / 1e4, update->stamp_100ns);
}

struct client_distance client_distance(const struct world *world, bool has_device_time,
                                       const struct world_update *update,
                                       const struct world_update *forwarded)
{
    const struct rm_skew *ours = &world->servers[update->is_standbys].skew;
    const struct rm_skew *theirs = &world->servers[forwarded->is_standbys].skew;
    struct client_distance distance = {.age_100ns = update->stamp_100ns - forwarded->stamp_100ns};
    bool is_good = update->state->quality == WORLD_GOOD_QUALITY &&
                   forwarded->state->quality == WORLD_GOOD_QUALITY;
    bool have_stamps = update->stamp_100ns && forwarded->stamp_100ns && !update->state->error &&
                       !forwarded->state->error;

    if (has_device_time)
    {
        distance.is_timed = have_stamps && is_good;
        return distance;
    }
    distance.is_timed = have_stamps && world->are_clocks_known;
    distance.age_100ns += theirs->offset_100ns - ours->offset_100ns;
    distance.error_100ns = theirs->error_100ns + ours->error_100ns;
    return distance;
}

/* The value carries along which update it is of; equality does not look at it. */
static struct rm_update as_sent(const struct client *client, const struct world_update *update,
                                struct test_value *value)
{
    *value = (struct test_value){.number = update->state->value,
                                 .spare = update - client->world->updates};
    return (struct rm_update){.value = value,
                              .time_100ns = update->stamp_100ns,
                              .arrived_ms = world_ms(client->world, update->arrives_100ns),
                              .error = update->state->error,
                              .quality = update->state->quality};
}

static void deliver(struct client *client, const struct world_update *update, bool is_live,
                    bool is_late)
{
    tell(client, is_late ? "held" : is_live ? "live" : "forwarded", update);
    client->gots[client->got_count++] =
        (struct client_got){.update = *update, .is_live = is_live, .is_late = is_late};
    client->last = *update;
    client->forwarded.update = as_sent(client, update, &client->got);
    client->forwarded.skew = client->world->servers[update->is_standbys].skew;
    client->forwarded.is_valid = true;
}

/* What stays first in the ring is surely owed, unless it was not the first. */
static const char *check_first(const struct client *client)
{
    const struct world *world = client->world;
    const struct world_update *first;
    struct rm_update update;
    struct client_distance distance;
    uint32_t forwarded_ms = client->forwarded.update.arrived_ms;

    if (client->last.number == 0 || client->budget.expired > 0 ||
        !rm_standby_first(&client->ring, &client->terms, &update))
        return NULL;
    first = &world->updates[((const struct test_value *)update.value)->spare];
    distance = client_distance(world, client->ring.has_device_time, first, &client->last);
    if (world_is_same_state(first->state, client->last.state))
        return !distance.is_timed ||
                       distance.age_100ns <= world->period_100ns / 2 + distance.error_100ns
                   ? "the ring keeps what was forwarded"
                   : NULL;
    if (distance.is_timed)
        return distance.age_100ns < -distance.error_100ns ? "the ring keeps what is older" : NULL;
    return forwarded_ms - update.arrived_ms > world->period_100ns / WORLD_MS
               ? "the ring keeps what came earlier"
               : NULL;
}

static const char *check_budget(const struct client *client)
{
    const struct rm_standby_budget *budget = &client->budget;

    if (test_values.copies != budget->buffered)
        return "the budget counts other updates than there are";
    if (budget->bytes > budget->bytes_max && budget->buffered > 1)
        return "the budget is overdrawn by more than one update";
    if (!client->ring.first != !budget->bytes)
        return "the budget counts bytes of an empty ring";
    return NULL;
}

static void promote(struct client *client)
{
    struct rm_update update;

    client->had_device_time = client->ring.has_device_time;
    client->is_standby_active = true;
    if (client->is_told)
        printf("           promoted%s\n", client->had_device_time ? ", device time" : "");
    while (rm_standby_first(&client->ring, &client->terms, &update))
    {
        deliver(client, &client->world->updates[((const struct test_value *)update.value)->spare],
                false, false);
        rm_standby_drop_first(&client->ring, &client->terms);
        client->drained++;
    }
}

/* As the filter of live data does until the new machine has brought the item. */
static void pass(struct client *client, const struct world_update *update, bool is_own_refresh)
{
    struct test_value value;
    struct rm_update sent = as_sent(client, update, &value);
    enum rm_handover verdict = RM_HANDOVER_DELIVER;
    bool is_behind = false;

    if (client->forwarded.is_valid && (is_own_refresh || !client->last.is_standbys))
        verdict =
            rm_standby_judge(&client->ring, &client->terms, &client->forwarded, &sent, &is_behind);
    client->has_held = verdict == RM_HANDOVER_HOLD;
    client->held = *update;
    if (verdict == RM_HANDOVER_DELIVER)
        deliver(client, update, true, false);
    else
        tell(client, verdict == RM_HANDOVER_HOLD ? "hold" : "suppress", update);
    if (verdict == RM_HANDOVER_SUPPRESS && !is_behind)
        client->last.is_standbys = true;
}

static const char *receive(struct client *client, const struct world_update *update)
{
    struct test_value value;
    struct rm_update sent = as_sent(client, update, &value);

    if (client->is_standby_active)
    {
        pass(client, update, false);
        return NULL;
    }
    if (update->is_standbys)
    {
        tell(client, "sent", update);
        rm_standby_sent(&client->ring, &client->terms, &client->forwarded, &sent);
        return check_budget(client);
    }
    deliver(client, update, false, false);
    if (!client->ring.first)
        return NULL;
    rm_standby_forwarded(&client->ring, &client->terms, &client->forwarded);
    return check_first(client);
}

const char *client_run(struct client *client, const struct world *world, size_t bytes_max,
                       uint32_t window_ms)
{
    const char *fault = NULL;
    struct world_update refreshed;

    *client = (struct client){.world = world, .is_told = client->is_told};
    test_values_reset();
    client->budget.bytes_max = bytes_max;
    client->terms = (struct rm_standby_terms){.kind = &test_values.kind,
                                              .budget = &client->budget,
                                              .skew = world->servers[1].skew,
                                              .period_100ns = world->period_100ns,
                                              .window_ms = window_ms};
    for (int i = 0; i < world->update_count && !fault; i++)
    {
        if (!client->is_standby_active && world->updates[i].arrives_100ns >= world->promoted_100ns)
            promote(client);
        fault = receive(client, &world->updates[i]);
    }
    if (!client->is_standby_active)
        promote(client);
    refreshed = world_refresh(world, world->end_100ns);
    pass(client, &refreshed, true);
    if (client->has_held)
        deliver(client, &client->held, true, true);
    rm_standby_clear(&client->ring, &client->terms);
    if (!fault && (client->budget.bytes || client->budget.buffered || test_values.copies))
        fault = "something is left behind";
    return fault;
}
