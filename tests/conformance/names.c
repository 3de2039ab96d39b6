#include "names.h"
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POISON 0xCCCCCCCCu

struct variable *names_find(struct names *names, const char *name)
{
    AcquireSRWLockShared(&names->lock);
    struct variable *variable = names->variables;
    while (variable != NULL && strcmp(variable->name, name) != 0)
    {
        variable = variable->next;
    }
    ReleaseSRWLockShared(&names->lock);
    return variable;
}

struct variable *names_bind(struct names *names, const char *name, IUnknown *object, DWORD number)
{
    struct variable *variable = names_find(names, name);
    if (variable == NULL)
    {
        variable = must_allocate(sizeof(*variable));
        variable->name = must_copy(name);
        AcquireSRWLockExclusive(&names->lock);
        variable->next = names->variables;
        names->variables = variable;
        ReleaseSRWLockExclusive(&names->lock);
    }
    IUnknown *old = variable->object;
    variable->object = object;
    variable->number = number;
    if (old != NULL)
    {
        IUnknown_Release(old);
    }
    return variable;
}

int names_new_space(struct names *names)
{
    AcquireSRWLockExclusive(&names->lock);
    int space = SPACE_FIRST_FREE + names->last_space++;
    ReleaseSRWLockExclusive(&names->lock);
    return space;
}

/* `label` is what a new token is called; 0: the next number of its space. */
static const char *find_token(struct names *names, int space, const char *text, int label)
{
    /* As many as can be shown at once in one call of printf. */
    static __thread char shown[4][32];
    static __thread int turn;
    int number = 1;
    AcquireSRWLockExclusive(&names->lock);
    int i = 0;
    while (i < names->token_count &&
           (names->tokens[i].space != space || strcmp(names->tokens[i].text, text) != 0))
    {
        number += names->tokens[i].space == space;
        i++;
    }
    if (i == names->token_count)
    {
        size_t size = (size_t)(i + 1) * sizeof(*names->tokens);
        names->tokens = must_grow(names->tokens, size);
        names->tokens[i] = (struct token){
            .space = space, .text = must_copy(text), .label = label != 0 ? label : number};
        names->token_count++;
    }
    label = names->tokens[i].label;
    ReleaseSRWLockExclusive(&names->lock);
    turn = (turn + 1) % 4;
    snprintf(shown[turn], sizeof(shown[turn]), "#%d", label);
    return shown[turn];
}

const char *names_text_token(struct names *names, int space, const char *text, int label)
{
    return find_token(names, space, text, label);
}

const char *names_token(struct names *names, int space, DWORD number, int label)
{
    char text[16];
    if (number == 0 || number == POISON)
    {
        return number == 0 ? "0" : "untouched";
    }
    snprintf(text, sizeof(text), "%lu", number);
    return find_token(names, space, text, label);
}

void names_release(struct names *names, const char *name)
{
    struct variable *variable = names_find(names, name);
    if (variable != NULL && variable->object != NULL)
    {
        IUnknown *object = variable->object;
        variable->object = NULL;
        IUnknown_Release(object);
    }
}

/* The newest first: a server last. */
void names_free(struct names *names)
{
    while (names->variables != NULL)
    {
        struct variable *variable = names->variables;
        names->variables = variable->next;
        if (variable->object != NULL)
        {
            IUnknown_Release(variable->object);
        }
        free(variable->name);
        free(variable->text);
        free(variable);
    }
    for (int i = 0; i < names->token_count; i++)
    {
        free(names->tokens[i].text);
    }
    free(names->tokens);
    names->tokens = NULL;
    names->token_count = 0;
    names->last_space = 0;
}
