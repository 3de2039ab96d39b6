#include "json_check.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static bool take_value(const char **at);

static void skip_blanks(const char **at)
{
    *at += strspn(*at, " \t\r\n");
}

static bool take(const char **at, char wanted)
{
    skip_blanks(at);
    if (**at != wanted)
    {
        return false;
    }
    ++*at;
    return true;
}

static bool take_escape(const char **at)
{
    if (**at == 'u')
    {
        for (int i = 1; i <= 4; i++)
        {
            if (!isxdigit((unsigned char)(*at)[i]))
            {
                return false;
            }
        }
        *at += 5;
        return true;
    }
    if (**at == '\0' || strchr("\"\\/bfnrt", **at) == NULL)
    {
        return false;
    }
    ++*at;
    return true;
}

/* The bytes of one UTF-8 character, 0 if it is none; overlong forms are not told from others. */
static size_t character_bytes(const char *at)
{
    unsigned char lead = (unsigned char)*at;
    size_t length = lead < 0x80 ? 1 : lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;

    for (size_t i = 1; i < length; i++)
    {
        if (((unsigned char)at[i] & 0xC0) != 0x80)
        {
            return 0;
        }
    }
    return length;
}

static bool take_string(const char **at)
{
    if (!take(at, '"'))
    {
        return false;
    }
    while (**at != '"')
    {
        size_t length = character_bytes(*at);

        if ((unsigned char)**at < 0x20 || length == 0)
        {
            return false;
        }
        *at += length;
        if ((*at)[-1] == '\\' && length == 1 && !take_escape(at))
        {
            return false;
        }
    }
    ++*at;
    return true;
}

static bool take_members(const char **at, char end, bool have_names)
{
    ++*at;
    if (take(at, end))
    {
        return true;
    }
    do
    {
        if ((have_names && (!take_string(at) || !take(at, ':'))) || !take_value(at))
        {
            return false;
        }
    } while (take(at, ','));
    return take(at, end);
}

/* Whole numbers only: we write no others. */
static bool take_number(const char **at)
{
    size_t digits;

    *at += **at == '-';
    digits = strspn(*at, "0123456789");
    if (digits == 0 || (digits > 1 && **at == '0'))
    {
        return false;
    }
    *at += digits;
    return true;
}

static bool take_value(const char **at)
{
    static const char *const words[] = {"true", "false", "null"};

    skip_blanks(at);
    if (**at == '{' || **at == '[')
    {
        return take_members(at, **at == '{' ? '}' : ']', **at == '{');
    }
    if (**at == '"')
    {
        return take_string(at);
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
    {
        if (strncmp(*at, words[i], strlen(words[i])) == 0)
        {
            *at += strlen(words[i]);
            return true;
        }
    }
    return take_number(at);
}

const char *json_check(const char *text)
{
    if (!take_value(&text))
    {
        return text;
    }
    skip_blanks(&text);
    return *text == '\0' ? NULL : text;
}
