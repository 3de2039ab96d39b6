/* names.h: what a script's names stand for, and names for what differs from run to run.
 *
 * A variable has an object, a number, or both (a group: the object and its server handle).
 * A *token* stands for a number that a server chooses: "#1" is the first one that was seen in its
 * space, "#2" the second. So two transcripts agree if the same numbers come back in the same
 * places, whatever they are. The items of each group are a space of their own.
 *
 * Ownership: a variable has one reference of its object.
 * Threads: any; a lock of its own.
 * Errors: none (arena.h).
 */
#ifndef CONFORMANCE_NAMES_H
#define CONFORMANCE_NAMES_H

#include <windows.h>
#include <stdbool.h>
#include <unknwn.h>

/* A number that no server has handed out; of names that are not bound. */
#define NAMES_UNKNOWN 0x7FFF7777u

struct variable
{
    char *name;
    IUnknown *object;
    DWORD number;
    WCHAR *text; /* of a continuation point; owned */
    int space;   /* of the items' handles that this object shows */
    struct variable *next;
};

struct token
{
    int space;
    char *text;
    int label;
};

struct names
{
    SRWLOCK lock;
    struct variable *variables;
    struct token *tokens;
    int token_count;
    int last_space;
};

/* Spaces for what has no group. */
enum
{
    SPACE_GROUPS = 1,
    SPACE_COOKIES,
    SPACE_CANCELS,
    SPACE_GROUP_NAMES,
    SPACE_POINTS,
    SPACE_FIRST_FREE = 10,
    SPACE_OF_OBJECTS = 1000000 /* and the object's own: its cookies, its cancel ids */
};

/* NULL if there is none. */
struct variable *names_find(struct names *names, const char *name);

/* Takes the reference; what the name stood for before is released. A NULL object keeps none. */
struct variable *names_bind(struct names *names, const char *name, IUnknown *object, DWORD number);

/* A space that nobody has. */
int names_new_space(struct names *names);

/* "0", "untouched", or the number's token: "#LABEL" with the label that it was first seen with; 0:
 * the next number of the space. Labels are for what may be seen in one order or in another. */
const char *names_token(struct names *names, int space, DWORD number, int label);
const char *names_text_token(struct names *names, int space, const char *text, int label);

void names_release(struct names *names, const char *name);
void names_free(struct names *names);

#endif
