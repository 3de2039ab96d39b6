#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "table.h"

#define LINES_AT_ONCE 64

static bool begins_character(char byte)
{
    return ((unsigned char)byte & 0xc0) != 0x80;
}

unsigned table_columns(const char *text)
{
    unsigned columns = 0;
    for (; *text != '\0'; text++)
    {
        columns += begins_character(*text) ? 1 : 0;
    }
    return columns;
}

/* Where the character of that number begins, or the end of the text. */
static const char *find_character(const char *text, unsigned number)
{
    while (*text != '\0' && (number > 0 || !begins_character(*text)))
    {
        number -= begins_character(*text) ? 1 : 0;
        text++;
    }
    return text;
}

/* What isn't UTF-8 at all may have any number of bytes in a column; then the bytes count. */
static size_t copy_cut(char *buffer, const char *text, unsigned columns)
{
    bool is_cut = table_columns(text) > columns && columns > 2;
    unsigned kept = is_cut ? columns - 2 : columns;
    size_t length = (size_t)(find_character(text, kept) - text);
    length = length > kept * 4u ? kept * 4u : length;
    memcpy(buffer, text, length);
    strcpy(buffer + length, is_cut ? ".." : "");
    return length + (is_cut ? 2 : 0);
}

void table_cell(char *buffer, const char *text, unsigned columns)
{
    size_t length = copy_cut(buffer, text, columns);
    for (unsigned used = table_columns(buffer); used < columns; used++)
    {
        buffer[length++] = ' ';
    }
    buffer[length] = '\0';
}

void table_add(struct table *table, enum table_tone tone, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    if (table->count == table->room)
    {
        size_t room = table->room + LINES_AT_ONCE;
        struct table_line *grown = realloc(table->lines, room * sizeof *grown);
        if (grown == NULL)
        {
            return;
        }
        table->lines = grown;
        table->room = room;
    }
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    struct table_line *line = &table->lines[table->count++];
    line->tone = tone;
    size_t length = copy_cut(line->text, text, TABLE_WIDTH);
    while (length > 0 && line->text[length - 1] == ' ')
    {
        line->text[--length] = '\0';
    }
}

void table_clear(struct table *table)
{
    table->count = 0;
}

void table_free(struct table *table)
{
    free(table->lines);
    *table = (struct table){0, 0, NULL};
}
