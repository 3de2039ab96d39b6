/* script.h: scripts from a file.
 *
 *     # a comment
 *     script NAME [da=2|3] [whole] [each A=x|y|z ...]
 *     each B=1|2 C=a|b: STATEMENT with $B and $C
 *     STATEMENT
 *
 * `each` stands for all combinations; on the line of `script` it makes as many scripts, and the
 * values are part of their names. Letters of `each` are single capitals.
 *
 * `whole`: not to be played with a switch of machine in its midst.
 *
 * Ownership: scripts_free.
 * Threads: any.  Errors: false, after a message that names file and line.
 */
#ifndef CONFORMANCE_SCRIPT_H
#define CONFORMANCE_SCRIPT_H

#include <stdbool.h>

#define SCRIPT_CALLS_MAX 100

struct script
{
    char *name;
    int da; /* only for servers of that version; 0: for all */
    bool is_whole;
    unsigned int seed; /* that has made it up; 0: it is from a file */
    char **lines;
    int count;
};

struct scripts
{
    struct script *all;
    int count;
};

/* Adds the scripts of a file. */
bool scripts_load(struct scripts *scripts, const char *path);

/* Adds a script without lines; then its lines. */
struct script *scripts_add(struct scripts *scripts, const char *name, int da);
bool scripts_add_line(struct script *script, const char *text);

void scripts_free(struct scripts *scripts);

#endif
