/* test_blackbox.c: what a session keeps of its last minute: bounds, window, counts, and when a
 * report is due.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <rm/blackbox.h>

#define START_MS   1000000u
#define WALL_100NS UINT64_C(134100000000000000)
#define INTERVAL   1000u

static struct rm_blackbox box;
static struct rm_failover failover;
static struct rm_failover_actions actions;
static uint64_t now_ms;

static void step(struct rm_failover_event event)
{
    if (event.machine && !event.link)
    {
        event.link = failover.machines[event.machine - 1].link;
    }
    rm_failover_step(&failover, &event, now_ms, &actions);
    rm_blackbox_step(&box, &failover, &event, &actions);
}

static void fact(enum rm_failover_event_kind kind, unsigned machine, uint32_t code)
{
    step((struct rm_failover_event){
        .kind = kind, .machine = machine, .code = code, .is_running = true});
}

/* A session in warm mode that is served by machine 1, both machines well. */
static int serve(void **state)
{
    struct rm_failover_settings settings = {.machine_count = 2,
                                            .mode = RM_MODE_WARM,
                                            .return_policy = RM_RETURN_STAY,
                                            .ping_interval_ms = INTERVAL,
                                            .ping_timeout_ms = INTERVAL / 2,
                                            .fall = 1,
                                            .rise = 1,
                                            .connect_timeout_ms = 30000,
                                            .reconnect_interval_ms = 5000};

    (void)state;
    now_ms = START_MS;
    rm_failover_init(&failover, &settings);
    rm_blackbox_init(&box, 2);
    rm_blackbox_clock(&box, now_ms, WALL_100NS);
    fact(RM_FAILOVER_START, 0, 0);
    fact(RM_FAILOVER_CONNECTED, 1, 0);
    fact(RM_FAILOVER_CONNECTED, 2, 0);
    fact(RM_FAILOVER_READY, 1, 0);
    fact(RM_FAILOVER_READY, 2, 0);
    fact(RM_FAILOVER_PING_ANSWERED, 1, 0);
    fact(RM_FAILOVER_PING_ANSWERED, 2, 0);
    assert_int_equal(failover.active, 1);
    assert_false(rm_blackbox_is_due(&box, UINT64_MAX - 1, true)); /* a beginning is no switch */
    return 0;
}

static unsigned count_kind(enum rm_blackbox_kind kind)
{
    unsigned count = 0;

    for (unsigned i = 0; i < RM_BLACKBOX_RECORDS; i++)
    {
        count += box.records[i].count && box.records[i].kind == kind;
    }
    return count;
}

static const struct rm_blackbox_record *last_record(void)
{
    return &box.records[(box.record_count - 1) % RM_BLACKBOX_RECORDS];
}

static const struct rm_blackbox_promotion *last_promotion(void)
{
    return &box.promotions[(box.promotion_count - 1) % RM_BLACKBOX_PROMOTIONS];
}

static void pings_are_counted_by_the_second(void **state)
{
    struct rm_blackbox_second counted = {.calls = 7, .calls_failed = 2, .slowest_call_ms = 30};
    uint32_t records = box.record_count;

    (void)state;
    rm_blackbox_second(&box, now_ms, &counted);
    for (unsigned i = 0; i < 500; i++)
    {
        now_ms += INTERVAL;
        fact(RM_FAILOVER_TICK, 0, 0);
        now_ms += 20 + i % 3;
        fact(RM_FAILOVER_PING_ANSWERED, 1, 0);
        fact(RM_FAILOVER_PING_ANSWERED, 2, 0);
        counted.machines[0].callbacks = i;
        rm_blackbox_second(&box, now_ms, &counted);
    }
    assert_int_equal(box.record_count, records); /* nothing of it is news */
    assert_int_equal(box.second_count, 501);
    for (unsigned i = 0; i < RM_BLACKBOX_SECONDS; i++)
    {
        const struct rm_blackbox_second *second = &box.seconds[i];

        assert_int_equal(second->machines[0].pings_sent, 1);
        assert_int_equal(second->machines[1].pings_answered, 1);
        assert_in_range(second->machines[0].slowest_ping_ms, 20, 22);
        assert_in_range(second->to_ms - second->from_ms, 1020, 1022);
        assert_int_equal(second->calls, 7);
        assert_in_range(second->machines[0].callbacks, 500 - RM_BLACKBOX_SECONDS, 499);
    }
}

