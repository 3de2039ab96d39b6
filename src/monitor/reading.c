#include <rm/reading.h>

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/utc.h>

#define BITS          64
#define SECONDS_A_DAY 86400
#define DAYS_TO_1970  25569 /* from 1899-12-30 */
#define YEAR_MIN      100   /* of a date of Automation */

/* Whether nothing but blanks follows. */
static bool is_end(const char *rest)
{
    while (isspace((unsigned char)*rest))
    {
        rest++;
    }
    return *rest == '\0';
}

/* A leading zero makes no number octal: "010" is ten. */
static int base_of(const char *text)
{
    while (isspace((unsigned char)*text) || *text == '-' || *text == '+')
    {
        text++;
    }
    return text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
}

static bool read_integer(const char *text, int64_t *number)
{
    char *rest;

    errno = 0;
    *number = strtoll(text, &rest, base_of(text));
    return rest != text && errno == 0 && is_end(rest);
}

static bool read_whole(const char *text, uint64_t *number)
{
    char *rest;

    while (isspace((unsigned char)*text))
    {
        text++;
    }
    errno = 0;
    *number = strtoull(text, &rest, base_of(text));
    return rest != text && *text != '-' && errno == 0 && is_end(rest);
}

/* The C library's reader, in the "C" locale that the core is used in: a point, no comma. */
static bool read_real(const char *text, double *number)
{
    char *rest;

    *number = strtod(text, &rest);
    return rest != text && is_end(rest);
}

static bool read_boolean(const char *text, int64_t *number)
{
    if (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)
    {
        *number = *text == 't';
        return true;
    }
    if (!read_integer(text, number))
    {
        return false;
    }
    *number = *number != 0;
    return true;
}

static bool read_date(const char *text, double *number)
{
    int year, month, day, hour = 0, minute = 0, second = 0, at = 0, end = 0;

    if (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &at) != 3 || year < YEAR_MIN ||
        !rm_utc_is_date(year, month, day))
    {
        return false;
    }
    if (!is_end(text + at) &&
        (sscanf(text + at, "%*[ T]%2d:%2d%n:%2d%n", &hour, &minute, &end, &second, &end) < 2 ||
         !is_end(text + at + end)))
    {
        return false;
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59)
    {
        return false;
    }
    *number = (double)(rm_utc_days(year, month, day) + DAYS_TO_1970) +
              (double)(hour * 3600 + minute * 60 + second) / SECONDS_A_DAY;
    return true;
}

static int order_of(double left, double right)
{
    return (left > right) - (left < right);
}

/* -1, 0, 1: less, equal, greater; false: they can't be compared. */
static bool compare_integer(int64_t value, const char *text, int *order)
{
    int64_t number;
    double real;

    if (read_integer(text, &number))
    {
        *order = (value > number) - (value < number);
        return true;
    }
    if (!read_real(text, &real))
    {
        return false;
    }
    *order = order_of((double)value, real);
    return true;
}

static bool compare_whole(uint64_t value, const char *text, int *order)
{
    uint64_t number;
    double real;

    if (read_whole(text, &number))
    {
        *order = (value > number) - (value < number);
        return true;
    }
    if (!read_real(text, &real))
    {
        return false;
    }
    *order = order_of((double)value, real);
    return true;
}

/* A date's fraction of a day is rounded, by whoever made it: to the half of a second. */
static bool compare_date(double value, const char *text, int *order)
{
    double number, off;

    if (!read_date(text, &number))
    {
        return false;
    }
    off = (value - number) * SECONDS_A_DAY;
    *order = off > 0.5 ? 1 : off < -0.5 ? -1 : 0;
    return true;
}

static bool compare_real(double value, bool is_single, const char *text, int *order)
{
    double number;

    /* Not a number is unequal to everything, and nothing else. */
    if (!read_real(text, &number) || value != value || number != number)
    {
        return false;
    }
    *order = order_of(value, is_single ? (double)(float)number : number);
    return true;
}

