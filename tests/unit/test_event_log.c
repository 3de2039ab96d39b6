/* test_event_log.c: the event log's bound, what is no event in its file, files that can't be
 * written (rm/event_log.h; RM-195 .. RM-198). Also runs under Windows and Wine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#ifdef _WIN32
#include <direct.h>
#define make_folder(path)   _mkdir(path)
#define remove_folder(path) _rmdir(path)
#else
#include <unistd.h>
#define make_folder(path)   mkdir(path, 0755)
#define remove_folder(path) rmdir(path)
#endif

#include <cmocka.h>

#include <rm/event_log.h>

#include "event_log_stage.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define FOLDER          "test_event_log.folder"
#define IN_FOLDER       FOLDER "/" LOG_PATH
#define LEAST           RM_EVENT_LOG_LIMIT_MIN
#define SECONDS_MAX     30

static int clean(void **state)
{
    static const char *const paths[] = {LOG_PATH, LOG_FRESH, LOG_PATH ".bak", LOG_PATH ".old",
                                        IN_FOLDER};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(paths); i++)
    {
        remove(paths[i]);
        remove_folder(paths[i]);
    }
    remove_folder(FOLDER);
    return 0;
}

static bool is_there(const char *path)
{
    struct stat facts;

    return stat(path, &facts) == 0;
}

static void write_file(const char *path, const char *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
}

static unsigned lines_in(const char *path)
{
    FILE *file = fopen(path, "rb");
    unsigned lines = 0;

    assert_non_null(file);
    for (int byte = fgetc(file); byte != EOF; byte = fgetc(file))
        lines += byte == '\n';
    fclose(file);
    return lines;
}

static enum rm_status append(struct rm_event_log *log, uint32_t number)
{
    struct rm_event_record record = stage_record(number);

    return rm_event_log_append(log, &record);
}

/* The lines of the first events, as the file has them. */
static size_t lines_of(uint32_t count, char *bytes)
{
    size_t size = 0;

    for (uint32_t number = 1; number <= count; number++)
    {
        struct rm_event_record record = stage_record(number);

        size += rm_event_record_encode(&record, bytes + size);
        bytes[size++] = '\n';
    }
    bytes[size] = '\0';
    return size;
}

static void events_come_back(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LEAST);
    struct rm_event_log_facts facts = rm_event_log_facts(log);

    (void)state;
    assert_int_equal(facts.end, facts.first);
    assert_int_equal(facts.limit, LEAST);
    for (uint32_t number = 1; number <= 20; number++)
    {
        stage_append(log, number, number);
        stage_has(log, 1, number);
        assert_int_equal(lines_in(LOG_PATH), number); /* while it is open */
    }
    rm_event_log_close(log);
    log = stage_open(LOG_PATH, LEAST);
    stage_append(log, 21, 30);
    stage_has(log, 1, 30);
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, 1, 30);
}

/* Who follows asks for what came since the last end. */
static void sequence_numbers_rise(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LEAST);
    struct rm_event_record record;
    uint64_t end;

    (void)state;
    stage_append(log, 1, 10);
    end = rm_event_log_facts(log).end;
    stage_append(log, 11, 11);
    assert_true(rm_event_log_get(log, end, &record));
    assert_int_equal(record.number, 11);
    assert_int_equal(rm_event_log_reset(log), RM_OK);
    stage_append(log, 12, 12);
    assert_int_equal(rm_event_log_facts(log).first, end + 1);
    assert_false(rm_event_log_get(log, end, &record));
    stage_append(log, 13, 12 + LEAST);
    assert_int_equal(rm_event_log_facts(log).first, end + 2);
    assert_int_equal(rm_event_log_facts(log).end, end + 2 + LEAST);
    rm_event_log_close(log);
}