/* An answer of an old link is none. */
static void late_answers_do_not_count(void **state)
{
    (void)state;
    now_ms += INTERVAL;
    fact(RM_FAILOVER_TICK, 0, 0);
    step((struct rm_failover_event){
        .kind = RM_FAILOVER_PING_ANSWERED, .machine = 1, .link = 77, .is_running = true});
    assert_int_equal(box.present.machines[0].pings_answered, 1); /* that of the beginning */
}

static void a_lost_machine_is_told_in_full(void **state)
{
    (void)state;
    now_ms += INTERVAL;
    fact(RM_FAILOVER_TICK, 0, 0);
    now_ms += 15;
    fact(RM_FAILOVER_LINK_LOST, 1, 0x800706BE);
    assert_int_equal(failover.active, 2);
    assert_int_equal(last_promotion()->from, 1);
    assert_int_equal(last_promotion()->to, 2);
    assert_int_equal(last_promotion()->cause, RM_CAUSE_TRANSPORT);
    assert_int_equal(last_promotion()->lost_cause, RM_CAUSE_TRANSPORT);
    assert_int_equal(last_promotion()->lost_code, 0x800706BE);
    assert_int_equal(last_promotion()->answered_ms, START_MS);
    assert_int_equal(count_kind(RM_BLACKBOX_LINK_ENDED), 1);
    rm_blackbox_data(&box, 1, now_ms + 5);
    rm_blackbox_data(&box, 2, now_ms - 1); /* of before */
    assert_int_equal(last_promotion()->data_ms, 0);
    rm_blackbox_data(&box, 2, now_ms + 9);
    rm_blackbox_data(&box, 2, now_ms + 90);
    assert_int_equal(last_promotion()->data_ms, now_ms + 9);
}

/* First data is told when the next switch has been made already. */
static void data_belongs_to_its_promotion(void **state)
{
    uint64_t data_ms;

    (void)state;
    now_ms += 10;
    fact(RM_FAILOVER_LINK_LOST, 1, 0x800706BE);
    data_ms = now_ms + 5;
    now_ms += 6000;
    fact(RM_FAILOVER_TICK, 0, 0);
    fact(RM_FAILOVER_CONNECTED, 1, 0);
    fact(RM_FAILOVER_LINK_LOST, 2, 0x800706BE);
    assert_int_equal(last_promotion()->to, 1);
    rm_blackbox_data(&box, 2, data_ms);
    rm_blackbox_data(&box, 1, now_ms + 1);
    assert_int_equal(last_promotion()->data_ms, now_ms + 1);
    assert_int_equal(box.promotions[box.promotion_count - 2].to, 2);
    assert_int_equal(box.promotions[box.promotion_count - 2].data_ms, data_ms);
}

static void a_missed_ping_is_told_with_its_time(void **state)
{
    uint64_t sent_ms;

    (void)state;
    now_ms += INTERVAL;
    fact(RM_FAILOVER_TICK, 0, 0);
    sent_ms = now_ms;
    fact(RM_FAILOVER_PING_ANSWERED, 2, 0);
    now_ms += INTERVAL / 2 + 3;
    fact(RM_FAILOVER_TICK, 0, 0);
    assert_int_equal(last_promotion()->lost_cause, RM_CAUSE_PING_TIMEOUT);
    assert_int_equal(last_promotion()->ping_sent_ms, sent_ms);
    assert_int_equal(last_promotion()->missed, 1);
    assert_int_equal(count_kind(RM_BLACKBOX_PING_MISSED), 1);
}

