/* compare.h: two transcripts of one script against each other and against the allowed differences.
 *
 * A line of the file of allowed differences is: SCRIPT CALL FIELD, and the reason. Each names one
 * field of one call; there are no wildcards, and an entry whose difference did not show is told. An
 * entry of a script is also one of that script with a switch, SCRIPT@LINE; one of SCRIPT@ is so
 * whichever line the switch is before, and only then.
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
};

bool compare_allow(const char *path);

/* Adds to `comparison` and prints each difference that is not listed; `texts` are the script's
 * lines. */
void compare_runs(const char *script, char *const *texts, const struct lines *direct,
                  const struct lines *through, struct comparison *comparison);

/* Of the scripts that were compared: entries that allow what did not happen. */
int compare_unused(void);

#endif
