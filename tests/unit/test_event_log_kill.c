/* test_event_log_kill.c: an event that was appended is in the file after its process was killed at
 * any moment, after a disk was full, after the file was deleted (rm/event_log.h). */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "event_log_stage.h"

#define ROUNDS   25
#define LIMIT    RM_EVENT_LOG_LIMIT_MIN
#define LIFE_MAX 60 /* ms */

static int clean(void **state)
{
    (void)state;
    remove(LOG_PATH);
    remove(LOG_FRESH);
    return 0;
}

/* Appends without end, and tells each number when it is appended. */
static void live(uint32_t number, int told)
{
    struct rm_event_log *log = NULL;

    if (rm_event_log_open(&log, LOG_PATH, LIMIT) != RM_OK)
        _exit(1);
    for (;; number++)
    {
        struct rm_event_record record = stage_record(number);

        if (rm_event_log_append(log, &record) != RM_OK ||
            write(told, &number, sizeof number) != sizeof number)
            _exit(1);
    }
}

static void sleep_ms(int ms)
{
    struct timespec time = {.tv_nsec = ms * 1000000L};

    nanosleep(&time, NULL);
}

/* Kills a process after so long; the last number that it told. */
static uint32_t live_and_die(uint32_t first, int life_ms)
{
    uint32_t last = first - 1, number;
    int ends[2], status = 0;
    pid_t child, killer;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
    {
        close(ends[0]);
        live(first, ends[1]);
    }
    close(ends[1]);
    /* Another process: while this one sleeps the pipe would fill up, and the child wait for it. */
    killer = fork();
    if (killer == 0)
    {
        sleep_ms(life_ms);
        _exit(kill(child, SIGKILL) != 0);
    }
    while (read(ends[0], &number, sizeof number) == sizeof number)
    {
        assert_int_equal(number, last + 1);
        last = number;
    }
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    assert_int_equal(waitpid(killer, &status, 0), killer);
    assert_int_equal(status, 0);
    return last;
}

static void killed_at_any_moment(void **state)
{
    uint32_t next = 1;

    (void)state;
    srand(1);
    for (unsigned round = 0; round < ROUNDS; round++)
    {
        uint32_t told = live_and_die(next, 1 + rand() % LIFE_MAX), last = 0;
        struct rm_event_log *log = stage_open(LOG_PATH, LIMIT);
        struct rm_event_log_facts facts = rm_event_log_facts(log);
        struct rm_event_record record;

        if (facts.end > facts.first)
        {
            assert_true(rm_event_log_get(log, facts.end - 1, &record));
            last = record.number;
            stage_has(log, last + 1 - (uint32_t)(facts.end - facts.first), last);
        }
        assert_true(last >= told);
        assert_int_equal(facts.end - facts.first, last < LIMIT ? last : LIMIT);
        next = last + 1;
        rm_event_log_close(log);
    }
    assert_true(next > LIMIT); /* it was written anew, too */
}

/* Half a line gets in: it is no event, and what comes later is whole. */
static void a_disk_that_is_full(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LIMIT);
    struct rm_event_record record;
    struct rlimit before, tight;
    struct stat facts;

    (void)state;
    stage_append(log, 1, 5);
    assert_int_equal(stat(LOG_PATH, &facts), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    signal(SIGXFSZ, SIG_IGN);
    for (uint32_t number = 6; number <= 8; number++)
    {
        enum rm_status status;

        tight = (struct rlimit){(rlim_t)facts.st_size + 40u * (number - 5), before.rlim_max};
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &tight), 0);
        record = stage_record(number);
        status = rm_event_log_append(log, &record);
        assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
        assert_int_equal(status, RM_E_IO);
        assert_string_equal(rm_event_log_reason(log), "File too large");
        assert_int_equal(rm_event_log_facts(log).pending, number - 5);
        stage_file_has(LOG_PATH, 1, 5);
    }
    assert_int_equal(rm_event_log_flush(log), RM_OK);
    stage_append(log, 9, 9);
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, 1, 9);
}

static void a_file_that_is_deleted_comes_back(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LIMIT);

    (void)state;
    stage_append(log, 1, 10);
    assert_int_equal(remove(LOG_PATH), 0);
    stage_append(log, 11, 11);
    rm_event_log_close(log);
    log = stage_open(LOG_PATH, LIMIT);
    assert_int_equal(remove(LOG_PATH), 0); /* before the file is open for adding */
    stage_append(log, 12, 12);
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, 1, 12);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(killed_at_any_moment, clean, clean),
        cmocka_unit_test_setup_teardown(a_disk_that_is_full, clean, clean),
        cmocka_unit_test_setup_teardown(a_file_that_is_deleted_comes_back, clean, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
