/* test_standby_streams.c: random streams of two servers through the standby buffer. When the
 * standby takes over, the client gets what it has not got, nothing twice, and nothing out of order.
 *
 *   test_standby_streams           many worlds (RM_STANDBY_WORLDS); one that fails is named
 *   test_standby_streams WORLD     that one, with all that happens in it
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "standby_client.h"

#define WORLDS_DEFAULT 100000
#define TIGHT_WORLDS   5 /* one in so many has a small budget and a small window */
#define TIGHT_BYTES    200
#define ROOM_BYTES     1000000

struct totals
{
    long updates, drained, owed, in_doubt, judged_by_arrival, device_time, overflowed, expired;
};

static struct world world;
static struct client client;

/* May the update be taken for what was forwarded, or for something older? Only where the times of
 * the two can't tell. */
static bool may_be_got(const struct world_update *update, const struct world_update *forwarded)
{
    struct client_distance distance =
        client_distance(&world, client.had_device_time, update, forwarded);
    int64_t near_100ns = world.period_100ns / 2 + distance.error_100ns;

    if (world_is_same_state(update->state, forwarded->state))
        return !distance.is_timed || distance.age_100ns <= near_100ns;
    return !distance.is_timed &&
           update->arrives_100ns + world.period_100ns < forwarded->arrives_100ns + WORLD_MS;
}

/* Nobody could see that the client has not got it; nor, therefore, what came before it. */
static bool is_surely_taken(const struct world_update *update, const struct world_update *forwarded)
{
    struct client_distance distance =
        client_distance(&world, client.had_device_time, update, forwarded);

    return !distance.is_timed && may_be_got(update, forwarded) &&
           update->arrives_100ns <= forwarded->arrives_100ns + world.period_100ns + WORLD_MS;
}

/* The standby has sent something else since the active machine's update. */
static bool is_something_between(int index, const bool *is_in_doubt, int forwarded_number)
{
    for (int i = 0; i < index; i++)
    {
        const struct world_update *update = &world.updates[i];

        if (update->is_standbys && update->number > forwarded_number && !is_in_doubt[i] &&
            !world_is_same_state(update->state, world.updates[index].state))
            return true;
    }
    return false;
}

/* The last one that was forwarded before an update came; -1: none. */
static int forwarded_before(int index)
{
    while (--index >= 0 && world.updates[index].is_standbys)
        ;
    return index;
}

/* Which of the standby's updates may be taken for what the client had then, or got later. */
static void find_doubts(bool *is_in_doubt)
{
    for (int i = 0; i < world.update_count; i++)
    {
        const struct world_update *update = &world.updates[i];
        int k = forwarded_before(i);

        is_in_doubt[i] = false;
        for (k = k < 0 ? 0 : k; update->is_standbys && k < world.update_count; k++)
        {
            const struct world_update *forwarded = &world.updates[k];

            if (forwarded->is_standbys || !may_be_got(update, forwarded))
                continue;
            if (is_surely_taken(update, forwarded))
                for (int before = 0; before <= i; before++)
                    is_in_doubt[before] = true;
            else if (!is_something_between(i, is_in_doubt, forwarded->number))
                is_in_doubt[i] = true;
        }
    }
}

static bool has_got(const struct world_update *update)
{
    for (int i = 0; i < client.got_count; i++)
    {
        const struct world_update *got = &client.gots[i].update;

        if (got->is_standbys == update->is_standbys && got->number == update->number &&
            got->sampled_100ns == update->sampled_100ns)
            return true;
    }
    return false;
}

/* The last of the active machine. */
static const struct world_update *last_of_active(void)
{
    const struct world_update *last = NULL;

    for (int i = 0; i < world.update_count; i++)
    {
        if (!world.updates[i].is_standbys && world.updates[i].arrives_100ns < world.promoted_100ns)
            last = &world.updates[i];
    }
    return last;
}

/* A repeat with the time stamp of what the server has sent before, or with none. */
static bool is_same_again(int index)
{
    const struct world_update *update = &world.updates[index];

    if (!update->stamp_100ns || update->state->error)
        return true;
    while (--index >= 0 && !world.updates[index].is_standbys)
        ;
    return index >= 0 && world.updates[index].stamp_100ns == update->stamp_100ns;
}

static const char *check_nothing_is_lost(struct totals *totals)
{
    static bool is_in_doubt[WORLD_UPDATES_MAX];
    const struct world_update *last = last_of_active();

    find_doubts(is_in_doubt);
    for (int i = 0; i < world.update_count; i++)
    {
        const struct world_update *update = &world.updates[i];

        if (!update->is_standbys || (last && update->number <= last->number))
            continue;
        if (is_in_doubt[i] || (update->is_repeat && is_same_again(i)))
            totals->in_doubt++;
        else if (!has_got(update))
            return "an update that the client has not got is lost";
        else
            totals->owed++;
    }
    return NULL;
}

