/* test_event_record.c: an event as a line and back, what is no event, as JSON and as a row
 * (rm/event_record.h; RM-190 .. RM-194, F-15). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <rm/event_record.h>
#include <rm/field.h>
#include <rm/text.h>

#include "json_check.h"

#define COUNT_OF(array) (sizeof(array) / sizeof *(array))
#define ROUNDS          50000

static const struct rm_event_record sample = {
    .time_100ns = UINT64_C(133485407991234567),
    .severity = RM_SEVERITY_ERROR,
    .id = RM_EVENT_CONNECT_FAILED,
    .name = "connectFailed",
    .machine = 2,
    .process = "quickclient.exe",
    .source = {1064, UINT64_C(133485400000000000), 3},
    .number = 17,
    .text = "Failed to connect to 'A' on secondary machine 'B' (Error = 0x800706BA).",
};

#define SAMPLE_LINE                                                                                \
    "RM1\t2023-12-31T23:59:59.1234567Z\tError\tconnectFailed\t2\tquickclient.exe\t1064\t"          \
    "133485400000000000\t3\t17\tFailed to connect to 'A' on secondary machine 'B' "                \
    "(Error = 0x800706BA).\tfe2a061a"

static uint32_t random_state = 1;

/* Park and Miller's minimal standard: the same each time. */
static uint32_t random_below(uint32_t limit)
{
    random_state = (uint32_t)((uint64_t)random_state * 16807 % 2147483647);
    return random_state % limit;
}

static void are_equal(const struct rm_event_record *left, const struct rm_event_record *right)
{
    assert_true(left->time_100ns == right->time_100ns);
    assert_int_equal(left->severity, right->severity);
    assert_int_equal(left->id, right->id);
    assert_string_equal(left->name, right->name);
    assert_int_equal(left->machine, right->machine);
    assert_string_equal(left->process, right->process);
    assert_int_equal(left->source.process_id, right->source.process_id);
    assert_true(left->source.process_start_100ns == right->source.process_start_100ns);
    assert_int_equal(left->source.session, right->source.session);
    assert_int_equal(left->number, right->number);
    assert_string_equal(left->text, right->text);
}

/* A copy of exactly that size, so that the sanitizer sees who reads beyond it. */
static bool decode(const char *line, size_t size, struct rm_event_record *record)
{
    char *copy = malloc(size > 0 ? size : 1);
    bool is_event;

    assert_non_null(copy);
    memcpy(copy, line, size);
    memset(record, 0xCC, sizeof *record);
    is_event = rm_event_record_decode(copy, size, record);
    free(copy);
    return is_event;
}

static void is_refused(const char *line, size_t size, const char *what)
{
    static const struct rm_event_record nothing;
    struct rm_event_record record;

    if (decode(line, size, &record))
        fail_msg("taken for an event: %s", what);
    assert_memory_equal(&record, &nothing, sizeof record);
}

/* With a sum that is right. */
static void is_refused_for_its_fields(const char *fields)
{
    char line[RM_EVENT_LINE_SIZE];
    int size = snprintf(line, sizeof line, "%s%08x", fields,
                        (unsigned)rm_field_sum((const uint8_t *)fields, strlen(fields)));

    is_refused(line, (size_t)size, fields);
}

static void comes_back(const struct rm_event_record *record)
{
    char line[RM_EVENT_LINE_SIZE];
    struct rm_event_record again;
    size_t size;

    memset(line, 0xCC, sizeof line);
    size = rm_event_record_encode(record, line);
    assert_int_equal(strlen(line), size);
    assert_true(rm_text_is_utf8(line, size));
    assert_null(strpbrk(line, "\r\n\v\f\x1b\x7f"));
    assert_true(decode(line, size, &again));
    are_equal(&again, record);
}

/* What is on disks already must be read for ever. */
static void the_line(void **state)
{
    char line[RM_EVENT_LINE_SIZE];
    struct rm_event_record record;

    (void)state;
    assert_int_equal(rm_event_record_encode(&sample, line), strlen(SAMPLE_LINE));
    assert_string_equal(line, SAMPLE_LINE);
    assert_true(decode(SAMPLE_LINE, strlen(SAMPLE_LINE), &record));
    are_equal(&record, &sample);
}

