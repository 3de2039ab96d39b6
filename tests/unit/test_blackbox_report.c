/* test_blackbox_report.c: the report that is made of a black box: valid JSON whatever it holds, one
 * sentence for each promotion that names its cause, times and file names.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rm/blackbox_report.h>

#include "json_check.h"

#define START_MS   5000u
#define WALL_100NS UINT64_C(134086490821170000) /* 2025-11-26T16:44:42.117Z */
#define CODE       0x800706BEu

static struct rm_blackbox box;
static struct rm_failover failover;
static struct rm_server_config *config;
static struct rm_config all;
static struct rm_blackbox_report report;
static char text[RM_BLACKBOX_TEXT_SIZE];

static int set_up(void **state)
{
    struct rm_config_error error;
    struct rm_failover_settings settings;

    (void)state;
    rm_config_init(&all);
    assert_int_equal(rm_config_add(&all, "Vendor.Server.1", &config, &error), RM_OK);
    assert_int_equal(rm_server_add_machine(config, "opc-a", "", "", &error), RM_OK);
    assert_int_equal(rm_server_add_machine(config, "opc-b", "", "", &error), RM_OK);
    rm_server_rank_machines(config);
    rm_failover_settings_from(&settings, config);
    rm_failover_init(&failover, &settings);
    rm_blackbox_init(&box, 2);
    rm_blackbox_clock(&box, START_MS, WALL_100NS);
    report = (struct rm_blackbox_report){.box = &box,
                                         .failover = &failover,
                                         .config = config,
                                         .process = "hmi.exe",
                                         .version = "1.2.3",
                                         .process_id = 4711,
                                         .session = 1,
                                         .number = 2,
                                         .time_100ns = WALL_100NS};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rm_config_clear(&all);
    return 0;
}

/* The sentence of a promotion from 1 to 2, a second after the beginning. */
static const char *sentence(enum rm_cause cause, enum rm_cause lost_cause)
{
    struct rm_blackbox_promotion promotion = {.at_ms = START_MS + 1000,
                                              .from = 1,
                                              .to = 2,
                                              .cause = cause,
                                              .lost_cause = lost_cause,
                                              .lost_code = lost_cause != RM_CAUSE_NONE ? CODE : 0,
                                              .generation = 2,
                                              .data_ms = START_MS + 1040};

    if (lost_cause != RM_CAUSE_NONE)
    {
        promotion.lost_at_ms = START_MS + 990;
        promotion.answered_ms = START_MS + 888;
    }
    memset(text, 0xCC, sizeof text);
    rm_blackbox_sentence(&report, &promotion, text);
    assert_non_null(memchr(text, 0, sizeof text));
    return text;
}

#define LOST_CODE                                                                                  \
    "0x800706BE (remote procedure call failed: the server's process or the network went away "     \
    "during the call)"
#define LOST_TO_2                                                                                  \
    ". Switched to machine 2 (opc-b), 112 ms after machine 1 had last answered a ping; its first " \
    "data came 40 ms later."
#define TO_2 ". Switched to machine 2 (opc-b); its first data came 40 ms later."

