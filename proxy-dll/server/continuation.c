#include "server/continuation.h"

#include <objbase.h>
#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

#include "session/session.h"

/* "RRRRRRRR" of the link's number, "CCCCCCCCCCCCCCCC" of the check sum. */
#define PREFIX_LENGTH 24

/* FNV-1a. Nobody gains by forging a point: it guards against mistakes, not against attacks. */
static uint64_t add_to_sum(uint64_t sum, const void *bytes, size_t count)
{
    const unsigned char *next = bytes;

    for (size_t i = 0; i < count; i++)
        sum = (sum ^ next[i]) * 0x100000001B3u;
    return sum;
}

static void write_prefix(WCHAR prefix[PREFIX_LENGTH + 1], const struct rm_link *link,
                         const WCHAR *real)
{
    uint64_t sum = 0xCBF29CE484222325u;

    sum = add_to_sum(sum, &link->session->continuation_key, sizeof(GUID));
    sum = add_to_sum(sum, &link->number, sizeof(link->number));
    sum = add_to_sum(sum, real, wcslen(real) * sizeof(*real));
    swprintf(prefix, PREFIX_LENGTH + 1, L"%08lX%08lX%08lX", link->number,
             (unsigned long)(sum >> 32), (unsigned long)(sum & 0xFFFFFFFFu));
}

WCHAR *rm_continuation_wrap(const struct rm_link *link, const WCHAR *real)
{
    size_t length = wcslen(real);
    WCHAR *point = CoTaskMemAlloc((PREFIX_LENGTH + length + 1) * sizeof(*point));

    if (!point)
        return NULL;
    write_prefix(point, link, real);
    memcpy(point + PREFIX_LENGTH, real, (length + 1) * sizeof(*point));
    return point;
}

const WCHAR *rm_continuation_unwrap(const struct rm_link *link, const WCHAR *point)
{
    WCHAR prefix[PREFIX_LENGTH + 1];

    if (wcsnlen(point, PREFIX_LENGTH) < PREFIX_LENGTH)
        return NULL;
    write_prefix(prefix, link, point + PREFIX_LENGTH);
    return wmemcmp(prefix, point, PREFIX_LENGTH) == 0 ? point + PREFIX_LENGTH : NULL;
}
