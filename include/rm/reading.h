/* rm/reading.h: an item's value as a monitor item sees it, and how it is compared with what an
 * engineer has written down.
 *
 * The text is read as the value's own type says: "1", "true" for a boolean; "0x1F", "-3" for whole
 * numbers; "2.50" for others, rounded as the item is where it has single precision; a date as
 * "2026-11-22" or "2026-11-22 14:30:00"; anything for a text, upper and lower case being different.
 * A text that can't be read as that type is equal to no value, and neither less nor greater than
 * any; it is unequal to each.
 *
 * Units: dates are those of Automation: days since 1899-12-30.
 * Ownership: borrows the text.  Threads: any; pure.
 * Errors: an array, and no value at all, match nothing.
 * Source: features RM-171 .. RM-173; issue 7, monitor items (further operators).
 */
#ifndef RM_READING_H
#define RM_READING_H

#include <stdbool.h>
#include <stdint.h>

enum rm_reading_kind
{
    RM_READING_NONE,
    RM_READING_ARRAY,
    RM_READING_BOOLEAN,  /* integer: 0 or not */
    RM_READING_INTEGER,  /* integer */
    RM_READING_UNSIGNED, /* whole */
    RM_READING_SINGLE,   /* real, of single precision */
    RM_READING_REAL,     /* real */
    RM_READING_DATE,     /* real */
    RM_READING_TEXT,     /* text, UTF-8 */
    RM_READING_KIND_COUNT
};

struct rm_reading
{
    enum rm_reading_kind kind;
    union
    {
        int64_t integer;
        uint64_t whole;
        double real;
        const char *text;
    };
};

enum rm_comparison
{
    RM_COMPARISON_EQUAL,
    RM_COMPARISON_NOT_EQUAL,
    RM_COMPARISON_LESS,    /* the value is less than the text */
    RM_COMPARISON_GREATER, /* of texts: in the order of their bytes */
    RM_COMPARISON_BIT_SET, /* the bit of that number, 0 .. 63, of a boolean or whole number */
    RM_COMPARISON_BIT_CLEAR,
    RM_COMPARISON_COUNT
};

bool rm_reading_matches(const struct rm_reading *reading, enum rm_comparison comparison,
                        const char *text);

/* "=", "!=", "<", ">", "bit set", "bit clear". */
const char *rm_comparison_name(enum rm_comparison comparison);

/* What is wrong with that text for that comparison whatever the item's type, as the end of a
 * sentence ("is no bit number from 0 to 63"); NULL: nothing. */
const char *rm_comparison_complaint(enum rm_comparison comparison, const char *text);

#endif
