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
        now->machines[i].rank = i + 1;
    }
    now->settings.acknowledge = RM_ACKNOWLEDGE_BOTH;
    now->settings.flap_limit = 1;
    now->settings.flap_window_ms = 100;
    now->history[0].machine = 1;
    picture.before = *now;
    now->active = now->generation = 2;
    now->history[1].machine = 2;
    now->machines[0].connection = RM_CONNECTION_DOWN;
    now->machines[0].retry_at_ms = 10000;
    picture.actions.count = 2;
    picture.actions.items[0].kind = RM_ACTION_DISCONNECT;
    picture.actions.items[0].machine = picture.actions.items[0].link = 1;
    picture.actions.items[1].kind = RM_ACTION_PROMOTE;
    picture.actions.items[1].machine = picture.actions.items[1].link = 2;
    picture.actions.items[1].generation = 2;
    picture.actions.items[1].cause = RM_CAUSE_TRANSPORT;
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

/* The same step, but machine 1 is UP still and left for another reason; machine 2 is fit. */
static struct picture make_departure(enum rm_cause cause)
{
    struct picture picture = make_picture();

    picture.now.machines[0].connection = RM_CONNECTION_UP;
    picture.now.machines[1].health = 1;
    picture.now.machines[1].is_running = picture.now.machines[1].is_ready = true;
    picture.now.settings.fall = picture.before.settings.fall = 1;
    picture.before.history[0].at_ms = picture.now.history[0].at_ms = 0;
    picture.before.now_ms = picture.now.now_ms = 1000;
    picture.actions.items[1].cause = cause;
    return picture;
}

static void i11_one_is_forced(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.machines[0].mode = RM_OPERATOR_FORCED;
    expect_state_broken(&picture, 0);
    picture.now.machines[1].mode = RM_OPERATOR_FORCED;
    expect_state_broken(&picture, 11);
}

static void i12_chosen_is_active(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.chosen = 2;
    expect_state_broken(&picture, 0);
    picture.now.chosen = 1;
    expect_state_broken(&picture, 12);
}

static void i13_left_for_a_fit_one(void **state)
{
    static const enum rm_cause causes[] = {
        RM_CAUSE_MAINTENANCE, RM_CAUSE_SILENT, RM_CAUSE_NOT_RUNNING, RM_CAUSE_STATUS,
        RM_CAUSE_VERDICT,     RM_CAUSE_LINKED, RM_CAUSE_RETURN};

    (void)state;
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
    {
        struct picture picture = make_departure(causes[i]);
        struct rm_failover_machine *target = &picture.now.machines[1];

        expect_broken(&picture, 0);
        target->is_ready = false;
        expect_broken(&picture, 13);
        target->is_ready = true;
        target->is_running = false;
        expect_broken(&picture, 13);
        target->is_running = true;
        target->health = -1;
        expect_broken(&picture, 13);
        target->health = 1;
        target->mode = RM_OPERATOR_MAINTENANCE;
        expect_broken(&picture, 13);
        target->mode = RM_OPERATOR_NORMAL;
        target->silences = 1;
        expect_broken(&picture, 13);
        target->silences = 0;
        target->verdict = RM_VERDICT_BAD;
        expect_broken(&picture, 13);
        target->mode = RM_OPERATOR_FORCED;
        expect_broken(&picture, causes[i] == RM_CAUSE_RETURN ? 0 : 13);
        picture.actions.items[1].cause = RM_CAUSE_OPERATOR;
        expect_broken(&picture, 0);
    }
}

static void i14_forced_stays(void **state)
{
    struct picture picture = make_departure(RM_CAUSE_RETURN);

    (void)state;
    picture.before.machines[0].mode = picture.now.machines[0].mode = RM_OPERATOR_FORCED;
    expect_broken(&picture, 14);
    picture.now.machines[0].mode = RM_OPERATOR_NORMAL;
    expect_broken(&picture, 0);
}

