/* call.h: one call of a method of the table: arguments from the statement, results into the
 * transcript.
 *
 * Ownership: the arguments live in the call's arena; what the server allocates is given back after
 * it was shown. Threads: each call by one thread. Errors: false when the statement is wrong
 * (run.h).
 */
#ifndef CONFORMANCE_CALL_H
#define CONFORMANCE_CALL_H

#include "arena.h"
#include "methods.h"
#include "run.h"

#define CALL_POISON 0xCC

union call_slot
{
    DWORD number;
    FLOAT real;
    void *pointer;
    GUID guid;
};

struct call
{
    struct run *run;
    int number;
    const struct statement *statement;
    const struct method *method;
    struct variable *target;
    struct parameter parameters[METHOD_PARAMETERS];
    int count;
    INT_PTR arguments[METHOD_PARAMETERS];
    union call_slot slots[METHOD_PARAMETERS]; /* what comes out, poisoned before */
    DWORD sizes[METHOD_PARAMETERS];           /* of the parameters of kind n that go in */
    struct arena arena;
    HRESULT result;
};

/* The whole of it. */
bool call_make(struct run *run, int number, const struct statement *statement,
               const struct method *method);

/* ---- its parts ---- */

bool call_build(struct call *call);
HRESULT call_invoke(IUnknown *object, const struct call *call);
void call_show(struct call *call);

/* Number of a word: a number, or what a name stands for. */
bool call_number(struct call *call, const char *word, DWORD *number);

/* A list's elements for a parameter of that kind, `size` of them (the list is repeated). */
bool call_list(struct call *call, const char *kind, const struct argument *argument, DWORD size,
               void **list);

/* How many elements the arrays have that come out. */
DWORD call_out_count(const struct call *call);

/* Shows and frees an array that came out; it is not NULL. */
void call_show_array(struct call *call, int parameter, DWORD count);

/* Gives back the elements of an array of the caller, from `first` on. */
void call_drop_array(struct call *call, int parameter, DWORD first, DWORD end);

/* One field of the call: "NAME[INDEX].MEMBER"; an index of -1 or a NULL member leave that part out.
 */
void call_field(struct call *call, const char *name, int index, const char *member,
                const char *format, ...) __attribute__((format(printf, 5, 6)));

/* A string as it is shown: names that the server made up by their token. The caller frees it. */
char *call_text(struct call *call, const WCHAR *text);

#endif
