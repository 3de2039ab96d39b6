#include "session/item_names.h"

#include <stdbool.h>
#include <stdio.h>
#include <wchar.h>

#include "session/shadow.h"

#define REST_ROOM 24 /* of ", and 4294967295 more" */

/* true: there was room. */
static bool append(WCHAR *text, size_t room, size_t *used, const WCHAR *name)
{
    if (*used + wcslen(name) + 2 + REST_ROOM > room)
        return false;
    *used += (size_t)swprintf(text + *used, room - *used, *used ? L", %ls" : L"%ls", name);
    return true;
}

static void append_rest(WCHAR *text, size_t room, size_t used, DWORD left)
{
    swprintf(text + used, room - used, used ? L", and %lu more" : L"%lu items", left);
}

void rm_item_names(struct rm_group *group, DWORD count, const OPCHANDLE *handles, WCHAR *text,
                   size_t room)
{
    size_t used = 0;
    DWORD i;

    text[0] = 0;
    for (i = 0; i < count; i++)
    {
        const struct rm_item *item = rm_group_find_item(group, handles[i]);

        if (!append(text, room, &used, item ? item->item_id : L"(removed)"))
        {
            append_rest(text, room, used, count - i);
            return;
        }
    }
}

void rm_item_names_of_ids(DWORD count, const LPCWSTR *ids, WCHAR *text, size_t room)
{
    size_t used = 0;
    DWORD i;

    text[0] = 0;
    for (i = 0; i < count; i++)
    {
        if (!append(text, room, &used, ids[i] ? ids[i] : L"(none)"))
        {
            append_rest(text, room, used, count - i);
            return;
        }
    }
}
