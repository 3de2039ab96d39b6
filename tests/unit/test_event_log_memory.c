/* test_event_log_memory.c: each allocation of the event log fails once: an event is refused as a
 * whole or stored. Linked with the wrapping of malloc, calloc and realloc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "event_log_stage.h"
#include "failing_memory.h"

#define LIMIT RM_EVENT_LOG_LIMIT_MIN
#define FULL  (LIMIT + LIMIT / 4)

static int clean(void **state)
{
    (void)state;
    remove(LOG_PATH);
    remove(LOG_FRESH);
    return 0;
}

static void opening(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LIMIT);

    (void)state;
    stage_append(log, 1, 3);
    rm_event_log_close(log);
    memory_has_failed = true;
    for (unsigned attempt = 1; memory_has_failed; attempt++)
    {
        enum rm_status status;

        memory_has_failed = false;
        memory_remaining = attempt;
        status = rm_event_log_open(&log, LOG_PATH, LIMIT);
        memory_remaining = 0;
        assert_int_equal(status, memory_has_failed ? RM_E_NO_MEMORY : RM_OK);
        assert_true(memory_has_failed == (log == NULL));
    }
    stage_has(log, 1, 3);
    rm_event_log_close(log);
}

static void appending(void **state)
{
    static const struct
    {
        uint32_t stored; /* before it */
        unsigned attempt;
        enum rm_status status;
        const char *what;
    } rows[] = {
        {0,        1, RM_E_NO_MEMORY, "the mark of a source"                },
        {0,        2, RM_E_NO_MEMORY, "the event"                           },
        {0,        2, RM_E_IO,        "the file"                            },
        {FULL,     1, RM_E_NO_MEMORY, "the event"                           },
        {FULL,     2, RM_E_IO,        "all lines of a file that is too long"},
        {FULL + 1, 1, RM_E_NO_MEMORY, "the event"                           },
    };
    struct rm_event_log *log = stage_open(LOG_PATH, LIMIT);
    uint32_t stored = 0;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
    {
        struct rm_event_record record = stage_record(rows[i].stored + 1);
        uint64_t end;

        stage_append(log, stored + 1, rows[i].stored);
        stored = rows[i].stored;
        end = rm_event_log_facts(log).end;
        memory_remaining = rows[i].attempt;
        if (rm_event_log_append(log, &record) != rows[i].status || memory_remaining != 0)
            fail_msg("row %zu, %s", i, rows[i].what);
        assert_int_equal(rm_event_log_facts(log).end, end + (rows[i].status == RM_E_IO));
        if (rows[i].status == RM_E_IO)
        {
            stored++;
            assert_string_equal(rm_event_log_reason(log), rm_status_text(RM_E_NO_MEMORY));
            assert_int_equal(rm_event_log_flush(log), RM_OK);
        }
    }
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, 1, FULL + 1);
}

static void changing_the_limit(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LIMIT);

    (void)state;
    stage_append(log, 1, 3);
    memory_remaining = 1;
    assert_int_equal(rm_event_log_set_limit(log, 2 * LIMIT), RM_E_NO_MEMORY);
    memory_remaining = 0;
    assert_int_equal(rm_event_log_facts(log).limit, LIMIT);
    stage_has(log, 1, 3);
    rm_event_log_close(log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(opening, clean, clean),
        cmocka_unit_test_setup_teardown(appending, clean, clean),
        cmocka_unit_test_setup_teardown(changing_the_limit, clean, clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
