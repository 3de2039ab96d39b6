#include "event_log_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

struct rm_event_record stage_record(uint32_t number)
{
    struct rm_event_record record = {
        .time_100ns = UINT64_C(133485407991234567) + number,
        .severity = RM_SEVERITY_WARNING,
        .id = RM_EVENT_FLAPPING,
        .machine = 1,
        .process = "client.exe",
        .source = {1064, UINT64_C(133485400000000000), 1},
        .number = number,
    };

    snprintf(record.text, sizeof record.text, "event%c%u", number % 2 ? '\t' : ' ',
             (unsigned)number);
    return record;
}

struct rm_event_log *stage_open(const char *path, uint32_t limit)
{
    struct rm_event_log *log = NULL;

    if (rm_event_log_open(&log, path, limit) != RM_OK)
        fail_msg("%s: %s", path, log != NULL ? rm_event_log_reason(log) : "no memory");
    assert_non_null(log);
    return log;
}

void stage_has(const struct rm_event_log *log, uint32_t first, uint32_t last)
{
    struct rm_event_log_facts facts = rm_event_log_facts(log);
    struct rm_event_record record;

    assert_int_equal(facts.end - facts.first, last - first + 1);
    for (uint64_t sequence = facts.first; sequence < facts.end; sequence++)
    {
        struct rm_event_record wanted = stage_record(first + (uint32_t)(sequence - facts.first));

        assert_true(rm_event_log_get(log, sequence, &record));
        assert_int_equal(record.number, wanted.number);
        assert_true(record.time_100ns == wanted.time_100ns);
        assert_string_equal(record.text, wanted.text);
    }
    assert_false(rm_event_log_get(log, facts.first - 1, &record));
    assert_false(rm_event_log_get(log, facts.end, &record));
    assert_string_equal(record.text, "");
}

void stage_file_has(const char *path, uint32_t first, uint32_t last)
{
    struct rm_event_log *log = stage_open(path, RM_EVENT_LOG_LIMIT_MAX);

    stage_has(log, first, last);
    rm_event_log_close(log);
}

void stage_append(struct rm_event_log *log, uint32_t first, uint32_t last)
{
    for (uint32_t number = first; number <= last; number++)
    {
        struct rm_event_record record = stage_record(number);

        if (rm_event_log_append(log, &record) != RM_OK)
            fail_msg("event %u: %s", (unsigned)number, rm_event_log_reason(log));
    }
}
