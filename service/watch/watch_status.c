/* watch_status.c: one machine that is tested, as it is now. */
#include "watch/watch_status.h"

#include <stdio.h>
#include <string.h>

#include <rm/text.h>

static void add_item(struct rm_wire_machine_row *row, const char *item)
{
    char text[2 * RM_WIRE_ITEMS];

    snprintf(text, sizeof text, "%s%s%.255s", row->items, row->items_in_error ? ", " : "", item);
    rm_text_fit(row->items, sizeof row->items, text);
    row->items_in_error++;
}

void rm_watched_describe(struct rm_watched *watched, struct rm_wire_machine_row *row)
{
    AcquireSRWLockShared(&watched->lock);
    if (watched->is_observable)
        row->own = RM_WIRE_OWN_CONNECTED;
    else
        row->own = watched->has_tried ? RM_WIRE_OWN_FAILED : RM_WIRE_OWN_CONNECTING;
    row->code = row->own == RM_WIRE_OWN_FAILED ? (uint32_t)watched->code : 0;
    row->calls_stuck = watched->given_up;
    for (size_t i = 0; watched->is_observable && i < watched->monitor.terms.item_count; i++)
    {
        enum rm_monitor_item_state state = watched->monitor.watches[i].state;

        if (state == RM_MONITOR_ITEM_ERROR || state == RM_MONITOR_ITEM_REFUSED)
            add_item(row, watched->monitor.terms.items[i].item_id);
    }
    ReleaseSRWLockShared(&watched->lock);
    rm_text_clean(row->items);
}