static void every_cause_has_its_sentence(void **state)
{
    static const struct
    {
        enum rm_cause cause, lost_cause;
        const char *text;
    } rows[] = {
        {RM_CAUSE_TRANSPORT,    RM_CAUSE_TRANSPORT,
         "lost machine 1 (opc-a): a call to its server failed with " LOST_CODE LOST_TO_2                     },
        {RM_CAUSE_FOUND,        RM_CAUSE_TRANSPORT,
         "lost machine 1 (opc-a): a call to its server failed with " LOST_CODE
         ". Switched to machine 2 (opc-b), the first that could be connected, 112 ms after machine "
         "1 "
         "had last answered a ping; its first data came 40 ms later."                                        },
        {RM_CAUSE_PING_TIMEOUT, RM_CAUSE_PING_TIMEOUT,
         "lost machine 1 (opc-a): it hangs, is too slow, or nothing comes back from its computer. "
         "The "
         "status ping was not answered (ping timeout 1000 ms, missed in a row: 0)" LOST_TO_2                 },
        {RM_CAUSE_SHUTDOWN,     RM_CAUSE_SHUTDOWN,
         "the server on machine 1 (opc-a) asked its clients to leave (shutdown request)" LOST_TO_2           },
        {RM_CAUSE_OPERATOR,     RM_CAUSE_NONE,         "an operator commanded it" TO_2                       },
        {RM_CAUSE_MAINTENANCE,  RM_CAUSE_NONE,         "machine 1 (opc-a) was put into maintenance" TO_2     },
        {RM_CAUSE_SILENT,       RM_CAUSE_NONE,
         "machine 1 (opc-a) answers, but its data callbacks do not come" TO_2                                },
        {RM_CAUSE_NOT_RUNNING,  RM_CAUSE_NONE,
         "machine 1 (opc-a) answers, but its server is not in the state RUNNING" TO_2                        },
        {RM_CAUSE_VERDICT,      RM_CAUSE_NONE,
         "machine 1 (opc-a) answers, but its monitor test is in error" TO_2                                  },
        {RM_CAUSE_LINKED,       RM_CAUSE_NONE,         "the other clients, or linked servers, are there" TO_2},
        {RM_CAUSE_RETURN,       RM_CAUSE_NONE,
         "machine 2 (opc-b) is well again and better placed. Returned to machine 2 (opc-b); its "
         "first "
         "data came 40 ms later."                                                                            },
 /* the one who was left for a return may be lost by now */
        {RM_CAUSE_RETURN,       RM_CAUSE_TRANSPORT,
         "machine 2 (opc-b) is well again and better placed. Returned to machine 2 (opc-b), 112 ms "
         "after machine 1 had last answered a ping; its first data came 40 ms later."                        },
 /* cold mode, which has ended the link itself */
        {RM_CAUSE_OPERATOR,     RM_CAUSE_OPERATOR,     "an operator commanded it" LOST_TO_2                  },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        sentence(rows[i].cause, rows[i].lost_cause);
        assert_memory_equal(text, "16:44:43.117 UTC: ", 18);
        assert_string_equal(text + 18, rows[i].text);
    }
    for (int cause = 0; cause < RM_CAUSE_COUNT; cause++)
    {
        for (int lost = 0; lost < RM_CAUSE_COUNT; lost++)
        {
            assert_non_null(
                strstr(sentence((enum rm_cause)cause, (enum rm_cause)lost), "machine 2"));
        }
    }
}

/* A status call that fails says nothing about the server's state. */
/* Machine 1 is removed: the report has the numbers of the new list, and it behind them. */
static void a_removed_machine_is_named(void **state)
{
    (void)state;
    failover.machines[0].rank = 0;
    failover.machines[1].rank = 1;
    sentence(RM_CAUSE_REMOVED, RM_CAUSE_NONE);
    assert_string_equal(text + 18, "the removed machine 2 (opc-a) was taken from the list of "
                                   "machines. Switched to machine 1 (opc-b); its first data came "
                                   "40 ms later.");
}

static void an_answer_that_was_an_error_is_named(void **state)
{
    struct rm_blackbox_promotion promotion = {.at_ms = START_MS + 1000,
                                              .from = 1,
                                              .to = 2,
                                              .cause = RM_CAUSE_STATUS,
                                              .answer_code = 0x80004005,
                                              .data_ms = START_MS + 1040};

    (void)state;
    rm_blackbox_sentence(&report, &promotion, text);
    assert_string_equal(text + 18,
                        "machine 1 (opc-a) answers, but its server's status call fails with "
                        "0x80004005 (the server failed without saying why)" TO_2);
}

