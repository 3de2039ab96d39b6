/* json.c: the writer of JSON. */
#include <rm/json.h>

#include <assert.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

#define BUFFER_FIRST_BYTES 16384u

/* The character at `at` as it stands in a JSON string; the number of bytes read. */
static size_t escape_character(const char *at, char out[8])
{
    unsigned char first = (unsigned char)*at;
    size_t length = rm_text_utf8(at, SIZE_MAX);
    if (length == 0)
    {
        strcpy(out, "\xef\xbf\xbd");
        return 1;
    }
    if (first == '"' || first == '\\')
    {
        snprintf(out, 8, "\\%c", first);
    }
    else if (first < 0x20 || first == 0x7f)
    {
        snprintf(out, 8, "\\u%04x", first);
    }
    else
    {
        memcpy(out, at, length);
        out[length] = '\0';
    }
    return length;
}

static void put(struct rm_json *json, const char *text)
{
    json->put(json->to, text);
}

static void write_string(struct rm_json *json, const char *text)
{
    char chunk[1024] = "\"";
    size_t used = 1;
    while (*text != '\0')
    {
        char piece[8];
        text += escape_character(text, piece);
        if (used + strlen(piece) + 2 > sizeof chunk)
        {
            put(json, chunk);
            used = 0;
        }
        strcpy(chunk + used, piece);
        used += strlen(piece);
    }
    strcpy(chunk + used, "\"");
    put(json, chunk);
}

static void start_line(struct rm_json *json)
{
    if (!json->is_compact)
    {
        char line[RM_JSON_DEPTH_MAX * 2 + 2];
        snprintf(line, sizeof line, "\n%*s", (int)json->depth * 2, "");
        put(json, line);
    }
}

static void start_value(struct rm_json *json, const char *name)
{
    if (json->depth > 0)
    {
        put(json, json->has_members[json->depth - 1] ? "," : "");
        json->has_members[json->depth - 1] = true;
        start_line(json);
    }
    if (name != NULL)
    {
        write_string(json, name);
        put(json, json->is_compact ? ":" : ": ");
    }
}

static void begin(struct rm_json *json, const char *name, const char *bracket)
{
    start_value(json, name);
    assert(json->depth < RM_JSON_DEPTH_MAX);
    json->has_members[json->depth++] = false;
    put(json, bracket);
}

static void end(struct rm_json *json, const char *bracket)
{
    assert(json->depth > 0);
    bool had_members = json->has_members[--json->depth];
    if (had_members)
    {
        start_line(json);
    }
    put(json, bracket);
    put(json, json->depth == 0 ? "\n" : "");
}

void rm_json_begin_object(struct rm_json *json, const char *name)
{
    begin(json, name, "{");
}

void rm_json_begin_array(struct rm_json *json, const char *name)
{
    begin(json, name, "[");
}

void rm_json_end_object(struct rm_json *json)
{
    end(json, "}");
}

void rm_json_end_array(struct rm_json *json)
{
    end(json, "]");
}

void rm_json_text(struct rm_json *json, const char *name, const char *text)
{
    start_value(json, name);
    write_string(json, text);
}

void rm_json_number(struct rm_json *json, const char *name, int64_t number)
{
    start_value(json, name);
    char text[24];
    snprintf(text, sizeof text, "%" PRId64, number);
    put(json, text);
}

void rm_json_bool(struct rm_json *json, const char *name, bool value)
{
    start_value(json, name);
    put(json, value ? "true" : "false");
}

void rm_json_buffer_put(void *to, const char *text)
{
    struct rm_json_buffer *buffer = to;
    size_t count = strlen(text);
    if (count >= buffer->room - buffer->size)
    {
        size_t room = buffer->room > 0 ? buffer->room * 2 : BUFFER_FIRST_BYTES;
        char *bytes = buffer->is_short_of_memory || room < buffer->room || count >= room / 2
                          ? NULL
                          : realloc(buffer->bytes, room);
        if (bytes == NULL)
        {
            buffer->is_short_of_memory = true;
            return;
        }
        buffer->bytes = bytes;
        buffer->room = room;
    }
    memcpy(buffer->bytes + buffer->size, text, count + 1);
    buffer->size += count;
}
