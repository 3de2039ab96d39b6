/* statement.h: one line of a script as its parts.
 *
 *     NAME = TARGET.INTERFACE.METHOD argument=value ...
 *     NAME = word word ...
 *
 * A value is a word, or a list in brackets whose elements are parted by commas; an element is one
 * or more words. Quotes keep blanks and signs together and leave no trace: "" is the empty word.
 *
 * Ownership: all texts point into the statement's own buffer.
 * Threads: any.  Errors: false; `error` says why.
 */
#ifndef CONFORMANCE_STATEMENT_H
#define CONFORMANCE_STATEMENT_H

#include <stdbool.h>

#define STATEMENT_SIZE     8192
#define STATEMENT_ARGS     24
#define STATEMENT_ELEMENTS 512
#define STATEMENT_WORDS    2048

struct element
{
    char **words;
    int count;
};

struct argument
{
    char *name; /* NULL: a bare word, which is the value */
    bool is_list;
    struct element *elements; /* a word is a list of one */
    int count;
};

struct statement
{
    char *name;   /* what the result is bound to; NULL: nothing */
    char *target; /* the first word */
    struct argument arguments[STATEMENT_ARGS];
    int argument_count;
    const char *error;

    char buffer[STATEMENT_SIZE];
    struct element elements[STATEMENT_ELEMENTS];
    int element_count;
    char *words[STATEMENT_WORDS];
    int word_count;
};

bool statement_parse(struct statement *statement, const char *text);

/* The argument of that name, or NULL. */
const struct argument *statement_find(const struct statement *statement, const char *name);

/* The n-th bare word after the target, or "". */
const char *statement_word(const struct statement *statement, int number);

#endif
