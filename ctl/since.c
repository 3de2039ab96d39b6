#include "since.h"

#include <windows.h>
#include <stdio.h>
#include <string.h>

#include <rm/utc.h>

#define MINUTE_100NS 600000000u
#define COUNT_MAX    100000u

static bool parse_ago(const char *text, uint64_t now, uint64_t *since)
{
    unsigned count;
    char unit, more;
    uint64_t minutes;
    if (sscanf(text, "%6u%c%c", &count, &unit, &more) != 2 || count > COUNT_MAX ||
        strchr("mhd", unit) == NULL)
    {
        return false;
    }
    minutes = (uint64_t)count * (unit == 'm' ? 1 : unit == 'h' ? 60 : 1440);
    *since = now > minutes * MINUTE_100NS ? now - minutes * MINUTE_100NS : 0;
    return true;
}

/* The milliseconds, if they are there, and whether it is UTC. */
static bool parse_rest(const char *text, SYSTEMTIME *time, bool *is_utc)
{
    int end = 0;
    if (*text == '.')
    {
        sscanf(text, ".%3hu%n", &time->wMilliseconds, &end);
    }
    text += end;
    *is_utc = *text == 'Z';
    return text[*is_utc ? 1 : 0] == '\0';
}

static bool parse_date(const char *text, SYSTEMTIME *time, bool *is_utc)
{
    int end = 0, minutes_end = 0, seconds_end = 0;
    memset(time, 0, sizeof *time);
    *is_utc = false;
    sscanf(text, "%4hu-%2hu-%2hu%n", &time->wYear, &time->wMonth, &time->wDay, &end);
    text += end;
    if (end == 0 || *text == '\0')
    {
        return end > 0;
    }
    if (*text != ' ' && *text != 'T')
    {
        return false;
    }
    text++;
    sscanf(text, "%2hu:%2hu%n:%2hu%n", &time->wHour, &time->wMinute, &minutes_end, &time->wSecond,
           &seconds_end);
    end = seconds_end > 0 ? seconds_end : minutes_end;
    return end > 0 && parse_rest(text + end, time, is_utc);
}

static bool parse_moment(const char *text, uint64_t *since)
{
    SYSTEMTIME time, utc;
    FILETIME file;
    bool is_utc;
    if (!parse_date(text, &time, &is_utc))
    {
        return false;
    }
    if (is_utc)
    {
        utc = time;
    }
    else if (!TzSpecificLocalTimeToSystemTime(NULL, &time, &utc))
    {
        return false;
    }
    if (!SystemTimeToFileTime(&utc, &file))
    {
        return false;
    }
    *since = (uint64_t)file.dwHighDateTime << 32 | file.dwLowDateTime;
    return true;
}

bool since_parse(const char *text, uint64_t now, uint64_t *since)
{
    return parse_ago(text, now, since) || rm_utc_parse(text, since) || parse_moment(text, since);
}
