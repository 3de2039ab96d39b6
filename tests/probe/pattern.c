#include "pattern.h"

#include <stdio.h>
#include <stdlib.h>

/* Reads what stands between % and u; returns NULL unless it is a plain width of at most 2 digits.
 */
static const char *read_width(const char *format, bool *zeros, int *width)
{
    char *end;

    *zeros = *format == '0';
    if ((*format < '0' || *format > '9') && *format != 'u')
        return NULL;
    long value = *format == 'u' ? 0 : strtol(format, &end, 10);
    if (*format == 'u')
        return format + 1;
    if (*end != 'u' || value > 99)
        return NULL;
    *width = (int)value;
    return end + 1;
}

bool rm_pattern_expand(const char *pattern, unsigned number, char *text, size_t size_bytes)
{
    size_t used = 0;
    int numbers = 0;

    while (*pattern)
    {
        if (pattern[0] != '%' || pattern[1] == '%')
        {
            if (used + 1 >= size_bytes)
                return false;
            text[used++] = *pattern;
            pattern += pattern[0] == '%' ? 2 : 1;
            continue;
        }
        bool zeros = false;
        int width = 0;
        pattern = read_width(pattern + 1, &zeros, &width);
        if (!pattern)
            return false;
        int length = zeros ? snprintf(text + used, size_bytes - used, "%0*u", width, number)
                           : snprintf(text + used, size_bytes - used, "%*u", width, number);
        if (length < 0 || (size_t)length >= size_bytes - used)
            return false;
        used += (size_t)length;
        numbers++;
    }
    if (used >= size_bytes)
        return false;
    text[used] = '\0';
    return numbers == 1;
}

bool rm_pattern_matches(const char *filter, const char *text)
{
    const char *star = NULL;
    const char *resume = NULL;

    while (*text)
    {
        if (*filter == '*')
        {
            star = ++filter;
            resume = text;
        }
        else if (*filter == '?' || *filter == *text)
        {
            filter++;
            text++;
        }
        else if (star)
        {
            filter = star;
            text = ++resume;
        }
        else
            return false;
    }
    while (*filter == '*')
        filter++;
    return *filter == '\0';
}
