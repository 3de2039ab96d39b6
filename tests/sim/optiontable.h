/* optiontable.h: how a row of a table of options looks; options.c parses by such tables.
 *
 * Units: none.
 * Ownership: tables are constants.  Threads: any.
 * Errors: none.
 */
#ifndef SIM_OPTIONTABLE_H
#define SIM_OPTIONTABLE_H

#include "options.h"

#include <stddef.h>

enum option_kind
{
    OPTION_FLAG,
    OPTION_NUMBER,
    OPTION_STAMP,
    OPTION_DA,
    OPTION_PATH,
    OPTION_TEXT,
    OPTION_APARTMENT,
    OPTION_NAME
};

struct option
{
    const wchar_t *word;
    enum option_kind kind;
    size_t offset;
    int64_t min;      /* of a number; the value that a flag stores */
    int64_t max;      /* of a number; the characters that a text may have */
    const char *help; /* NULL: not shown */
};

#define AT(member) offsetof(struct sim_options, member)

/* The options of a difficult server; a row without a word ends it. */
extern const struct option sim_difficult_options[];

#endif