/* Of a machine that answers, but is not well: what it answered. */
static void the_answer_of_a_machine_that_was_left(void **state)
{
    static const uint32_t codes[] = {0x80004005, 0};

    (void)state;
    fact(RM_FAILOVER_PING_ANSWERED, 2, 0);
    fact(RM_FAILOVER_READY, 2, 0);
    for (unsigned i = 0; i < 2; i++)
    {
        unsigned from = failover.active;

        now_ms += INTERVAL;
        fact(RM_FAILOVER_TICK, 0, 0);
        fact(RM_FAILOVER_PING_ANSWERED, 3 - from, 0);
        fact(RM_FAILOVER_READY, 3 - from, 0);
        step((struct rm_failover_event){
            .kind = RM_FAILOVER_PING_ANSWERED, .machine = from, .code = codes[i]});
        assert_int_equal(last_promotion()->from, from);
        assert_int_equal(last_promotion()->cause,
                         codes[i] ? RM_CAUSE_STATUS : RM_CAUSE_NOT_RUNNING);
        assert_int_equal(last_promotion()->answer_code, codes[i]);
    }
}

/* A machine that is tried again and again is one record, and so are a thousand items. */
static void repetitions_are_counted(void **state)
{
    uint32_t records;

    (void)state;
    fact(RM_FAILOVER_LINK_LOST, 2, 0x800706BA);
    for (unsigned i = 0; i < 20; i++)
    {
        now_ms += 5000;
        fact(RM_FAILOVER_TICK, 0, 0);
        fact(RM_FAILOVER_CONNECT_FAILED, 2, 0x80080005);
        fact(RM_FAILOVER_PING_ANSWERED, 1, 0);
    }
    assert_int_equal(last_record()->kind, RM_BLACKBOX_FACT);
    assert_int_equal(last_record()->fact, RM_FAILOVER_CONNECT_FAILED);
    assert_int_equal(last_record()->count, 20);
    assert_int_equal(last_record()->until_ms - last_record()->at_ms, 19 * 5000);
    records = box.record_count;
    for (unsigned i = 0; i < 1000; i++)
    {
        char item[16];

        snprintf(item, sizeof item, "Item%u", i);
        rm_blackbox_event(&box, now_ms + i, RM_EVENT_ITEM_REFUSED, 2, 0xC0040007, item);
    }
    assert_int_equal(box.record_count, records + 1);
    assert_int_equal(last_record()->count, 1000);
    assert_string_equal(last_record()->detail, "Item0");
    /* Long ago is not the same time: a new record. */
    rm_blackbox_event(&box, now_ms + 1000 + RM_BLACKBOX_WINDOW_MS, RM_EVENT_ITEM_REFUSED, 2,
                      0xC0040007, "later");
    assert_int_equal(box.record_count, records + 2);
}

/* What is pushed out within the window is counted, what is older is not. */
static void the_ring_is_bounded_and_says_so(void **state)
{
    (void)state;
    now_ms += 2 * RM_BLACKBOX_WINDOW_MS;
    for (uint32_t i = 0; i < RM_BLACKBOX_RECORDS; i++)
    {
        rm_blackbox_event(&box, now_ms, RM_EVENT_ITEM_REFUSED, 1 + i % 2, i, "x");
    }
    assert_int_equal(box.records_dropped, 0);
    for (uint32_t i = 0; i < 1000; i++)
    {
        rm_blackbox_event(&box, now_ms + i, RM_EVENT_ITEM_REFUSED, 1, 10000 + i, "y");
    }
    assert_int_equal(box.records_dropped, 1000);
    for (uint32_t i = 0; i < 10 * RM_BLACKBOX_CALLS; i++)
    {
        struct rm_blackbox_call call = {
            .name = "IOPCSyncIO::Read", .machine = 1, .code = i, .slowest_ms = i};

        rm_blackbox_call_failed(&box, now_ms, &call);
    }
    assert_int_equal(box.calls_dropped, 9 * RM_BLACKBOX_CALLS);
}

