/* lines.h: a transcript: what a client got from its calls, one field to a line.
 *
 * A line is the number of a call, the name of a field ("hr", "values[2].type") and its value as
 * text. Two transcripts of one script are equal if their lines are.
 *
 * Ownership: the list owns its texts; lines_free.
 * Threads: any; a lock of its own.
 * Errors: none (arena.h).
 */
#ifndef CONFORMANCE_LINES_H
#define CONFORMANCE_LINES_H

#include <windows.h>

struct line
{
    int call;
    char *field;
    char *value;
};

struct lines
{
    SRWLOCK lock;
    struct line *all;
    int count;
    int capacity;
};

void lines_add(struct lines *lines, int call, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Moves all lines of `from` to the end of `to`, as fields of that call below `prefix`. */
void lines_move(struct lines *to, int call, const char *prefix, struct lines *from);

void lines_free(struct lines *lines);

#endif