static void the_oldest_are_discarded(void **state)
{
    const uint32_t full = LEAST + LEAST / 4;
    struct rm_event_log *log = stage_open(LOG_PATH, LEAST);

    (void)state;
    stage_append(log, 1, full);
    stage_has(log, full - LEAST + 1, full);
    assert_int_equal(lines_in(LOG_PATH), full);
    stage_append(log, full + 1, full + 1); /* a quarter too many: written anew */
    stage_has(log, full - LEAST + 2, full + 1);
    assert_int_equal(lines_in(LOG_PATH), LEAST);
    assert_false(is_there(LOG_FRESH));
    assert_false(is_there(LOG_PATH ".bak"));
    stage_append(log, full + 2, full + 1 + LEAST / 4);
    assert_int_equal(lines_in(LOG_PATH), full);
    rm_event_log_close(log);
    log = stage_open(LOG_PATH, LEAST);
    stage_has(log, full + 2 + LEAST / 4 - LEAST, full + 1 + LEAST / 4);
    rm_event_log_close(log);
}

static void another_limit(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, 2 * LEAST);

    (void)state;
    stage_append(log, 1, 2 * LEAST);
    assert_int_equal(rm_event_log_set_limit(log, 3 * LEAST), RM_OK);
    stage_append(log, 2 * LEAST + 1, 2 * LEAST + 7);
    stage_has(log, 1, 2 * LEAST + 7);
    assert_int_equal(rm_event_log_set_limit(log, 2 * LEAST), RM_OK);
    stage_has(log, 8, 2 * LEAST + 7);
    assert_int_equal(lines_in(LOG_PATH), 2 * LEAST + 7); /* not too many for the file */
    assert_int_equal(rm_event_log_set_limit(log, LEAST), RM_OK);
    stage_has(log, LEAST + 8, 2 * LEAST + 7);
    assert_int_equal(lines_in(LOG_PATH), LEAST);
    assert_int_equal(rm_event_log_facts(log).limit, LEAST);
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, LEAST + 8, 2 * LEAST + 7);
}

/* Cut at each byte: what is whole counts, and what is added later, too. */
static void half_a_line_at_the_end(void **state)
{
    char bytes[4 * RM_EVENT_LINE_SIZE];
    size_t three = lines_of(3, bytes), four = lines_of(4, bytes);

    (void)state;
    for (size_t size = three; size <= four; size++)
    {
        uint32_t whole = size + 1 < four ? 3 : 4;
        struct rm_event_log *log;

        write_file(LOG_PATH, bytes, size);
        log = stage_open(LOG_PATH, LEAST);
        stage_has(log, 1, whole);
        assert_int_equal(rm_event_log_facts(log).broken, whole == 3 && size > three);
        stage_append(log, whole + 1, whole + 2);
        rm_event_log_close(log);
        stage_file_has(LOG_PATH, 1, whole + 2);
    }
}

static void broken_lines_are_skipped(void **state)
{
    static const char zeros[100];
    static const struct
    {
        const char *bytes;
        size_t size;
        uint32_t broken;
    } rows[] = {
        {"\n\n\n",                     3,   0},
        {"rubbish\n",                  8,   1},
        {"\r\n",                       2,   1},
        {"a\nb\n\nc\n",                7,   3},
        {"RM1\t2023-12-31T23:59:59\n", 24,  1},
        {"\xFF\xFE\x00\x01\n",         5,   1},
        {zeros,                        100, 1},
    };
    char lines[2 * RM_EVENT_LINE_SIZE], bytes[2 * RM_EVENT_LINE_SIZE + 200];
    size_t all = lines_of(2, lines), one = (size_t)(strchr(lines, '\n') + 1 - lines);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
    {
        struct rm_event_log *log;
        size_t size = one;

        memcpy(bytes, lines, one);
        memcpy(bytes + size, rows[i].bytes, rows[i].size);
        size += rows[i].size;
        bytes[size++] = '\n';
        memcpy(bytes + size, lines + one, all - one);
        write_file(LOG_PATH, bytes, size + all - one);
        log = stage_open(LOG_PATH, LEAST);
        stage_has(log, 1, 2);
        assert_int_equal(rm_event_log_facts(log).broken, rows[i].broken);
        rm_event_log_close(log);
    }
}