/* When the server has seen it, or the device: what its time stamp means. */
static int64_t true_time(const struct world_update *update)
{
    return world.stamps == WORLD_STAMPS_SERVER ? update->sampled_100ns : update->state->from_100ns;
}

static const char *check_order(void)
{
    const struct world_update *last = last_of_active(), *before = NULL;

    for (int i = 0; i < client.got_count && last; i++)
    {
        const struct world_update *got = &client.gots[i].update;
        struct client_distance distance =
            client_distance(&world, client.had_device_time, got, last);

        if (!got->is_standbys || client.gots[i].is_late)
            continue;
        if (before && got->number < before->number)
            return "the standby's updates come in another order";
        before = got;
        if (!distance.is_timed)
            break; /* after what has no time anything may come */
        if (true_time(got) < true_time(last) - 2 * distance.error_100ns)
            return "an update is older than what the client had";
    }
    return NULL;
}

static bool is_double(const struct client_got *one, const struct client_got *other)
{
    return one->update.stamp_100ns && one->update.stamp_100ns == other->update.stamp_100ns &&
           !one->update.state->error &&
           world_is_same_state(one->update.state, other->update.state) &&
           /* what a server itself repeats is passed on, once it is active */
           !(other->is_live && other->update.is_repeat) &&
           !(!one->update.is_standbys && !other->update.is_standbys);
}

static const char *check_nothing_is_doubled(void)
{
    const struct world_update *last = last_of_active();
    bool was_in_doubt = false;

    for (int i = 0; i < client.got_count && last; i++)
    {
        struct client_distance distance =
            client_distance(&world, client.had_device_time, &client.gots[i].update, last);

        bool is_in_doubt = !distance.is_timed ||
                           (distance.age_100ns >= -distance.error_100ns && distance.age_100ns < 0);

        if (!client.gots[i].update.is_standbys || client.gots[i].is_late)
            continue;
        if (client.gots[i].is_live && (was_in_doubt || is_in_doubt))
            break; /* once it was delivered, what follows is no longer looked at */
        was_in_doubt |= is_in_doubt;
        if (is_in_doubt)
            continue;
        for (int k = 0; k < i; k++)
        {
            if (is_double(&client.gots[k], &client.gots[i]))
                return "an update is delivered twice";
        }
    }
    return NULL;
}

static const char *check_end(void)
{
    const struct world_update refreshed = world_refresh(&world, world.end_100ns);
    const struct client_got *end = client.got_count ? &client.gots[client.got_count - 1] : NULL;

    return end && world_is_same_state(end->update.state, refreshed.state)
               ? NULL
               : "the client does not end with what is true";
}

static const char *run_world(unsigned long number, struct totals *totals)
{
    bool is_tight = number % TIGHT_WORLDS == 0;
    const char *fault;

    world_make(&world, number);
    fault = client_run(&client, &world, is_tight ? TIGHT_BYTES : ROOM_BYTES,
                       is_tight ? (uint32_t)(3 * world.period_100ns / WORLD_MS) : 1000000);
    if (!fault)
        fault = check_order();
    if (!fault)
        fault = check_nothing_is_doubled();
    if (!fault)
        fault = check_end();
    if (!fault && !is_tight)
        fault = check_nothing_is_lost(totals);
    totals->updates += world.update_count;
    totals->drained += client.drained;
    totals->device_time += client.had_device_time;
    totals->judged_by_arrival += !world.are_clocks_known || world.stamps == WORLD_STAMPS_NONE;
    totals->overflowed += (long)client.budget.overflowed;
    totals->expired += (long)client.budget.expired;
    return fault;
}

static void worlds(void **state)
{
    const char *text = getenv("RM_STANDBY_WORLDS");
    unsigned long count = text ? strtoul(text, NULL, 10) : WORLDS_DEFAULT;
    struct totals totals = {.updates = 0};

    (void)state;
    for (unsigned long number = 1; number <= count; number++)
    {
        const char *fault = run_world(number, &totals);

        if (fault)
            fail_msg("world %lu: %s", number, fault);
    }
    printf("%lu worlds (%ld with device time, %ld without times), %ld updates; %ld out of rings; "
           "%ld owed, %ld in doubt; %ld overflowed, %ld expired\n",
           count, totals.device_time, totals.judged_by_arrival, totals.updates, totals.drained,
           totals.owed, totals.in_doubt, totals.overflowed, totals.expired);
    /* Else the worlds are not what they should be. */
    assert_true(totals.owed > totals.in_doubt && totals.drained > (long)count / 2);
    assert_true(totals.overflowed > 0 && totals.expired > 0);
    assert_true(totals.device_time > (long)count / 20);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(worlds)};
    struct totals totals = {.updates = 0};
    const char *fault;

    if (argc < 2)
        return cmocka_run_group_tests(tests, NULL, NULL);
    client.is_told = true;
    fault = run_world(strtoul(argv[1], NULL, 10), &totals);
    printf("world %s: %s\n", argv[1], fault ? fault : "well");
    return fault != NULL;
}
