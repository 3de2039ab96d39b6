#include "session/item_names.h"

#include <stdio.h>
#include <wchar.h>

#include "session/shadow.h"

#define REST_ROOM 24 /* of ", and 4294967295 more" */

void rm_item_names(struct rm_group *group, DWORD count, const OPCHANDLE *handles, WCHAR *text,
                   size_t room)
{
    size_t used = 0;
    DWORD i;

    text[0] = 0;
    for (i = 0; i < count; i++)
    {
        const struct rm_item *item = rm_group_find_item(group, handles[i]);
        const WCHAR *name = item ? item->item_id : L"(removed)";

        if (used + wcslen(name) + 2 + REST_ROOM > room)
        {
            swprintf(text + used, room - used, used ? L", and %lu more" : L"%lu items", count - i);
            return;
        }
        used += (size_t)swprintf(text + used, room - used, used ? L", %ls" : L"%ls", name);
    }
}
