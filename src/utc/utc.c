#include <rm/utc.h>

#include <stddef.h>
#include <string.h>

#define TICKS_PER_SECOND UINT64_C(10000000)
#define SECONDS_PER_DAY  86400u
#define DAYS_TO_1970     134774 /* from 1601-01-01 */
#define DAYS_TO_2000     145791 /* from 1601-01-01 to 2000-03-01, where leap years begin anew */
#define TIME_MAX         UINT64_C(2650467743999999999) /* the last of the year 9999 */

/* Where the numbers of a text stand. */
enum part
{
    YEAR,
    MONTH,
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    FRACTION,
    PART_COUNT
};

static const char form[RM_UTC_TEXT_SIZE] = "0000-00-00T00:00:00.0000000Z";

static const struct
{
    unsigned at, digits;
} places[PART_COUNT] = {
    {0,  4},
    {5,  2},
    {8,  2},
    {11, 2},
    {14, 2},
    {17, 2},
    {20, 7}
};

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

bool rm_utc_is_date(int year, int month, int day)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] + (month == 2 && is_leap(year));
}

/* Of years that begin in March, four hundred of which have 146097 days. */
long rm_utc_days(int year, int month, int day)
{
    long of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    long years = month > 2 ? year : year - 1;

    return years * 365 + years / 4 - years / 100 + years / 400 + of_year - 719468;
}

/* The same the other way round. */
static void split_days(unsigned days_since_1601, unsigned parts[PART_COUNT])
{
    unsigned days = days_since_1601 + 4u * 146097u - DAYS_TO_2000;
    unsigned era = days / 146097u, rest = days % 146097u;
    unsigned year = (rest - rest / 1460u + rest / 36524u - rest / 146096u) / 365u;
    unsigned of_year = rest - (365u * year + year / 4u - year / 100u);
    unsigned march = (5u * of_year + 2u) / 153u;

    parts[MONTH] = march < 10u ? march + 3u : march - 9u;
    parts[DAY] = of_year - (153u * march + 2u) / 5u + 1u;
    parts[YEAR] = era * 400u + year + 400u + (parts[MONTH] <= 2u);
}

void rm_utc_format(uint64_t time_100ns, char text[RM_UTC_TEXT_SIZE])
{
    uint64_t time = time_100ns < TIME_MAX ? time_100ns : TIME_MAX;
    uint64_t seconds = time / TICKS_PER_SECOND;
    unsigned of_day = (unsigned)(seconds % SECONDS_PER_DAY);
    unsigned parts[PART_COUNT] = {[HOUR] = of_day / 3600u,
                                  [MINUTE] = of_day / 60u % 60u,
                                  [SECOND] = of_day % 60u,
                                  [FRACTION] = (unsigned)(time % TICKS_PER_SECOND)};

    split_days((unsigned)(seconds / SECONDS_PER_DAY), parts);
    memcpy(text, form, RM_UTC_TEXT_SIZE);
    for (size_t i = 0; i < PART_COUNT; i++)
    {
        for (unsigned digit = places[i].digits; digit > 0; digit--)
        {
            text[places[i].at + digit - 1] = (char)('0' + parts[i] % 10u);
            parts[i] /= 10u;
        }
    }
}

static bool is_of_form(const char *text)
{
    size_t at = 0;

    while (at < RM_UTC_TEXT_SIZE - 1 &&
           (form[at] == '0' ? text[at] >= '0' && text[at] <= '9' : text[at] == form[at]))
    {
        at++;
    }
    return at == RM_UTC_TEXT_SIZE - 1 && text[at] == '\0';
}

bool rm_utc_parse(const char *text, uint64_t *time_100ns)
{
    int parts[PART_COUNT] = {0};
    long days;

    *time_100ns = 0;
    if (!is_of_form(text))
    {
        return false;
    }
    for (size_t i = 0; i < PART_COUNT; i++)
    {
        for (unsigned digit = 0; digit < places[i].digits; digit++)
        {
            parts[i] = parts[i] * 10 + (text[places[i].at + digit] - '0');
        }
    }
    if (parts[YEAR] < 1601 || !rm_utc_is_date(parts[YEAR], parts[MONTH], parts[DAY]) ||
        parts[HOUR] > 23 || parts[MINUTE] > 59 || parts[SECOND] > 59)
    {
        return false;
    }
    days = rm_utc_days(parts[YEAR], parts[MONTH], parts[DAY]) + DAYS_TO_1970;
    *time_100ns = ((uint64_t)days * SECONDS_PER_DAY + (uint64_t)parts[HOUR] * 3600u +
                   (uint64_t)parts[MINUTE] * 60u + (uint64_t)parts[SECOND]) *
                      TICKS_PER_SECOND +
                  (uint64_t)parts[FRACTION];
    return true;
}
