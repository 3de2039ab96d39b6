#include "like.h"

bool sim_like_is_valid(const wchar_t *pattern)
{
    bool is_in_list = false;
    for (const wchar_t *c = pattern; *c != L'\0'; c++)
    {
        is_in_list = is_in_list ? *c != L']' : *c == L'[';
    }
    return !is_in_list;
}

/* `list` points behind the opening bracket; moved behind the closing one. */
static bool is_in_list(const wchar_t **list, wchar_t c)
{
    const wchar_t *at = *list;
    bool is_negated = *at == L'!';
    bool is_found = false;
    at += is_negated ? 1 : 0;
    while (*at != L'\0' && *at != L']')
    {
        wchar_t low = *at;
        wchar_t high = low;
        if (at[1] == L'-' && at[2] != L']' && at[2] != L'\0')
        {
            high = at[2];
            at += 2;
        }
        is_found = is_found || (c >= low && c <= high);
        at++;
    }
    *list = *at == L']' ? at + 1 : at;
    return is_found != is_negated;
}

/* One pattern element other than `*` against one character; moves the pattern on. */
static bool matches_one(const wchar_t **pattern, wchar_t c)
{
    wchar_t element = *(*pattern)++;
    switch (element)
    {
    case L'?': return true;
    case L'#': return c >= L'0' && c <= L'9';
    case L'[': return is_in_list(pattern, c);
    default: return element == c;
    }
}

bool sim_like_matches(const wchar_t *pattern, const wchar_t *text)
{
    const wchar_t *star = NULL;
    const wchar_t *resume = NULL;
    if (*pattern == L'\0')
    {
        return true;
    }
    while (*text != L'\0')
    {
        if (*pattern == L'*')
        {
            star = ++pattern;
            resume = text;
        }
        else if (*pattern != L'\0' && matches_one(&pattern, *text))
        {
            text++;
        }
        else if (star != NULL)
        {
            pattern = star;
            text = ++resume;
        }
        else
        {
            return false;
        }
    }
    while (*pattern == L'*')
    {
        pattern++;
    }
    return *pattern == L'\0';
}
