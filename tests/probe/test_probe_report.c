/* test_probe_report.c: verdicts, the PROOF line, and what the probe is told on its command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "pattern.h"
#include "report.h"

#define GOOD 0xC0

/* A run of two items over one second, at 100 ms, ten values each: all is well. */
struct run
{
    struct rm_options options;
    struct rm_proof proof;
    struct rm_calls calls;
    struct rm_transactions transactions;
    struct rm_tally tally;
    struct rm_outcome outcome;
};

static const char *const ids[] = {"A", "B"};

static void deliver(struct run *run, size_t item, int64_t value, uint64_t at_ms)
{
    struct rm_proof_update update = {RM_PROOF_NUMBER, value, 32, GOOD, (uint64_t)value, false};
    rm_proof_update(&run->proof, item, &update, at_ms * 1000);
}

static void begin(struct run *run, int argc, const char *const *argv)
{
    char *copy[8] = {0};
    static char text[8][64];

    memset(run, 0, sizeof(*run));
    for (int i = 0; i < argc; i++)
    {
        snprintf(text[i], sizeof(text[i]), "%s", argv[i]);
        copy[i] = text[i];
    }
    assert_int_equal(rm_options_parse(&run->options, argc, copy, stderr), RM_OPTIONS_RUN);
    assert_true(rm_proof_init(&run->proof, 2, 100000, 1000000));
    run->outcome.options = &run->options;
    run->outcome.proof = &run->proof;
    run->outcome.calls = &run->calls;
    run->outcome.transactions = &run->transactions;
    run->outcome.tally = &run->tally;
    run->outcome.item_ids = ids;
    run->outcome.now_us = 2000000;
    for (uint64_t i = 0; i < 10; i++)
    {
        deliver(run, 0, (int64_t)i, 1000 + i * 100);
        deliver(run, 1, (int64_t)i, 1000 + i * 100);
    }
}

static void begin_plain(struct run *run)
{
    static const char *const argv[] = {"rmprobe", "RMSim.A.1"};
    begin(run, 2, argv);
}

static void end(struct run *run, const char *expected_reason)
{
    char reason[RM_REPORT_REASON_BYTES];

    rm_proof_end(&run->proof, 1950000);
    bool passed = rm_report_judge(&run->outcome, reason);
    assert_string_equal(reason, expected_reason);
    assert_int_equal(passed, expected_reason[0] == '\0');
    rm_proof_free(&run->proof);
    rm_options_free(&run->options);
}

static void call(struct run *run, const char *method, uint64_t took_us, uint32_t code)
{
    struct rm_call out = rm_calls_begin(&run->calls, method, 1000);
    rm_calls_end(&run->calls, out, code, 1000 + took_us);
}

static void test_passes(void **state)
{
    struct run run;

    (void)state;
    begin_plain(&run);
    call(&run, "IOPCServer::GetStatus", 5000, 0x800706BA);
    deliver(&run, 0, 14, 1900);
    end(&run, "");
}

static void test_doubled_and_reordered_fail(void **state)
{
    struct run run;

    (void)state;
    begin_plain(&run);
    deliver(&run, 0, 9, 1910);
    deliver(&run, 1, 8, 1920);
    end(&run, "doubled 1, limit 0; reordered 1, limit 0");
}

static void test_silence_fails(void **state)
{
    struct run run;

    (void)state;
    begin_plain(&run);
    rm_proof_end(&run.proof, 2500000);
    end(&run, "only 62 % of the expected updates");
}

static void test_missing_item_fails(void **state)
{
    struct run run;

    (void)state;
    begin_plain(&run);
    rm_proof_free(&run.proof);
    assert_true(rm_proof_init(&run.proof, 2, 100000, 1900000));
    deliver(&run, 0, 1, 1900);
    end(&run, "1 items never had a value");
}

static void test_nothing_fails(void **state)
{
    struct run run;

    (void)state;
    begin_plain(&run);
    rm_proof_free(&run.proof);
    assert_true(rm_proof_init(&run.proof, 2, 0, 1000000));
    end(&run, "2 items never had a value; nothing received");
}

static void test_limits(void **state)
{
    static const char *const argv[] = {"rmprobe",   "X",  "--max-lost",   "0",
                                       "--max-gap", "99", "--max-failed", "0"};
    struct run run;

    (void)state;
    begin(&run, 8, argv);
    deliver(&run, 0, 11, 1950);
    call(&run, "M", 1, 0x80004005);
    end(&run, "lost 1, limit 0; failed calls 1, limit 0; gap 100 ms, limit 99");
}

static void test_a_call_that_is_out_is_the_slowest(void **state)
{
    static const char *const argv[] = {"rmprobe", "X", "--max-call", "500"};
    struct run run;
    uint64_t slowest_us;

    (void)state;
    begin(&run, 4, argv);
    call(&run, "Quick", 5000, 0);
    rm_calls_begin(&run.calls, "Hung", 1000000);
    assert_string_equal(rm_calls_slowest(&run.calls, 2000000, &slowest_us), "Hung");
    assert_int_equal(slowest_us, 1000000);
    run.outcome.gave_up = true;
    end(&run, "Hung never came back; Hung 1000 ms, limit 500");
}

