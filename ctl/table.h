/* ctl/table.h: lines of text of a bounded width, for a screen or a file.
 *
 * A line that is longer than TABLE_WIDTH is cut and ends in ".."; a tone says what a line is about,
 * for screens with colours, and never says more than its words do.
 *
 * Units: columns; a character of UTF-8 is taken for one, also where a screen gives it two.
 * Ownership: the table owns its lines until table_free.
 * Threads: one.
 * Errors: without memory lines are left out.
 */
#ifndef RM_CTL_TABLE_H
#define RM_CTL_TABLE_H

#include <stddef.h>

#define TABLE_WIDTH 100

enum table_tone
{
    TABLE_PLAIN,
    TABLE_TITLE,
    TABLE_GOOD,
    TABLE_BAD
};

struct table_line
{
    enum table_tone tone;
    char text[TABLE_WIDTH * 4 + 1]; /* UTF-8, without the end of line */
};

struct table
{
    size_t count, room;
    struct table_line *lines;
};

__attribute__((format(printf, 3, 4))) void table_add(struct table *table, enum table_tone tone,
                                                     const char *format, ...);

/* All lines out, the memory kept. */
void table_clear(struct table *table);
void table_free(struct table *table);

/* How many columns a text takes. */
unsigned table_columns(const char *text);

/* The text in exactly `columns`: filled up with spaces, or cut and ended by "..". The buffer must
 * hold four bytes for each column and one more. */
void table_cell(char *buffer, const char *text, unsigned columns);

#endif
