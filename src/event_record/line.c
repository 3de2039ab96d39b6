/* line.c: an event as a line of a file, and back.
 *
 * Reading is lenient and then checked as a whole: a line is an event's when writing that event
 * gives the same line again, its sum included.
 */
#include <rm/event_record.h>

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <rm/field.h>
#include <rm/text.h>
#include <rm/utc.h>

#define KIND     "RM1"
#define SUM_SIZE 8

struct writer
{
    char *line; /* array of RM_EVENT_LINE_SIZE */
    size_t size;
};

static void put(struct writer *writer, const char *bytes, size_t size)
{
    assert(size < RM_EVENT_LINE_SIZE - writer->size);
    memcpy(writer->line + writer->size, bytes, size);
    writer->size += size;
}

static void put_plain(struct writer *writer, const char *text)
{
    put(writer, text, strlen(text));
    put(writer, "\t", 1);
}

static void put_number(struct writer *writer, uint64_t number)
{
    char digits[24];

    snprintf(digits, sizeof digits, "%" PRIu64, number);
    put_plain(writer, digits);
}

static void put_text(struct writer *writer, const char *text)
{
    size_t length = strlen(text);

    for (size_t at = 0, step = 1; at < length; at += step)
    {
        unsigned char byte = (unsigned char)text[at];
        char escape[8];

        step = rm_text_utf8(text + at, length - at);
        if (step == 0 || byte < 0x20 || byte == 0x7f)
        {
            step = 1;
            snprintf(escape, sizeof escape, "\\x%02x", byte);
            put(writer, escape, 4);
        }
        else
        {
            put(writer, "\\", byte == '\\');
            put(writer, text + at, step);
        }
    }
    put(writer, "\t", 1);
}

size_t rm_event_record_encode(const struct rm_event_record *record, char line[RM_EVENT_LINE_SIZE])
{
    struct writer writer = {.line = line};
    bool is_known = record->id != RM_EVENT_COUNT;
    char time[RM_UTC_TEXT_SIZE];

    rm_utc_format(record->time_100ns, time);
    put_plain(&writer, KIND);
    put_plain(&writer, time);
    put_plain(&writer, rm_severity_name(record->severity));
    put_text(&writer, is_known ? rm_event_name(record->id) : record->name);
    put_number(&writer, record->machine);
    put_text(&writer, record->process);
    put_number(&writer, record->source.process_id);
    put_number(&writer, record->source.process_start_100ns);
    put_number(&writer, record->source.session);
    put_number(&writer, record->number);
    put_text(&writer, record->text);
    snprintf(line + writer.size, SUM_SIZE + 1, "%08" PRIx32,
             rm_field_sum((const uint8_t *)line, writer.size));
    return writer.size + SUM_SIZE;
}

struct reader
{
    const char *at, *end;
    bool has_failed;
};

/* The bytes up to the next tab. */
static const char *get_field(struct reader *reader, size_t *size)
{
    const char *field = reader->at;
    const char *tab =
        reader->has_failed ? NULL : memchr(field, '\t', (size_t)(reader->end - field));

    if (tab == NULL)
    {
        reader->has_failed = true;
        *size = 0;
        return field;
    }
    *size = (size_t)(tab - field);
    reader->at = tab + 1;
    return field;
}

static uint64_t get_number(struct reader *reader)
{
    size_t size;
    const char *field = get_field(reader, &size);
    uint64_t number = 0;

    for (size_t i = 0; i < size; i++)
    {
        number = number * 10 + (uint64_t)(unsigned char)field[i] - '0';
    }
    return number;
}

static unsigned hex_digit(char digit)
{
    return digit >= 'a' ? (unsigned)(digit - 'a') + 10u : (unsigned)(digit - '0');
}

/* The byte that stands at `at`, and how many of the field's bytes it takes. */
static char unescape(const char *at, size_t size, size_t *step)
{
    *step = 1;
    if (*at == '\\' && size >= 4 && at[1] == 'x')
    {
        *step = 4;
        return (char)(hex_digit(at[2]) << 4 | hex_digit(at[3]));
    }
    if (*at == '\\' && size >= 2)
    {
        *step = 2;
        return at[1];
    }
    return *at;
}

static void get_text(struct reader *reader, char *text, size_t room)
{
    size_t size, used = 0;
    const char *field = get_field(reader, &size);

    for (size_t at = 0, step = 1; at < size && !reader->has_failed; at += step)
    {
        reader->has_failed = used + 1 >= room;
        if (!reader->has_failed)
        {
            text[used++] = unescape(field + at, size - at, &step);
        }
    }
    memset(text + used, 0, room - used);
}

/* Whether writing the record gives the line. */
static bool is_line_of(const struct rm_event_record *record, const char *line, size_t size)
{
    char again[RM_EVENT_LINE_SIZE];

    return record->severity != RM_SEVERITY_COUNT && rm_event_record_encode(record, again) == size &&
           memcmp(again, line, size) == 0;
}

bool rm_event_record_decode(const char *line, size_t size, struct rm_event_record *record)
{
    struct reader reader = {.at = line, .end = line + size};
    char kind[sizeof KIND], time[RM_UTC_TEXT_SIZE], severity[16];

    memset(record, 0, sizeof *record);
    get_text(&reader, kind, sizeof kind);
    get_text(&reader, time, sizeof time);
    get_text(&reader, severity, sizeof severity);
    get_text(&reader, record->name, sizeof record->name);
    record->machine = (uint32_t)get_number(&reader);
    get_text(&reader, record->process, sizeof record->process);
    record->source.process_id = (uint32_t)get_number(&reader);
    record->source.process_start_100ns = get_number(&reader);
    record->source.session = (uint32_t)get_number(&reader);
    record->number = (uint32_t)get_number(&reader);
    get_text(&reader, record->text, sizeof record->text);
    record->severity = rm_severity_find(severity);
    record->id = rm_event_find(record->name);
    if (reader.has_failed || !rm_utc_parse(time, &record->time_100ns) ||
        !is_line_of(record, line, size))
    {
        memset(record, 0, sizeof *record);
        return false;
    }
    return true;
}
