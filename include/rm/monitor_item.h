/* rm/monitor_item.h: one monitor item: what is watched in a server, and what makes it be in error.
 *
 * Units: times in milliseconds.
 * Ownership: the item owns its texts (rm/monitor_config.h).  Threads: any; plain values.
 * Errors: none.
 * Source: features RM-160 .. RM-176, F-03.
 */
#ifndef RM_MONITOR_ITEM_H
#define RM_MONITOR_ITEM_H

#include <stdbool.h>
#include <stdint.h>

#include <rm/reading.h>

#define RM_MONITOR_ITEMS_MAX  256  /* of one redundant server */
#define RM_MONITOR_WEIGHT_MAX 1000 /* of one item */

enum rm_trigger
{
    RM_TRIGGER_BAD,       /* trigger 1, RM-170 */
    RM_TRIGGER_NOT_GOOD,  /* F-03 */
    RM_TRIGGER_VALUE,     /* trigger 2, RM-171 */
    RM_TRIGGER_NO_CHANGE, /* trigger 3, RM-174 */
    RM_TRIGGER_COUNT
};

struct rm_monitor_item
{
    char *item_id;                 /* RM-166; never "" */
    char *access_path;             /* RM-165 */
    uint32_t data_type;            /* a VARTYPE; 0 = the item's own (RM-168) */
    uint32_t rate_ms;              /* RM-169 */
    enum rm_trigger trigger;       /* RM-164 */
    enum rm_comparison comparison; /* VALUE */
    char *text;                    /* VALUE: what is compared with */
    uint32_t time_ms;              /* NO_CHANGE: at least twice rate_ms (RM-174) */
    uint32_t weight;               /* of its error; 1 by default */
};

/* They ask the same of the same item; their weights may differ. */
bool rm_monitor_item_is_alike(const struct rm_monitor_item *one,
                              const struct rm_monitor_item *other);

/* "bad quality", "not good", "value", "no data change". */
const char *rm_trigger_name(enum rm_trigger trigger);

#endif