/* An event of a newer version stays as it is when the file is written anew. */
static void what_is_unknown_is_kept(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LEAST);
    struct rm_event_record record = stage_record(0);

    (void)state;
    record.id = RM_EVENT_COUNT;
    memcpy(record.name, "fromTheFuture", sizeof "fromTheFuture");
    stage_append(log, 1, LEAST + LEAST / 4 - 1);
    assert_int_equal(rm_event_log_append(log, &record), RM_OK);
    stage_append(log, LEAST + LEAST / 4, LEAST + LEAST / 4);
    assert_int_equal(lines_in(LOG_PATH), LEAST);
    rm_event_log_close(log);
    log = stage_open(LOG_PATH, LEAST);
    assert_true(rm_event_log_get(log, rm_event_log_facts(log).end - 2, &record));
    assert_int_equal(record.id, RM_EVENT_COUNT);
    assert_string_equal(record.name, "fromTheFuture");
    assert_int_equal(record.severity, RM_SEVERITY_WARNING);
    assert_string_equal(record.text, stage_record(0).text);
    rm_event_log_close(log);
}

static void reset_clears_all(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LEAST);

    (void)state;
    stage_append(log, 1, 50);
    assert_int_equal(rm_event_log_reset(log), RM_OK);
    assert_int_equal(rm_event_log_facts(log).first, rm_event_log_facts(log).end);
    assert_int_equal(lines_in(LOG_PATH), 0);
    assert_false(is_there(LOG_PATH ".bak"));
    assert_int_equal(append(log, 50), RM_E_EXISTS); /* it was handed over before */
    stage_append(log, 51, 60);
    stage_has(log, 51, 60);
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, 51, 60);
}

static void a_reset_that_fails_changes_nothing(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LEAST);

    (void)state;
    stage_append(log, 1, 50);
    assert_int_equal(make_folder(LOG_FRESH), 0);
    assert_int_equal(rm_event_log_reset(log), RM_E_IO);
    assert_true(strlen(rm_event_log_reason(log)) > 0);
    stage_has(log, 1, 50);
    stage_append(log, 51, 51);
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, 1, 51);
    log = stage_open("no_such_folder/" LOG_PATH, LEAST);
    assert_int_equal(append(log, 1), RM_E_IO);
    assert_int_equal(rm_event_log_reset(log), RM_OK); /* there is no file */
    assert_int_equal(rm_event_log_facts(log).pending, 0);
    rm_event_log_close(log);
}

static void what_could_not_be_written_is_written_later(void **state)
{
    const struct rm_event_source source = stage_record(1).source;
    struct rm_event_log *log = stage_open(IN_FOLDER, LEAST);

    (void)state;
    for (uint32_t number = 1; number <= 3; number++)
    {
        assert_int_equal(append(log, number), RM_E_IO);
        assert_true(strlen(rm_event_log_reason(log)) > 0);
        assert_int_equal(rm_event_log_facts(log).pending, number);
        stage_has(log, 1, number);
    }
    assert_int_equal(append(log, 2), RM_E_IO);
    assert_int_equal(rm_event_log_flush(log), RM_E_IO);
    assert_int_equal(rm_event_log_highest(log, &source), 0);
    assert_int_equal(make_folder(FOLDER), 0);
    assert_int_equal(append(log, 2), RM_E_EXISTS);
    assert_int_equal(rm_event_log_highest(log, &source), 3);
    assert_int_equal(rm_event_log_facts(log).pending, 0);
    assert_int_equal(rm_event_log_flush(log), RM_OK);
    stage_append(log, 4, 4);
    rm_event_log_close(log);
    stage_file_has(IN_FOLDER, 1, 4);
}

static void what_is_pending_is_bounded(void **state)
{
    struct rm_event_log *log = stage_open(IN_FOLDER, LEAST);

    (void)state;
    for (uint32_t number = 1; number <= LEAST + 100; number++)
        assert_int_equal(append(log, number), RM_E_IO);
    assert_int_equal(rm_event_log_facts(log).pending, LEAST);
    assert_int_equal(make_folder(FOLDER), 0);
    rm_event_log_close(log); /* tries once more */
    stage_file_has(IN_FOLDER, 101, LEAST + 100);
}

