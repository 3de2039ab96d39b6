/* compare.h: two transcripts of one script against each other and against the allowed differences.
 *
 * A line of the file of allowed differences is: SCRIPT CALL FIELD, and the reason. Each names one
 * field of one call; there are no wildcards, and an entry whose difference did not show in a run
 * that it is of is told. An entry of a script is also one of that script with a switch; one of
 * SCRIPT@LINE or SCRIPT@FIRST-LAST only if the switch is before that line or one of those.
 *
 * Ownership: the list of allowed differences lives as long as the program.
 * Threads: one.  Errors: false, after a message.
 */
#ifndef CONFORMANCE_COMPARE_H
#define CONFORMANCE_COMPARE_H

#include "lines.h"

#include <stdbool.h>

struct comparison
{
    int different;
    int listed;
    int unused; /* entries that allow what did not happen */
};

bool compare_allow(const char *path);

/* Adds to `comparison` and prints each difference that is not listed; `texts` are the script's
 * lines. */
void compare_runs(const char *script, char *const *texts, const struct lines *direct,
                  const struct lines *through, struct comparison *comparison);

#endif