static void calls_are_gathered_within_a_second(void **state)
{
    static const char read[] = "IOPCSyncIO::Read", write[] = "IOPCSyncIO::Write";
    struct rm_blackbox_call call = {.name = read, .machine = 1, .code = 0xC0040007};

    (void)state;
    for (unsigned i = 0; i < 900; i++)
    {
        call.slowest_ms = i;
        rm_blackbox_call_failed(&box, now_ms + i, &call);
        call.name = i % 2 ? read : write;
    }
    assert_int_equal(box.call_count, 2);
    assert_int_equal(box.calls[0].count + box.calls[1].count, 900);
    assert_int_equal(box.calls[0].slowest_ms + box.calls[1].slowest_ms, 899 + 898);
    assert_int_equal(box.calls[0].until_ms, now_ms + 898);
    call.outcome = RM_BLACKBOX_LOST;
    rm_blackbox_call_failed(&box, now_ms + 900, &call);
    assert_int_equal(box.call_count, 3);
    rm_blackbox_call_failed(&box, now_ms + 1900, &call);
    assert_int_equal(box.call_count, 4);
}

/* Threads take the time before they take the lock: a record may be a moment older than the last. */
static void torn_order_does_no_harm(void **state)
{
    struct rm_blackbox_second counted = {.calls = 1};
    uint32_t dropped;

    (void)state;
    rm_blackbox_event(&box, now_ms + 50, RM_EVENT_ITEM_REFUSED, 1, 1, "later");
    rm_blackbox_event(&box, now_ms + 10, RM_EVENT_ITEM_REFUSED, 1, 1, "sooner");
    assert_int_equal(last_record()->count, 2);
    rm_blackbox_second(&box, now_ms + 60, &counted);
    rm_blackbox_second(&box, now_ms + 30, &counted);
    fact(RM_FAILOVER_LINK_LOST, 1, 0x800706BA);
    rm_blackbox_data(&box, 2, now_ms + 1);
    dropped = box.records_dropped;
    assert_int_equal(dropped, 0);
    assert_int_equal(last_promotion()->data_ms, now_ms + 1);
}

static void a_long_detail_is_cut_at_a_character(void **state)
{
    char detail[2 * RM_BLACKBOX_DETAIL + 1] = "";

    (void)state;
    for (unsigned i = 0; i < RM_BLACKBOX_DETAIL; i++)
    {
        strcat(detail, "\xc3\xa4");
    }
    rm_blackbox_event(&box, now_ms, RM_EVENT_WRITE_UNKNOWN, 1, 0, detail);
    assert_int_equal(strlen(last_record()->detail), (RM_BLACKBOX_DETAIL - 1) / 2 * 2);
    rm_blackbox_event(&box, now_ms, RM_EVENT_WRITE_UNKNOWN, 99, 0, NULL); /* no such machine */
    assert_int_equal(last_record()->machine, 0);
}

static void a_set_clock_is_told(void **state)
{
    (void)state;
    rm_blackbox_clock(&box, now_ms + 1000, WALL_100NS + 10000000 + 5000000); /* half a second off */
    assert_int_equal(count_kind(RM_BLACKBOX_CLOCK), 0);
    rm_blackbox_clock(&box, now_ms + 2000, WALL_100NS - 36000000000 + 25000000);
    assert_int_equal(count_kind(RM_BLACKBOX_CLOCK), 1);
    assert_int_equal(last_record()->shift_ms, -3600000);
    assert_int_equal(rm_blackbox_filetime(&box, now_ms + 1999),
                     WALL_100NS - 36000000000 + 25000000 - 10000);
}

