#include "lines.h"
#include "arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void append(struct lines *lines, int call, char *field, char *value)
{
    AcquireSRWLockExclusive(&lines->lock);
    if (lines->count == lines->capacity)
    {
        lines->capacity = lines->capacity > 0 ? 2 * lines->capacity : 64;
        lines->all = must_grow(lines->all, (size_t)lines->capacity * sizeof(*lines->all));
    }
    lines->all[lines->count++] = (struct line){.call = call, .field = field, .value = value};
    ReleaseSRWLockExclusive(&lines->lock);
}

void lines_add(struct lines *lines, int call, const char *field, const char *format, ...)
{
    va_list arguments;
    va_list again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = __mingw_vsnprintf(NULL, 0, format, arguments);
    char *value = must_allocate((size_t)length + 1);
    __mingw_vsnprintf(value, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    append(lines, call, must_copy(field), value);
}

void lines_move(struct lines *to, int call, const char *prefix, struct lines *from)
{
    size_t length = strlen(prefix);
    for (int i = 0; i < from->count; i++)
    {
        struct line *line = &from->all[i];
        size_t size = length + strlen(line->field) + 1;
        char *field = must_allocate(size);
        snprintf(field, size, "%s%s", prefix, line->field);
        append(to, call, field, line->value);
        free(line->field);
    }
    from->count = 0;
}

void lines_free(struct lines *lines)
{
    for (int i = 0; i < lines->count; i++)
    {
        free(lines->all[i].field);
        free(lines->all[i].value);
    }
    free(lines->all);
    lines->all = NULL;
    lines->count = 0;
    lines->capacity = 0;
}