/* It is in the file all the same, and tried again when it has grown by another quarter. */
static void a_file_that_can_not_be_shortened(void **state)
{
    const uint32_t full = LEAST + LEAST / 4;
    struct rm_event_log *log = stage_open(LOG_PATH, LEAST);

    (void)state;
    assert_int_equal(make_folder(LOG_FRESH), 0);
    stage_append(log, 1, full);
    assert_int_equal(append(log, full + 1), RM_E_IO);
    assert_int_equal(rm_event_log_facts(log).pending, 0);
    stage_append(log, full + 2, full + 1 + LEAST / 4);
    assert_int_equal(lines_in(LOG_PATH), full + 1 + LEAST / 4);
    assert_int_equal(remove_folder(LOG_FRESH), 0);
    write_file(LOG_FRESH, "half of what a cra", 18);
    stage_append(log, full + 2 + LEAST / 4, full + 2 + LEAST / 4);
    assert_int_equal(lines_in(LOG_PATH), LEAST);
    assert_false(is_there(LOG_FRESH));
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, full + 3 + LEAST / 4 - LEAST, full + 2 + LEAST / 4);
}

/* The process ended between the two files: what is beside the log is none. */
static void a_crash_while_it_is_written_anew(void **state)
{
    char bytes[3 * RM_EVENT_LINE_SIZE];
    size_t size = lines_of(3, bytes);

    (void)state;
    write_file(LOG_PATH, bytes, size);
    write_file(LOG_FRESH, bytes, size / 2);
    stage_file_has(LOG_PATH, 1, 3);
}

static void a_file_that_is_renamed_comes_back(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LEAST);

    (void)state;
    stage_append(log, 1, 10);
    assert_int_equal(rename(LOG_PATH, LOG_PATH ".old"), 0);
    stage_append(log, 11, 11);
    rm_event_log_close(log);
    stage_file_has(LOG_PATH ".old", 1, 10);
    stage_file_has(LOG_PATH, 1, 11);
}

static void a_file_that_can_not_be_read(void **state)
{
    struct rm_event_log *log = NULL;

    (void)state;
    assert_int_equal(make_folder(LOG_PATH), 0);
    assert_int_equal(rm_event_log_open(&log, LOG_PATH, LEAST), RM_E_IO);
    assert_non_null(log);
    assert_true(strlen(rm_event_log_reason(log)) > 0);
    assert_int_equal(append(log, 1), RM_E_IO);
    stage_has(log, 1, 1);
    assert_int_equal(remove_folder(LOG_PATH), 0);
    stage_append(log, 2, 2);
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, 1, 2);
}

/* The events are in it, and it is ours again when as many came as count. */
static void a_file_that_is_too_large(void **state)
{
    FILE *file = fopen(LOG_PATH, "wb");
    struct rm_event_log *log = NULL;

    (void)state;
    assert_non_null(file);
    assert_int_equal(fseek(file, 200 * 1024 * 1024, SEEK_SET), 0);
    assert_int_equal(fputc('x', file), 'x');
    assert_int_equal(fclose(file), 0);
    assert_int_equal(rm_event_log_open(&log, LOG_PATH, LEAST), RM_E_TOO_LARGE);
    assert_non_null(log);
    stage_append(log, 1, LEAST + LEAST / 4 + 1);
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, LEAST / 4 + 2, LEAST + LEAST / 4 + 1);
}