static void odd_texts(void **state)
{
    static const struct
    {
        const char *text, *stored;
    } rows[] = {
        {"",                      "\t\t"                       },
        {"a\tb",                  "\ta\\x09b\t"                },
        {"a\r\nb\n",              "\ta\\x0d\\x0ab\\x0a\t"      },
        {"C:\\new\\",             "\tC:\\\\new\\\\\t"          },
        {"\\x41",                 "\t\\\\x41\t"                },
        {"\x01\x1b\x7f",          "\t\\x01\\x1b\\x7f\t"        },
        {"\xC3\xA4 \xE2\x82\xAC", "\t\xC3\xA4 \xE2\x82\xAC\t"  },
        {"\xF0\x9F\x94\xA5",      "\t\xF0\x9F\x94\xA5\t"       },
        {"cut \xE2\x82",          "\tcut \\xe2\\x82\t"         },
        {"\xFF\xC3\xA4\xC0\x80",  "\t\\xff\xC3\xA4\\xc0\\x80\t"},
        {" blanks  ",             "\t blanks  \t"              },
        {"%s%n \"quoted\"",       "\t%s%n \"quoted\"\t"        },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
    {
        struct rm_event_record record = sample;
        char line[RM_EVENT_LINE_SIZE];

        rm_text_fit(record.text, sizeof record.text, "");
        memcpy(record.text, rows[i].text, strlen(rows[i].text));
        comes_back(&record);
        rm_event_record_encode(&record, line);
        assert_non_null(strstr(line, rows[i].stored));
        memset(record.process, 0, sizeof record.process);
        memcpy(record.process, rows[i].text, strlen(rows[i].text));
        comes_back(&record);
    }
}

static void the_largest(void **state)
{
    struct rm_event_record record = {
        .time_100ns = UINT64_C(2650467743999999999),
        .severity = RM_SEVERITY_INFORMATIONAL,
        .id = RM_EVENT_COUNT,
        .machine = UINT32_MAX,
        .source = {UINT32_MAX, UINT64_MAX, UINT32_MAX},
        .number = UINT32_MAX
    };

    (void)state;
    memset(record.name, '\x01', sizeof record.name - 1);
    memset(record.process, '\xFF', sizeof record.process - 1);
    memset(record.text, '\x1f', sizeof record.text - 1);
    comes_back(&record);
}

static void all_events(void **state)
{
    (void)state;
    for (int id = 0; id < RM_EVENT_COUNT; id++)
    {
        struct rm_event_record record = sample;

        record.id = (enum rm_event_id)id;
        record.severity = rm_event_severity(record.id);
        rm_text_fit(record.name, sizeof record.name, rm_event_name(record.id));
        comes_back(&record);
    }
}

/* A newer version's event keeps its name, severity and text. */
static void an_unknown_event(void **state)
{
    struct rm_event_record record = sample;

    (void)state;
    record.id = RM_EVENT_COUNT;
    rm_text_fit(record.name, sizeof record.name, "certificateExpires");
    comes_back(&record);
}

static void a_time_beyond_the_calendar(void **state)
{
    struct rm_event_record record = sample, again;
    char line[RM_EVENT_LINE_SIZE];
    size_t size;

    (void)state;
    record.time_100ns = UINT64_MAX;
    size = rm_event_record_encode(&record, line);
    assert_true(decode(line, size, &again));
    assert_true(again.time_100ns == UINT64_C(2650467743999999999));
}

static void cut_anywhere(void **state)
{
    const size_t size = strlen(SAMPLE_LINE);

    (void)state;
    for (size_t cut = 0; cut < size; cut++)
    {
        is_refused(SAMPLE_LINE, cut, "the end is missing");
        is_refused(SAMPLE_LINE + size - cut, cut, "the beginning is missing");
    }
    is_refused(SAMPLE_LINE "\n", size + 1, "an end of line");
    is_refused(SAMPLE_LINE "\t", size + 1, "a tab more");
    is_refused(SAMPLE_LINE, size + 1, "a zero");
    is_refused(SAMPLE_LINE SAMPLE_LINE, 2 * size, "two lines");
}

static void altered_anywhere(void **state)
{
    const size_t size = strlen(SAMPLE_LINE);
    char line[sizeof SAMPLE_LINE];

    (void)state;
    for (size_t at = 0; at < size; at++)
    {
        for (unsigned mask = 1; mask < 256; mask++)
        {
            memcpy(line, SAMPLE_LINE, sizeof line);
            line[at] = (char)((unsigned char)line[at] ^ mask);
            is_refused(line, size, "a byte is another");
        }
        memcpy(line, SAMPLE_LINE, at);
        memcpy(line + at, &SAMPLE_LINE[at + 1], size - at - 1);
        is_refused(line, size - 1, "a byte is missing");
    }
}

static void of_another_kind(void **state)
{
#define HEAD "RM1\t2023-12-31T23:59:59.1234567Z\tError\tconnectFailed\t2\t"
#define TAIL "a.exe\t1064\t1\t3\t17\ttext\t"
    static const char *const rows[] = {
        "",
        "\t",
        "\t\t\t\t\t\t\t\t\t\t\t",
        "RM2\t2023-12-31T23:59:59.1234567Z\tError\tconnectFailed\t2\t" TAIL,
        "RM1\t2023-12-31T23:59:59.123Z\tError\tconnectFailed\t2\t" TAIL,
        "RM1\t2023-02-31T23:59:59.1234567Z\tError\tconnectFailed\t2\t" TAIL,
        "RM1\t2023-12-31T23:59:59.1234567Z\terror\tconnectFailed\t2\t" TAIL,
        "RM1\t2023-12-31T23:59:59.1234567Z\t\tconnectFailed\t2\t" TAIL,
        "RM1\t2023-12-31T23:59:59.1234567Z\tError\t01234567890123456789012345678901\t2\t" TAIL,
        "RM1\t2023-12-31T23:59:59.1234567Z\tError\tconnectFailed\t02\t" TAIL,
        "RM1\t2023-12-31T23:59:59.1234567Z\tError\tconnectFailed\t-2\t" TAIL,
        "RM1\t2023-12-31T23:59:59.1234567Z\tError\tconnectFailed\t4294967296\t" TAIL,
        "RM1\t2023-12-31T23:59:59.1234567Z\tError\tconnectFailed\t\t" TAIL,
        HEAD "a.exe\t1064\t18446744073709551616\t3\t17\ttext\t",
        HEAD "a.exe\t1064\t1\t3\t17\ttext\tmore\t",
        HEAD "a.exe\t1064\t1\t3\t17\t",
        HEAD "a.exe\t1064\t1\t3\t17\ttext",
        HEAD "a.exe\t1064\t1\t3\t17\tte\nxt\t",
        HEAD "a.exe\t1064\t1\t3\t17\tte\xFFxt\t",
        HEAD "a.exe\t1064\t1\t3\t17\tte\\nxt\t",
        HEAD "a.exe\t1064\t1\t3\t17\tte\\x00xt\t",
        HEAD "a.exe\t1064\t1\t3\t17\tte\\x41xt\t",
        HEAD "a.exe\t1064\t1\t3\t17\tte\\xFFxt\t",
        HEAD "a.exe\t1064\t1\t3\t17\ttext\\\t",
        HEAD "a.exe\t1064\t1\t3\t17\ttext\\x\t",
        HEAD "a.exe\t1064\t1\t3\t17\ttext\\x0\t",
    };
    static const char zeros[64];
    char fields[RM_EVENT_LINE_SIZE];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        is_refused_for_its_fields(rows[i]);
    is_refused(zeros, sizeof zeros, "what a disk has after the power failed");
    /* a text that is one byte too long */
    snprintf(fields, sizeof fields, HEAD "a.exe\t1064\t1\t3\t17\t%0*d\t", RM_EVENT_TEXT_SIZE, 0);
    is_refused_for_its_fields(fields);
}

/* Lines that are nearly right, and bytes that are not: nothing is read or written beyond what there
 * is (the sanitizer tells), and what is taken for an event is one. */
static void fuzz(void **state)
{
    static const char piece[] = "\t\t\t\\\\xx01aRM1Error\xC3\xA4\n";
    char line[RM_EVENT_LINE_SIZE + 64];

    (void)state;
    for (unsigned round = 0; round < ROUNDS; round++)
    {
        size_t size = strlen(SAMPLE_LINE);
        struct rm_event_record record;

        memcpy(line, SAMPLE_LINE, size);
        if (round % 2)
        {
            size = random_below(sizeof line);
            for (size_t i = 0; i < size; i++)
                line[i] =
                    random_below(8) ? piece[random_below(sizeof piece)] : (char)random_below(256);
        }
        for (uint32_t wrong = 1 + random_below(3); wrong > 0 && size > 0; wrong--)
            line[random_below((uint32_t)size)] = (char)random_below(256);
        if (decode(line, size, &record))
        {
            assert_int_equal(size, strlen(SAMPLE_LINE));
            assert_memory_equal(line, SAMPLE_LINE, size);
        }
    }
}

static void as_json(void **state)
{
    struct rm_json_buffer buffer = {.bytes = NULL};
    struct rm_json json = {.put = rm_json_buffer_put, .to = &buffer, .is_compact = true};
    struct rm_event_record record = sample;

    (void)state;
    rm_event_record_json(&record, &json);
    assert_string_equal(
        buffer.bytes,
        "{\"time\":\"2023-12-31T23:59:59.1234567Z\",\"severity\":\"Error\","
        "\"event\":\"connectFailed\",\"machine\":2,\"process\":\"quickclient.exe\","
        "\"processId\":1064,\"processStart\":\"2023-12-31T23:46:40.0000000Z\",\"session\":3,"
        "\"number\":17,\"text\":\"Failed to connect to 'A' on secondary machine 'B' "
        "(Error = 0x800706BA).\"}\n");
    assert_null(json_check(buffer.bytes));
    buffer.size = 0;
    record.machine = record.number = 0;
    record.id = RM_EVENT_COUNT;
    rm_text_fit(record.name, sizeof record.name, "a\"b");
    rm_text_fit(record.text, sizeof record.text, "a\tb\xFF");
    rm_event_record_json(&record, &json);
    assert_null(json_check(buffer.bytes));
    assert_non_null(strstr(buffer.bytes, "\"event\":\"a\\\"b\",\"process\""));
    assert_non_null(strstr(buffer.bytes, "\"session\":3,\"text\":\"a\\u0009b\xEF\xBF\xBD\"}"));
    free(buffer.bytes);
}

/* The sequence that the documents show (RM-190), as far as the catalogue has it. */
static void as_rows(void **state)
{
    static const struct
    {
        enum rm_event_id id;
        unsigned machine;
        const char *host, *time, *row;
    } rows[] = {
        {RM_EVENT_CONNECTED,   1, "localhost",      "10:23:28.202 AM",
         "10/20/2004\t10:23:28.202 AM\tquickclient.exe (1064)\tConnected to 'KEPware.KEPServerEx' "
         "on primary machine 'localhost'.\tInformational"                                   },
        {RM_EVENT_CONNECTED,   2, "192.168.111.67", "10:23:30.000 AM",
         "10/20/2004\t10:23:30.000 AM\tquickclient.exe (1064)\tConnected to 'KEPware.KEPServerEx' "
         "on secondary machine '192.168.111.67'.\tInformational"                            },
        {RM_EVENT_PROMOTED,    2, "192.168.111.67", "10:23:40.001 AM",
         "10/20/2004\t10:23:40.001 AM\tquickclient.exe (1064)\tPromoted active connection for "
         "server 'KEPware.KEPServerEx' to secondary machine '192.168.111.67'\tInformational"},
        {RM_EVENT_STATUS_LOST, 1, "localhost",      "10:23:51.999 AM",
         "10/20/2004\t10:23:51.999 AM\tquickclient.exe (1064)\tUnable to retrieve status for "
         "server 'KEPware.KEPServerEx' on primary machine 'localhost'. Server communications has "
         "been lost\tError"                                                                 },
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
    {
        struct rm_event_record record = sample;
        const struct rm_event event = {
            rows[i].id, "KEPware.KEPServerEx", rows[i].machine, rows[i].host, 0, ""};
        char row[RM_EVENT_ROW_SIZE];

        record.severity = rm_event_severity(rows[i].id);
        rm_event_format(&event, record.text, sizeof record.text);
        memset(row, 0xCC, sizeof row);
        rm_event_record_row(&record, "10/20/2004", rows[i].time, row);
        assert_string_equal(row, rows[i].row);
    }
}

static void a_row_stays_one(void **state)
{
    struct rm_event_record record = sample;
    char row[RM_EVENT_ROW_SIZE];

    (void)state;
    rm_text_fit(record.text, sizeof record.text, "a\tb\r\nc\x7f\xC3\xA4");
    rm_event_record_row(&record, "d", "t", row);
    assert_string_equal(row, "d\tt\tquickclient.exe (1064)\ta b  c \xC3\xA4\tError");
    assert_string_equal(RM_EVENT_ROW_HEAD, "Date\tTime\tProcess\tEvent\tSeverity");
    memset(record.text, 'x', sizeof record.text - 1);
    memset(record.process, 'p', sizeof record.process - 1);
    record.source.process_id = UINT32_MAX;
    rm_event_record_row(&record, "d", "t", row);
    assert_string_equal(row + strlen(row) - 7, "x\tError");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line),         cmocka_unit_test(odd_texts),
        cmocka_unit_test(the_largest),      cmocka_unit_test(all_events),
        cmocka_unit_test(an_unknown_event), cmocka_unit_test(a_time_beyond_the_calendar),
        cmocka_unit_test(cut_anywhere),     cmocka_unit_test(altered_anywhere),
        cmocka_unit_test(of_another_kind),  cmocka_unit_test(fuzz),
        cmocka_unit_test(as_json),          cmocka_unit_test(as_rows),
        cmocka_unit_test(a_row_stays_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