/* What else is in the box makes the sentence say more. */
static void evidence_is_named(void **state)
{
    struct rm_blackbox_call call = {
        .name = "IOPCSyncIO::Read", .machine = 2, .code = CODE, .outcome = RM_BLACKBOX_LOST};

    (void)state;
    rm_blackbox_call_failed(&box, START_MS + 995, &call);
    assert_null(strstr(sentence(RM_CAUSE_TRANSPORT, RM_CAUSE_TRANSPORT), "Read")); /* another's */
    call.machine = 1;
    call.outcome = RM_BLACKBOX_FAILED;
    rm_blackbox_call_failed(&box, START_MS + 995, &call);
    assert_null(strstr(sentence(RM_CAUSE_TRANSPORT, RM_CAUSE_TRANSPORT), "Read"));
    call.outcome = RM_BLACKBOX_LOST;
    rm_blackbox_call_failed(&box, START_MS + 995, &call);
    assert_non_null(strstr(sentence(RM_CAUSE_TRANSPORT, RM_CAUSE_TRANSPORT),
                           "(opc-a): IOPCSyncIO::Read failed with 0x800706BE"));
    rm_blackbox_event(&box, START_MS + 985, RM_EVENT_SHUTDOWN_RECEIVED, 1, 0, "going home");
    rm_blackbox_event(&box, START_MS + 990, RM_EVENT_SHUTDOWN_RECEIVED, 1, 0, "");
    assert_non_null(strstr(sentence(RM_CAUSE_SHUTDOWN, RM_CAUSE_SHUTDOWN),
                           "(shutdown request, its reason: 'going home')"));
    rm_blackbox_event(&box, START_MS + 900, RM_EVENT_COMMANDED, 0, 0,
                      "switch to machine 2 (user x)");
    assert_non_null(strstr(sentence(RM_CAUSE_OPERATOR, RM_CAUSE_NONE),
                           "commanded it: switch to machine 2 (user x). Switched"));
    rm_blackbox_event(&box, START_MS + 950, RM_EVENT_STARVED, 0, 7000, NULL);
    assert_non_null(strstr(sentence(RM_CAUSE_PING_TIMEOUT, RM_CAUSE_PING_TIMEOUT),
                           " This computer was short of time: the checks were 7000 ms late."));
}

/* A box that is full of all there can be, with names that need escapes. */
static void fill(void)
{
    struct rm_blackbox_second second = {.calls = UINT32_MAX, .slowest_call = "A::B"};

    free(config->machines[0].host);
    config->machines[0].host = calloc(1, 16);
    strcpy(config->machines[0].host, "opc\\\"a\n\xff");
    for (uint32_t i = 0; i < RM_BLACKBOX_RECORDS; i++)
    {
        struct rm_blackbox_record record = {
            .kind = (enum rm_blackbox_kind)(i % RM_BLACKBOX_KIND_COUNT),
            .fact = (enum rm_failover_event_kind)(i / 7 % RM_FAILOVER_EVENT_COUNT),
            .cause = (enum rm_cause)(i % RM_CAUSE_COUNT),
            .machine = i % 3,
            .code = i * 0x01010101u,
            .value = i % 2,
            .link = i};

        if (record.kind == RM_BLACKBOX_EVENT)
        {
            record.value = i / RM_BLACKBOX_KIND_COUNT % RM_EVENT_COUNT;
        }
        record.at_ms = record.until_ms = box.now_ms = START_MS + i;
        record.count = 1 + i % 2;
        strcpy(record.detail, i % 5 ? "\"\\\x01\xc3" : "");
        box.records[i] = record;
        box.record_count++;
    }
    for (uint32_t i = 0; i < RM_BLACKBOX_CALLS; i++)
    {
        struct rm_blackbox_call call = {
            .name = "Q\"::\\",
            .machine = 1,
            .code = i,
            .outcome = (enum rm_blackbox_outcome)(i % RM_BLACKBOX_OUTCOME_COUNT)};

        rm_blackbox_call_failed(&box, START_MS + i, &call);
    }
    for (uint32_t i = 0; i < RM_BLACKBOX_SECONDS; i++)
    {
        rm_blackbox_second(&box, START_MS + i, &second);
    }
    for (uint32_t i = 0; i < RM_BLACKBOX_PROMOTIONS + 3; i++)
    {
        unsigned to = i % 3;

        box.promotions[i % RM_BLACKBOX_PROMOTIONS] =
            (struct rm_blackbox_promotion){.at_ms = START_MS + i,
                                           .from = 1 + i % 2,
                                           .to = to,
                                           .cause = to ? (enum rm_cause)i : RM_CAUSE_NONE,
                                           .lost_at_ms = 1,
                                           .lost_cause = (enum rm_cause)i,
                                           .answered_ms = 2};
        box.promotion_count++;
    }
}

