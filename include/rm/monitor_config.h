/* rm/monitor_config.h: the monitor items of a redundant server as settings: each with a name, a
 * range and a default, said once for the loader, rmctl and its help alike, as in rm/config.h.
 *
 * Some values are put right rather than refused, as the original does: a failure count of 0 is 1,
 * one that could never be reached is the sum of all weights, and "no data change" is waited for at
 * least twice as long as the item's update rate. Whoever reads or changes settings calls
 * rm_monitor_put_right and tells what it says.
 *
 * Units: times in milliseconds.
 * Ownership: items own their texts, never NULL; functions that take an item copy it.
 * Threads: none of its own; one thread at a time per object.
 * Errors: as in rm/config.h: a reason in *error, which may be NULL, and nothing is changed.
 * Source: features RM-160 .. RM-180, F-01, F-04.
 */
#ifndef RM_MONITOR_CONFIG_H
#define RM_MONITOR_CONFIG_H

#include <rm/config.h>

enum rm_monitor_field_kind
{
    RM_MONITOR_NUMBER, /* uint32_t */
    RM_MONITOR_CHOICE, /* enum or uint32_t; an index of choices[], which NULL ends */
    RM_MONITOR_TYPE,   /* uint32_t: a VARTYPE, by its name without VT_ ("I4"); "Default" */
    RM_MONITOR_TEXT    /* char * */
};

/* One row for each value; names are those of the XML and rmctl. */
struct rm_monitor_field
{
    const char *name; /* "updateRate" */
    enum rm_monitor_field_kind kind;
    size_t offset;                     /* in its structure */
    uint32_t minimum, maximum, preset; /* TEXT: maximum is in characters */
    const char *const *choices;
    const char *help;
};

extern const struct rm_monitor_field rm_item_fields[]; /* of struct rm_monitor_item */
extern const size_t rm_item_field_count;
extern const struct rm_monitor_field rm_monitor_fields[]; /* of struct rm_monitor_config */
extern const size_t rm_monitor_field_count;

/* object: what the field's offset is in. */
enum rm_status rm_monitor_field_parse(const struct rm_monitor_field *field, void *object,
                                      const char *text, struct rm_config_error *error);

/* The present value as text: in the buffer of 32 bytes, or the object's own. */
const char *rm_monitor_field_text(const struct rm_monitor_field *field, const void *object,
                                  char buffer[32]);

/* All defaults, texts "". false: no memory; it is to be cleared all the same. */
bool rm_monitor_item_init(struct rm_monitor_item *item);
void rm_monitor_item_clear(struct rm_monitor_item *item);
bool rm_monitor_item_copy(struct rm_monitor_item *target, const struct rm_monitor_item *source);

/* Items have numbers from 1; those behind one that is removed move up. */
enum rm_status rm_server_add_item(struct rm_server_config *server,
                                  const struct rm_monitor_item *item,
                                  struct rm_config_error *error);
enum rm_status rm_server_change_item(struct rm_server_config *server, unsigned number,
                                     const struct rm_monitor_item *item,
                                     struct rm_config_error *error);
enum rm_status rm_server_remove_item(struct rm_server_config *server, unsigned number);

/* Tells each value that it puts right in a sentence; `tell` may be NULL. */
void rm_monitor_put_right(struct rm_server_config *server,
                          void (*tell)(void *context, const char *sentence), void *context);

/* All that holds of the items alone; part of rm_server_check. */
enum rm_status rm_monitor_check(const struct rm_server_config *server,
                                struct rm_config_error *error);

#endif