static bool compare(const struct rm_reading *reading, const char *text, int *order)
{
    int64_t number;

    switch (reading->kind)
    {
    case RM_READING_BOOLEAN:
        if (!read_boolean(text, &number))
        {
            return false;
        }
        *order = (reading->integer != 0) - (number != 0);
        return true;
    case RM_READING_INTEGER: return compare_integer(reading->integer, text, order);
    case RM_READING_UNSIGNED: return compare_whole(reading->whole, text, order);
    case RM_READING_SINGLE: return compare_real(reading->real, true, text, order);
    case RM_READING_REAL: return compare_real(reading->real, false, text, order);
    case RM_READING_DATE: return compare_date(reading->real, text, order);
    case RM_READING_TEXT:
        *order = strcmp(reading->text, text);
        *order = (*order > 0) - (*order < 0);
        return true;
    case RM_READING_NONE:
    case RM_READING_ARRAY:
    case RM_READING_KIND_COUNT: break;
    }
    return false;
}

static bool read_bit(const char *text, uint64_t *mask)
{
    uint64_t number;

    if (!read_whole(text, &number) || number >= BITS)
    {
        return false;
    }
    *mask = (uint64_t)1 << number;
    return true;
}

static bool bits_of(const struct rm_reading *reading, uint64_t *bits)
{
    switch (reading->kind)
    {
    case RM_READING_BOOLEAN: *bits = reading->integer != 0; return true;
    case RM_READING_INTEGER: *bits = (uint64_t)reading->integer; return true;
    case RM_READING_UNSIGNED: *bits = reading->whole; return true;
    case RM_READING_NONE:
    case RM_READING_ARRAY:
    case RM_READING_SINGLE:
    case RM_READING_REAL:
    case RM_READING_DATE:
    case RM_READING_TEXT:
    case RM_READING_KIND_COUNT: break;
    }
    return false;
}

static bool has_value(const struct rm_reading *reading)
{
    return reading->kind != RM_READING_NONE && reading->kind != RM_READING_ARRAY;
}

bool rm_reading_matches(const struct rm_reading *reading, enum rm_comparison comparison,
                        const char *text)
{
    uint64_t bits, mask;
    int order = 0;
    bool is_comparable = compare(reading, text, &order);

    switch (comparison)
    {
    case RM_COMPARISON_EQUAL: return is_comparable && order == 0;
    case RM_COMPARISON_NOT_EQUAL: return has_value(reading) && (!is_comparable || order != 0);
    case RM_COMPARISON_LESS: return is_comparable && order < 0;
    case RM_COMPARISON_GREATER: return is_comparable && order > 0;
    case RM_COMPARISON_BIT_SET:
        return bits_of(reading, &bits) && read_bit(text, &mask) && (bits & mask) != 0;
    case RM_COMPARISON_BIT_CLEAR:
        return bits_of(reading, &bits) && read_bit(text, &mask) && (bits & mask) == 0;
    case RM_COMPARISON_COUNT: break;
    }
    return false;
}

const char *rm_comparison_name(enum rm_comparison comparison)
{
    switch (comparison)
    {
    case RM_COMPARISON_EQUAL: return "=";
    case RM_COMPARISON_NOT_EQUAL: return "!=";
    case RM_COMPARISON_LESS: return "<";
    case RM_COMPARISON_GREATER: return ">";
    case RM_COMPARISON_BIT_SET: return "bit set";
    case RM_COMPARISON_BIT_CLEAR: return "bit clear";
    case RM_COMPARISON_COUNT: break;
    }
    assert(!"no comparison");
    return "unknown";
}

const char *rm_comparison_complaint(enum rm_comparison comparison, const char *text)
{
    uint64_t mask;

    if (comparison == RM_COMPARISON_BIT_SET || comparison == RM_COMPARISON_BIT_CLEAR)
    {
        return read_bit(text, &mask) ? NULL : "is no bit number from 0 to 63";
    }
    if ((comparison == RM_COMPARISON_LESS || comparison == RM_COMPARISON_GREATER) && *text == '\0')
    {
        return "is missing";
    }
    return NULL;
}