static char *written(void)
{
    struct rm_json_buffer buffer = {NULL, 0, 0, false};
    struct rm_json json = {.put = rm_json_buffer_put, .to = &buffer};

    rm_blackbox_write(&report, &json);
    assert_false(buffer.is_short_of_memory);
    assert_null(json_check(buffer.bytes));
    return buffer.bytes;
}

static unsigned count_of(const char *whole, const char *part)
{
    unsigned count = 0;

    for (const char *at = whole; (at = strstr(at, part)) != NULL; at++)
    {
        count++;
    }
    return count;
}

static void a_full_box_is_valid_and_bounded(void **state)
{
    char *json;

    (void)state;
    fill();
    json = written();
    assert_true(strlen(json) < RM_BLACKBOX_BYTES_MAX);
    assert_int_equal(count_of(json, "\"slowestCall\":"), RM_BLACKBOX_SECONDS);
    assert_int_equal(count_of(json, "\"generation\":0,\"lostAt\""), RM_BLACKBOX_PROMOTIONS);
    assert_int_equal(count_of(json, "\"outcome\":"), RM_BLACKBOX_CALLS);
    assert_non_null(strstr(json, "opc\\\\\\\"a\\u000a\xef\xbf\xbd"));
    free(json);
    /* A minute later all of it is over; what happened stays, until it was told. */
    box.now_ms += RM_BLACKBOX_WINDOW_MS + 1000;
    json = written();
    assert_int_equal(count_of(json, "\"what\":"), 0);
    assert_int_equal(count_of(json, "\"slowestCall\":"), 0);
    assert_int_equal(count_of(json, "\"outcome\":"), 0);
    assert_int_equal(count_of(json, "\"generation\":0"), RM_BLACKBOX_PROMOTIONS);
    free(json);
    rm_blackbox_note_report(&box, box.now_ms);
    json = written();
    assert_non_null(strstr(json, "\"summary\": [],"));
    free(json);
}

static uint32_t dice(uint32_t sides)
{
    static uint64_t state = 1;

    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(state >> 33) % sides;
}

/* One event at random, mostly one that can come; true: the step ended with a report being due. */
static bool play(uint64_t *now_ms)
{
    struct rm_failover_event event = {
        .kind = (enum rm_failover_event_kind)dice(RM_FAILOVER_EVENT_COUNT),
        .machine = 1 + dice(2),
        .code = dice(3) ? 0x800706BA : dice(UINT32_MAX),
        .is_running = dice(5) != 0,
        .is_busy = dice(2) != 0,
        .is_refused = dice(2) != 0,
        .is_silent = dice(4) == 0,
        .is_unobservable = dice(8) == 0,
        .is_forced = dice(2) != 0,
        .percent = dice(101),
        .verdict = (enum rm_verdict)dice(RM_VERDICT_COUNT),
        .mode = (enum rm_operator_mode)dice(RM_OPERATOR_COUNT)};
    struct rm_failover_actions actions;

    event.link = failover.machines[event.machine - 1].link - (dice(9) == 0);
    if (event.kind == RM_FAILOVER_STOP || dice(2))
    {
        event.kind = dice(2) ? RM_FAILOVER_TICK : RM_FAILOVER_CONNECTED;
    }
    *now_ms += dice(400);
    rm_failover_step(&failover, &event, *now_ms, &actions);
    rm_blackbox_step(&box, &failover, &event, &actions);
    for (unsigned i = 0; i < actions.count; i++)
    {
        if (actions.items[i].kind == RM_ACTION_EVENT)
        {
            rm_blackbox_event(&box, *now_ms, actions.items[i].event, actions.items[i].machine,
                              actions.items[i].code, "x");
        }
    }
    return rm_blackbox_is_due(&box, *now_ms, false);
}

