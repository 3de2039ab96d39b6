/* rm/difference.h: in what a machine differs from another one, and how that is said.
 *
 * Found by the sessions for the items in use, while all is well, and by rmctl compare for a whole
 * branch. The words name the difference only; who says it adds the machine.
 *
 * Units: none.
 * Ownership: names are borrowed.
 * Threads: any; no state.
 * Errors: none: texts that don't fit are cut.
 * Source: C-07; issue 6.
 */
#ifndef RM_DIFFERENCE_H
#define RM_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum rm_difference_kind
{
    RM_DIFFERENCE_NONE,
    RM_DIFFERENCE_GROUP,   /* there: why the machine refuses the group */
    RM_DIFFERENCE_REFUSED, /* here, there: why one of the two refuses the item; 0: it doesn't */
    RM_DIFFERENCE_TYPE,    /* here, there: canonical data types (VARTYPE) */
    RM_DIFFERENCE_RIGHTS,  /* here, there: access rights (OPC_READABLE, OPC_WRITEABLE) */
    RM_DIFFERENCE_QUALITY, /* there: the quality, bad from the start; good here */
    RM_DIFFERENCE_MISSING, /* of a branch: it is here, and not there */
    RM_DIFFERENCE_EXTRA,   /* it is there, and not here */
    RM_DIFFERENCE_ID,      /* the item has another ID there: other_id */
    RM_DIFFERENCE_COUNT
};

struct rm_difference
{
    enum rm_difference_kind kind;
    bool is_branch;       /* MISSING, EXTRA: a whole branch */
    uint32_t here, there; /* by the kind */
    const char *name;     /* item ID, group or branch */
    const char *other_id; /* ID */
};

/* "group", "refused", "type", "rights", "quality", "missing", "extra", "id": for scripts. */
const char *rm_difference_name(enum rm_difference_kind kind);

/* "item 'Pump.Speed' is of type I4 there, of type R8 on the active machine". `reference`: the words
 * for the machine that it was compared with. */
void rm_difference_text(const struct rm_difference *difference, const char *reference, char *text,
                        size_t size);

/* The same for "here" and "there" alone: "I4", "read and write", "0xC0040007: no such item"; "" for
 * kinds that have none. */
void rm_difference_value(enum rm_difference_kind kind, uint32_t value, char *text, size_t size);

/* "R8", "array of I4", "0x0123" */
void rm_data_type_words(uint32_t type, char *text, size_t size);

/* Whether two machines mean the same; a type of 0 or rights of 0 say nothing. */
bool rm_data_types_differ(uint32_t one, uint32_t other);
bool rm_access_rights_differ(uint32_t one, uint32_t other);

#endif
