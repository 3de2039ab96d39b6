/* itemlist.h: the item IDs that the probe works on.
 *
 * Ownership: the list owns copies of its texts.
 * Threads: one at a time. Errors: false without memory.
 */
#ifndef PROBE_ITEMLIST_H
#define PROBE_ITEMLIST_H

#include <stdbool.h>
#include <stddef.h>

struct rm_itemlist
{
    char **ids;
    size_t count;
    size_t capacity;
};

bool rm_itemlist_add(struct rm_itemlist *list, const char *id);

void rm_itemlist_free(struct rm_itemlist *list);

#endif