/* Sessions of all modes, with a restart where one has failed to start: each report is valid and has
 * a sentence for each promotion. */
static void whatever_happens_is_told(void **state)
{
    uint64_t now_ms = START_MS;
    unsigned reports = 0;

    for (unsigned i = 0; i < 100000; i++)
    {
        if (failover.phase == RM_PHASE_IDLE || failover.phase == RM_PHASE_FAILED || i % 5000 == 0)
        {
            static const struct rm_failover_event start = {.kind = RM_FAILOVER_START};
            struct rm_failover_actions actions;

            tear_down(state);
            set_up(state);
            failover.settings.mode = (enum rm_mode)dice(RM_MODE_COUNT);
            rm_failover_step(&failover, &start, now_ms, &actions);
            rm_blackbox_step(&box, &failover, &start, &actions);
        }
        if (play(&now_ms))
        {
            char *json = written();

            assert_null(strstr(json, "\"summary\": []"));
            assert_null(strstr(json, "no machine."));
            free(json);
            rm_blackbox_note_report(&box, now_ms);
            reports++;
        }
    }
    assert_in_range(reports, 300, 2000);
}

static void an_empty_box_is_valid(void **state)
{
    char *json;

    (void)state;
    json = written();
    assert_non_null(strstr(json, "\"timeline\": []"));
    assert_non_null(strstr(json, "\"pingInterval\": \"2500\""));
    assert_non_null(strstr(json, "\"host\":\"opc-a\",\"progid\":\"Vendor.Server.1\""));
    free(json);
}

static void times_are_those_of_the_calendar(void **state)
{
    static const struct
    {
        uint64_t time;
        const char *text;
    } rows[] = {
        {0,                            "1601-01-01T00:00:00.000Z"},
        {UINT64_C(116444736000000000), "1970-01-01T00:00:00.000Z"},
        {UINT64_C(125962991999990000), "2000-02-29T11:59:59.999Z"},
        {UINT64_C(125963423990000000), "2000-02-29T23:59:59.000Z"},
        {UINT64_C(125963424000000000), "2000-03-01T00:00:00.000Z"},
        {UINT64_C(133485407990000000), "2023-12-31T23:59:59.000Z"},
        {WALL_100NS,                   "2025-11-26T16:44:42.117Z"},
        {UINT64_C(157765536000000000), "2100-12-10T00:00:00.000Z"},
    };
    char time[RM_BLACKBOX_TIME_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    {
        rm_blackbox_time_text(rows[i].time, time);
        assert_string_equal(time, rows[i].text);
    }
}

static void file_names_are_plain(void **state)
{
    char name[RM_BLACKBOX_NAME_SIZE];

    (void)state;
    rm_blackbox_file_name(&report, name);
    assert_string_equal(name, "20251126T164442Z-Vendor.Server.1-hmi.exe-4711-1-2.json");
    report.process = "..\\a b:\xc3\xa4?*.exe";
    rm_blackbox_file_name(&report, name);
    assert_string_equal(name, "20251126T164442Z-Vendor.Server.1-.._a_b_____.exe-4711-1-2.json");
    free(config->progid);
    config->progid = calloc(1, 300);
    memset(config->progid, 'x', 299);
    rm_blackbox_file_name(&report, name);
    assert_true(strlen(name) < 160 && strstr(name, "-4711-1-2.json") != NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_cause_has_its_sentence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_removed_machine_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_answer_that_was_an_error_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(evidence_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_box_is_valid_and_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(whatever_happens_is_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_empty_box_is_valid, set_up, tear_down),
        cmocka_unit_test_setup_teardown(times_are_those_of_the_calendar, set_up, tear_down),
        cmocka_unit_test_setup_teardown(file_names_are_plain, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