static void test_refusals_and_protocol_errors_fail(void **state)
{
    struct run run;

    (void)state;
    begin_plain(&run);
    run.tally.refused_items = 2;
    run.tally.browses_wrong = 3;
    run.tally.protocol_errors = 1;
    run.tally.first_protocol_error = "odd";
    rm_transactions_begin(&run.transactions);
    end(&run, "refused items 2; browses with another result 3; protocol errors 1, first: odd; "
              "asynchronous calls never answered 1");
}

static void test_proof_line(void **state)
{
    struct run run;
    char text[8192] = "";
    FILE *file = tmpfile();

    (void)state;
    assert_non_null(file);
    begin_plain(&run);
    call(&run, "IOPCSyncIO::Read.cache", 1001, 0);
    rm_proof_end(&run.proof, 1950000);
    rm_report_print(&run.outcome, file);
    rewind(file);
    assert_true(fread(text, 1, sizeof(text) - 1, file) > 0);
    fclose(file);
    assert_non_null(strstr(text, "\nPROOF items=2 expected=20 received=20 lost=0 doubled=0 again=0 "
                                 "reordered=0 gap_ms=100 item_gap_ms=100 slowest_call_ms=2 "
                                 "slowest_call=IOPCSyncIO::Read.cache calls=1 failed_calls=0 "
                                 "bad_updates=0 "));
    assert_non_null(strstr(text, " verdict=PASS reason=\"\"\n"));
    end(&run, "");
}

static void test_transactions(void **state)
{
    struct rm_transactions transactions = {0};

    (void)state;
    uint32_t first = rm_transactions_begin(&transactions);
    uint32_t second = rm_transactions_begin(&transactions);
    uint32_t third = rm_transactions_begin(&transactions);
    rm_transactions_answer(&transactions, first);
    rm_transactions_answer(&transactions, first);
    rm_transactions_answer(&transactions, third);
    rm_transactions_refuse(&transactions, third);
    rm_transactions_answer(&transactions, 99);
    assert_int_equal(transactions.answered, 1);
    assert_int_equal(transactions.doubled, 1);
    assert_int_equal(transactions.unknown, 2);
    assert_int_equal(rm_transactions_open(&transactions), 1);
    rm_transactions_answer(&transactions, second);
    assert_int_equal(rm_transactions_open(&transactions), 0);
}

static void test_patterns(void **state)
{
    static const struct
    {
        const char *pattern;
        const char *text; /* NULL: refused */
    } rows[] = {
        {"Counters.C%04u", "Counters.C0007"},
        {"C%u",            "C7"            },
        {"C%3u",           "C  7"          },
        {"%%%u",           "%7"            },
        {"C",              NULL            },
        {"%u%u",           NULL            },
        {"%s",             NULL            },
        {"%",              NULL            },
        {"%04d",           NULL            },
        {"%999u",          NULL            },
    };
    char text[32];

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    {
        bool is_ok = rm_pattern_expand(rows[i].pattern, 7, text, sizeof(text));
        assert_int_equal(is_ok, rows[i].text != NULL);
        if (is_ok)
            assert_string_equal(text, rows[i].text);
    }
    assert_false(rm_pattern_expand("123456%u", 7, text, 7));
    assert_true(rm_pattern_expand("123456%u", 7, text, 8));
    assert_true(rm_pattern_matches("Counters.*", "Counters.C0001"));
    assert_true(rm_pattern_matches("*.C?00?", "Counters.C0001"));
    assert_true(rm_pattern_matches("*a*b*", "xxaxxabxx"));
    assert_false(rm_pattern_matches("Counters.*", "Counter.C0001"));
    assert_false(rm_pattern_matches("*1", "Counters.C0012"));
}

static void test_wrong_usage(void **state)
{
    static const char *const rows[][4] = {
        {NULL         },
        {            "A",          "B"},
        {            "A", "--nonsense"},
        {            "A",   "--record"},
        {            "A",    "--items"},
        {            "A",    "--items", "0"},
        {         "A",           "--items", "1x"},
        {"A",             "--apartment", "st"},
        {                            "A",         "--max-gap", "-1"},
        {                    "A","--write-loop", "10"},
        { "A",           "--pattern", "C"},
        {"--list",             "A"},
    };
    FILE *errors = tmpfile();

    (void)state;
    assert_non_null(errors);
    for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
    {
        char text[5][32] = {"rmprobe"};
        char *argv[5] = {text[0]};
        struct rm_options options;
        int argc = 1;
        for (; argc <= 4 && rows[row][argc - 1]; argc++)
        {
            snprintf(text[argc], sizeof(text[argc]), "%s", rows[row][argc - 1]);
            argv[argc] = text[argc];
        }
        assert_int_equal(rm_options_parse(&options, argc, argv, errors), RM_OPTIONS_WRONG);
        rm_options_free(&options);
    }
    fclose(errors);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passes),
        cmocka_unit_test(test_doubled_and_reordered_fail),
        cmocka_unit_test(test_silence_fails),
        cmocka_unit_test(test_missing_item_fails),
        cmocka_unit_test(test_nothing_fails),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_a_call_that_is_out_is_the_slowest),
        cmocka_unit_test(test_refusals_and_protocol_errors_fail),
        cmocka_unit_test(test_proof_line),
        cmocka_unit_test(test_transactions),
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_wrong_usage),
    };
    return cmocka_run_group_tests_name("probe report", tests, NULL, NULL);
}
