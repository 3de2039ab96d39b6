#include "itemlist.h"

#include <stdlib.h>
#include <string.h>

bool rm_itemlist_add(struct rm_itemlist *list, const char *id)
{
    if (list->count == list->capacity)
    {
        size_t capacity = list->capacity ? list->capacity * 2 : 64;
        char **ids = realloc(list->ids, capacity * sizeof(*ids));
        if (!ids)
            return false;
        list->ids = ids;
        list->capacity = capacity;
    }
    size_t size_bytes = strlen(id) + 1;
    char *copy = malloc(size_bytes);
    if (!copy)
        return false;
    memcpy(copy, id, size_bytes);
    list->ids[list->count++] = copy;
    return true;
}

void rm_itemlist_free(struct rm_itemlist *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->ids[i]);
    free(list->ids);
    memset(list, 0, sizeof(*list));
}