/* Both switches of two seconds are one report's. */
static void a_report_is_due_when_it_has_settled(void **state)
{
    (void)state;
    fact(RM_FAILOVER_LINK_LOST, 1, 0x800706BA);
    assert_false(rm_blackbox_is_due(&box, now_ms + RM_BLACKBOX_SETTLE_MS - 1, false));
    assert_true(rm_blackbox_is_due(&box, now_ms, true)); /* the session ends */
    assert_true(rm_blackbox_is_due(&box, now_ms + RM_BLACKBOX_SETTLE_MS, false));
    now_ms += 500;
    fact(RM_FAILOVER_LINK_LOST, 2, 0x800706BA); /* all are lost */
    assert_int_equal(count_kind(RM_BLACKBOX_ALL_LOST), 1);
    assert_int_equal(last_promotion()->to, 0);
    now_ms += 5000;
    fact(RM_FAILOVER_TICK, 0, 0);
    fact(RM_FAILOVER_CONNECTED, 2, 0);
    assert_int_equal(last_promotion()->cause, RM_CAUSE_FOUND);
    assert_int_equal(last_promotion()->from, 2);
    assert_int_equal(last_promotion()->lost_cause, RM_CAUSE_TRANSPORT);
    assert_int_equal(box.promotion_count - box.promotions_reported, 3);
    rm_blackbox_note_report(&box, now_ms);
    assert_false(rm_blackbox_is_due(&box, now_ms, true));
    assert_int_equal(box.promotion_count - box.promotions_reported, 0);
}

/* A session that flaps for ten minutes: four reports in each, and no gap between their windows. */
static void a_flapping_session_writes_four_a_minute(void **state)
{
    uint64_t written[64] = {0};
    unsigned count = 0;

    (void)state;
    for (unsigned i = 0; i < 600; i++)
    {
        now_ms += 1000;
        fact(RM_FAILOVER_TICK, 0, 0);
        for (unsigned number = 1; number <= 2; number++)
        {
            if (failover.machines[number - 1].connection == RM_CONNECTION_CONNECTING)
            {
                fact(RM_FAILOVER_CONNECTED, number, 0);
                fact(RM_FAILOVER_READY, number, 0);
            }
            fact(RM_FAILOVER_PING_ANSWERED, number, 0);
        }
        if (failover.active && i % 3 == 0)
        {
            fact(RM_FAILOVER_LINK_LOST, failover.active, 0x800706BA);
        }
        if (rm_blackbox_is_due(&box, now_ms, false))
        {
            assert_true(count < 64);
            written[count++] = now_ms;
            rm_blackbox_note_report(&box, now_ms);
        }
    }
    assert_in_range(count, 36, 42);
    for (unsigned i = RM_BLACKBOX_REPORTS; i < count; i++)
    {
        assert_true(written[i] - written[i - RM_BLACKBOX_REPORTS] >= RM_BLACKBOX_WINDOW_MS);
        assert_true(written[i] - written[i - 1] <= RM_BLACKBOX_WINDOW_MS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(pings_are_counted_by_the_second, serve),
        cmocka_unit_test_setup(late_answers_do_not_count, serve),
        cmocka_unit_test_setup(a_lost_machine_is_told_in_full, serve),
        cmocka_unit_test_setup(data_belongs_to_its_promotion, serve),
        cmocka_unit_test_setup(a_missed_ping_is_told_with_its_time, serve),
        cmocka_unit_test_setup(the_answer_of_a_machine_that_was_left, serve),
        cmocka_unit_test_setup(repetitions_are_counted, serve),
        cmocka_unit_test_setup(the_ring_is_bounded_and_says_so, serve),
        cmocka_unit_test_setup(calls_are_gathered_within_a_second, serve),
        cmocka_unit_test_setup(torn_order_does_no_harm, serve),
        cmocka_unit_test_setup(a_long_detail_is_cut_at_a_character, serve),
        cmocka_unit_test_setup(a_set_clock_is_told, serve),
        cmocka_unit_test_setup(a_report_is_due_when_it_has_settled, serve),
        cmocka_unit_test_setup(a_flapping_session_writes_four_a_minute, serve),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