static void each_event_is_stored_once(void **state)
{
    static const struct
    {
        struct rm_event_source source;
        uint32_t number;
        enum rm_status status;
        uint32_t highest; /* after it */
        const char *what;
    } rows[] = {
        {{1, 1, 1}, 1, RM_OK,       1, "first"                                   },
        {{1, 1, 1}, 1, RM_E_EXISTS, 1, "handed over twice"                       },
        {{1, 1, 2}, 1, RM_OK,       1, "another session"                         },
        {{2, 1, 1}, 1, RM_OK,       1, "another process"                         },
        {{1, 2, 1}, 1, RM_OK,       1, "its id is used again"                    },
        {{1, 1, 1}, 5, RM_OK,       5, "some were dropped"                       },
        {{1, 1, 1}, 4, RM_E_EXISTS, 5, "late: its order would be lost"           },
        {{1, 1, 1}, 6, RM_OK,       6, "next"                                    },
        {{3, 1, 0}, 0, RM_OK,       0, "the service's own"                       },
        {{3, 1, 0}, 0, RM_OK,       0, "the same, as these are told from nothing"},
    };

    (void)state;
    for (unsigned round = 0; round < 2; round++)
    {
        struct rm_event_log *log = stage_open(LOG_PATH, LEAST);

        for (size_t i = 0; i < COUNT_OF(rows); i++)
        {
            struct rm_event_record record = stage_record(rows[i].number);
            enum rm_status wanted =
                round == 0 || rows[i].number == 0 ? rows[i].status : RM_E_EXISTS;

            record.source = rows[i].source;
            if (rm_event_log_append(log, &record) != wanted ||
                (round == 0 && rm_event_log_highest(log, &record.source) != rows[i].highest))
                fail_msg("round %u, %s", round, rows[i].what);
        }
        assert_int_equal(rm_event_log_facts(log).end - 1, 8 + 2 * round);
        rm_event_log_close(log);
    }
}

/* Far more sources than events count, and none in the log is forgotten. */
static void many_sources(void **state)
{
    struct rm_event_log *log = stage_open(LOG_PATH, LEAST);
    struct rm_event_record record = stage_record(1);

    (void)state;
    for (uint32_t i = 0; i < 10 * LEAST; i++)
    {
        record.source.process_id = i;
        record.source.process_start_100ns = UINT64_C(1) << (i % 64);
        assert_int_equal(rm_event_log_append(log, &record), RM_OK);
        assert_int_equal(rm_event_log_append(log, &record), RM_E_EXISTS);
    }
    for (uint32_t i = 9 * LEAST; i < 10 * LEAST; i++)
    {
        record.source.process_id = i;
        record.source.process_start_100ns = UINT64_C(1) << (i % 64);
        assert_int_equal(rm_event_log_highest(log, &record.source), 1);
    }
    rm_event_log_close(log);
}

static void the_largest_log_is_fast(void **state)
{
    const uint32_t last = RM_EVENT_LOG_LIMIT_MAX + RM_EVENT_LOG_LIMIT_MAX / 4 + 1;
    struct rm_event_log *log = stage_open(LOG_PATH, RM_EVENT_LOG_LIMIT_MAX);
    clock_t start = clock();

    (void)state;
    stage_append(log, 1, last);
    assert_int_equal(lines_in(LOG_PATH), RM_EVENT_LOG_LIMIT_MAX);
    stage_has(log, last - RM_EVENT_LOG_LIMIT_MAX + 1, last);
    rm_event_log_close(log);
    stage_file_has(LOG_PATH, last - RM_EVENT_LOG_LIMIT_MAX + 1, last);
    assert_true((clock() - start) / CLOCKS_PER_SEC < SECONDS_MAX);
}

int main(void)
{
#define ROW(name) cmocka_unit_test_setup_teardown(name, clean, clean)
    const struct CMUnitTest tests[] = {
        ROW(events_come_back),
        ROW(sequence_numbers_rise),
        ROW(the_oldest_are_discarded),
        ROW(another_limit),
        ROW(half_a_line_at_the_end),
        ROW(broken_lines_are_skipped),
        ROW(what_is_unknown_is_kept),
        ROW(reset_clears_all),
        ROW(a_reset_that_fails_changes_nothing),
        ROW(what_could_not_be_written_is_written_later),
        ROW(what_is_pending_is_bounded),
        ROW(a_file_that_can_not_be_shortened),
        ROW(a_crash_while_it_is_written_anew),
        ROW(a_file_that_is_renamed_comes_back),
        ROW(a_file_that_can_not_be_read),
        ROW(a_file_that_is_too_large),
        ROW(each_event_is_stored_once),
        ROW(many_sources),
        ROW(the_largest_log_is_fast),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
