/* test_failover_check.c: each invariant's check finds a state that breaks it, and only that. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>

#include <cmocka.h>

#include <rm/failover.h>

struct picture
{
    struct rm_failover before, now;
    struct rm_failover_actions actions;
};

/* A sound step: warm, machine 1 of two is lost, machine 2 promoted. */
static struct picture make_picture(void)
{
    struct picture picture = {.actions = {.count = 0}};
    struct rm_failover *now = &picture.now;

    now->settings.machine_count = 2;
    now->settings.mode = RM_MODE_WARM;
    now->phase = RM_PHASE_SERVING;
    now->active = 1;
    now->generation = 1;
    now->last_link = 2;
    for (unsigned i = 0; i < RM_MACHINES_MAX; i++)
    {
        now->machines[i].retry_at_ms = now->machines[i].ping_sent_ms = RM_NEVER;
    }
    for (unsigned i = 0; i < 2; i++)
    {
        now->machines[i].connection = RM_CONNECTION_UP;
        now->machines[i].link = i + 1;
    }
    picture.before = *now;
    now->active = now->generation = 2;
    now->machines[0].connection = RM_CONNECTION_DOWN;
    now->machines[0].retry_at_ms = 10000;
    picture.actions.count = 2;
    picture.actions.items[0].kind = RM_ACTION_DISCONNECT;
    picture.actions.items[0].machine = picture.actions.items[0].link = 1;
    picture.actions.items[1].kind = RM_ACTION_PROMOTE;
    picture.actions.items[1].machine = picture.actions.items[1].link = 2;
    picture.actions.items[1].generation = 2;
    return picture;
}

static void expect_broken(const struct picture *picture, unsigned invariant)
{
    assert_int_equal(rm_failover_check(&picture->now, &picture->before, &picture->actions),
                     invariant);
}

/* The same with nothing but the state known. */
static void expect_state_broken(const struct picture *picture, unsigned invariant)
{
    expect_broken(picture, invariant);
    assert_int_equal(rm_failover_check(&picture->now, NULL, NULL), invariant);
}

static void add_action(struct picture *picture, enum rm_failover_action_kind kind, unsigned machine,
                       uint32_t link)
{
    struct rm_failover_action *action = &picture->actions.items[picture->actions.count++];

    *action = (struct rm_failover_action){.kind = kind, .machine = machine, .link = link};
}

static void sound_states_pass(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    expect_state_broken(&picture, 0);
    assert_int_equal(rm_failover_check(&picture.now, &picture.before, NULL), 0);
    assert_int_equal(rm_failover_check(&picture.now, NULL, &picture.actions), 0);
}

static void i1_active_and_phase(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.phase = RM_PHASE_SEARCHING;
    expect_state_broken(&picture, 1);
    picture = make_picture();
    picture.now.active = 0;
    expect_state_broken(&picture, 1);
}

static void i2_active_is_up(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.active = 1;
    expect_state_broken(&picture, 2);
    picture.now.active = 3;
    expect_state_broken(&picture, 2);
}

static void i3_cold_has_one_link(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.settings.mode = RM_MODE_COLD;
    expect_state_broken(&picture, 0);
    picture.now.machines[0].connection = RM_CONNECTION_CONNECTING;
    expect_state_broken(&picture, 3);
}

static void i4_nobody_forgotten(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.machines[0].retry_at_ms = RM_NEVER;
    expect_state_broken(&picture, 4);
    picture.now.settings.mode = RM_MODE_HOT;
    expect_state_broken(&picture, 4);
}

static void i5_generation(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.generation = 3;
    expect_broken(&picture, 5);
    picture = make_picture();
    picture.actions.items[1].generation = 1;
    expect_broken(&picture, 5);
    picture = make_picture();
    picture.now.generation = 0;
    assert_int_equal(rm_failover_check(&picture.now, &picture.before, NULL), 5);
}

static void i6_links(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.machines[1].link = 3;
    expect_state_broken(&picture, 6);
    picture = make_picture();
    picture.now.machines[1].link = 1;
    expect_broken(&picture, 6);
    picture = make_picture();
    add_action(&picture, RM_ACTION_CONNECT, 1, 2);
    expect_broken(&picture, 6);
    picture = make_picture();
    picture.now.last_link = 3;
    add_action(&picture, RM_ACTION_CONNECT, 1, 3);
    expect_broken(&picture, 0);
    add_action(&picture, RM_ACTION_CONNECT, 1, 3);
    expect_broken(&picture, 6);
}

static void i7_pings(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.machines[1].ping_sent_ms = 5;
    expect_state_broken(&picture, 0);
    picture.now.machines[0].ping_sent_ms = 5;
    expect_state_broken(&picture, 7);
}

static void i8_stopped_is_quiet(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.phase = RM_PHASE_STOPPED;
    picture.now.active = 0;
    picture.now.generation = 1;
    picture.actions.count = 1;
    expect_state_broken(&picture, 8);
    picture.now.machines[1].connection = RM_CONNECTION_DOWN;
    expect_state_broken(&picture, 0);
    add_action(&picture, RM_ACTION_EVENT, 1, 1);
    picture.actions.items[1].event = RM_EVENT_DISCONNECTED;
    expect_broken(&picture, 0);
    picture.actions.items[1].event = RM_EVENT_CONNECTED;
    expect_broken(&picture, 8);
    picture.actions.items[1].kind = RM_ACTION_PING;
    expect_broken(&picture, 8);
}

static void i9_promotions(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.before.active = 2;
    expect_broken(&picture, 9);
    picture = make_picture();
    picture.actions.items[1].machine = 1;
    expect_broken(&picture, 9);
    picture.before.active = 2;
    expect_broken(&picture, 9);
}

static void i10_actions_fit(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.actions.count = RM_FAILOVER_ACTIONS_MAX + 1;
    expect_broken(&picture, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_states_pass),
        cmocka_unit_test(i1_active_and_phase),
        cmocka_unit_test(i2_active_is_up),
        cmocka_unit_test(i3_cold_has_one_link),
        cmocka_unit_test(i4_nobody_forgotten),
        cmocka_unit_test(i5_generation),
        cmocka_unit_test(i6_links),
        cmocka_unit_test(i7_pings),
        cmocka_unit_test(i8_stopped_is_quiet),
        cmocka_unit_test(i9_promotions),
        cmocka_unit_test(i10_actions_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