static void i15_writes(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.is_unacknowledged = true;
    expect_broken(&picture, 15);
    add_action(&picture, RM_ACTION_HOLD_WRITES, 0, 0);
    expect_broken(&picture, 0);
    add_action(&picture, RM_ACTION_HOLD_WRITES, 0, 0);
    expect_broken(&picture, 15);
    picture.actions.items[3].kind = RM_ACTION_RELEASE_WRITES;
    expect_broken(&picture, 15);
    picture.now.is_unacknowledged = false;
    expect_broken(&picture, 0);
    picture = make_picture();
    add_action(&picture, RM_ACTION_RELEASE_WRITES, 0, 0);
    expect_broken(&picture, 15);
}

static void i16_damped(void **state)
{
    struct picture picture = make_departure(RM_CAUSE_RETURN);

    (void)state;
    picture.before.history[0] = (struct rm_promotion){.at_ms = 950, .machine = 2};
    expect_broken(&picture, 16);
    picture.before.history[0].at_ms = 900;
    expect_broken(&picture, 0);
    picture.before.history[0].at_ms = 950;
    picture.now.machines[1].mode = RM_OPERATOR_FORCED;
    expect_broken(&picture, 0);
}

static void i17_sought(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.sought = 1;
    expect_state_broken(&picture, 17);
    picture.now.settings.mode = RM_MODE_COLD;
    expect_state_broken(&picture, 17);
    picture.now.phase = RM_PHASE_SEARCHING;
    picture.now.active = 0;
    assert_int_equal(rm_failover_check(&picture.now, NULL, NULL), 0);
}

static void i18_tilted(void **state)
{
    struct picture picture = make_departure(RM_CAUSE_VERDICT);

    (void)state;
    picture.now.tilt_until_ms = 1001;
    expect_broken(&picture, 18);
    picture.now.tilt_until_ms = 1000;
    expect_broken(&picture, 0);
    picture.now.tilt_until_ms = 1001;
    picture.actions.items[1].cause = RM_CAUSE_PING_TIMEOUT;
    expect_broken(&picture, 18);
    picture.actions.items[1].cause = RM_CAUSE_TRANSPORT;
    expect_broken(&picture, 0);
}

static void i19_no_better(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    add_action(&picture, RM_ACTION_EVENT, 0, 0);
    picture.actions.items[2].event = RM_EVENT_NO_BETTER_MACHINE;
    picture.now.settings.fall = 1;
    expect_broken(&picture, 19);
    picture.now.machines[1].verdict = RM_VERDICT_BAD;
    expect_broken(&picture, 0);
}

static void i20_history(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.history[1].machine = 1;
    expect_state_broken(&picture, 20);
}

static void i21_list(void **state)
{
    struct picture picture = make_picture();

    (void)state;
    picture.now.machines[0].rank = 2;
    expect_state_broken(&picture, 21);
    picture.now.machines[1].rank = 1;
    expect_broken(&picture, 0);
    picture.now.machines[0].rank = 0; /* it is DOWN */
    expect_broken(&picture, 0);
    picture.now.machines[1].rank = 2;
    expect_state_broken(&picture, 21);
    picture.now.machines[0].rank = 1;
    picture.now.machines[1].rank = 0; /* it is active */
    expect_broken(&picture, 0);
    picture = make_departure(RM_CAUSE_MAINTENANCE);
    picture.now.machines[0].rank = 0;
    picture.now.machines[1].rank = 1;
    expect_state_broken(&picture, 21); /* it was left, and is still UP */
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
        cmocka_unit_test(i11_one_is_forced),
        cmocka_unit_test(i12_chosen_is_active),
        cmocka_unit_test(i13_left_for_a_fit_one),
        cmocka_unit_test(i14_forced_stays),
        cmocka_unit_test(i15_writes),
        cmocka_unit_test(i16_damped),
        cmocka_unit_test(i17_sought),
        cmocka_unit_test(i18_tilted),
        cmocka_unit_test(i19_no_better),
        cmocka_unit_test(i20_history),
        cmocka_unit_test(i21_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
