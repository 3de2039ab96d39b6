#include "call.h"

#include <oleauto.h>
#include <opc/opcda.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define COUNT_MAX 1000000

static bool is_number(const char *word)
{
    char *end;
    strtoll(word, &end, 0);
    return end != word && *end == '\0';
}

bool call_number(struct call *call, const char *word, DWORD *number)
{
    const struct variable *variable = names_find(&call->run->names, word);
    *number = 0;
    if (variable != NULL)
    {
        *number = variable->number;
        return true;
    }
    if (strcmp(word, "random") == 0)
    {
        *number = NAMES_UNKNOWN;
        return true;
    }
    if (strcmp(word, "null") != 0 && !is_number(word))
    {
        return run_fail(call->run, "%s is no number and no name", word);
    }
    *number = (DWORD)strtoll(word, NULL, 0);
    return true;
}

static const char *word_of(const struct call *call, int parameter)
{
    const struct argument *argument =
        statement_find(call->statement, call->parameters[parameter].name);
    if (argument == NULL || argument->count == 0)
    {
        return call->parameters[parameter].value;
    }
    return argument->elements[0].words[0];
}

static bool is_null(const struct call *call, int parameter)
{
    return strcmp(word_of(call, parameter), "null") == 0;
}

/* How long the longest of the lists is that this count is for. */
static DWORD longest_list(const struct call *call, int parameter)
{
    DWORD longest = 0;
    for (int i = parameter + 1; i < call->count && call->parameters[i].kind[0] != 'n'; i++)
    {
        const struct argument *argument = statement_find(call->statement, call->parameters[i].name);
        bool is_list = call->parameters[i].kind[0] == '[' && !call->parameters[i].is_out;
        if (is_list && argument != NULL && argument->is_list && (DWORD)argument->count > longest)
        {
            longest = (DWORD)argument->count;
        }
    }
    return longest;
}

static bool build_count(struct call *call, int parameter)
{
    const char *word = word_of(call, parameter);
    DWORD count = longest_list(call, parameter);
    if (word[0] != '\0' && !call_number(call, word, &count))
    {
        return false;
    }
    call->arguments[parameter] = (INT_PTR)count;
    call->sizes[parameter] = count;
    return count <= COUNT_MAX || run_fail(call->run, "no more than %d elements", COUNT_MAX);
}

static bool build_list(struct call *call, int parameter)
{
    const struct argument *argument =
        statement_find(call->statement, call->parameters[parameter].name);
    DWORD size = 0;
    for (int i = 0; i < parameter; i++)
    {
        size = call->parameters[i].kind[0] == 'n' && !call->parameters[i].is_out ? call->sizes[i]
                                                                                 : size;
    }
    if (argument != NULL && !argument->is_list)
    {
        return is_null(call, parameter) || run_fail(call->run, "a list has brackets");
    }
    void *list = NULL;
    bool is_good = call_list(call, call->parameters[parameter].kind, argument, size, &list);
    call->arguments[parameter] = (INT_PTR)list;
    return is_good;
}

/* A pointer to one number. */
static bool build_pointer(struct call *call, int parameter)
{
    const char *word = word_of(call, parameter);
    union call_slot *value = arena_take(&call->arena, sizeof(*value));
    if (word[0] == '\0' || strcmp(word, "null") == 0)
    {
        return true;
    }
    call->arguments[parameter] = (INT_PTR)value;
    if (call->parameters[parameter].kind[1] == 'f')
    {
        value->real = strtof(word, NULL);
        return true;
    }
    return call_number(call, word, &value->number);
}

static bool build_object(struct call *call, int parameter)
{
    struct variable *variable = names_find(&call->run->names, word_of(call, parameter));
    if (variable == NULL)
    {
        return is_null(call, parameter) || run_fail(call->run, "there is no such object");
    }
    call->arguments[parameter] = (INT_PTR)variable->object;
    return true;
}

static bool build_iid(struct call *call, int parameter)
{
    const IID *iid = methods_iid(word_of(call, parameter));
    IID *copy = arena_take(&call->arena, sizeof(*copy));
    if (iid == NULL)
    {
        return is_null(call, parameter) || run_fail(call->run, "there is no such interface");
    }
    *copy = *iid;
    call->arguments[parameter] = (INT_PTR)copy;
    return true;
}

static bool build_string(struct call *call, int parameter)
{
    if (!is_null(call, parameter))
    {
        char *text = variants_long_text(word_of(call, parameter));
        call->arguments[parameter] = (INT_PTR)arena_wide(&call->arena, text);
        free(text);
    }
    return true;
}

/* A string that the server replaces: it must be free to free it. */
static bool build_continuation(struct call *call, int parameter)
{
    const char *word = word_of(call, parameter);
    const struct variable *variable = names_find(&call->run->names, word);
    const WCHAR *text = variable != NULL && variable->text != NULL
                            ? variable->text
                            : arena_wide(&call->arena, variable != NULL ? "" : word);
    size_t size = (wcslen(text) + 1) * sizeof(WCHAR);
    if (strcmp(word, "null") == 0)
    {
        return true;
    }
    call->arguments[parameter] = (INT_PTR)&call->slots[parameter];
    call->slots[parameter].pointer = NULL;
    if (strcmp(word, "inner-null") != 0)
    {
        call->slots[parameter].pointer = CoTaskMemAlloc(size);
        memcpy(call->slots[parameter].pointer, text, size);
    }
    return true;
}

static bool build_out(struct call *call, int parameter)
{
    if (is_null(call, parameter))
    {
        return true;
    }
    if (call->parameters[parameter].kind[0] != '{')
    {
        call->arguments[parameter] = (INT_PTR)&call->slots[parameter];
        return true;
    }
    size_t count = (size_t)call->arguments[0]; /* celt comes first in all of them */
    if (count > COUNT_MAX)
    {
        return run_fail(call->run, "no more than %d elements", COUNT_MAX);
    }
    call->slots[parameter].pointer = arena_take(&call->arena, count * 2 * sizeof(void *));
    call->arguments[parameter] = (INT_PTR)call->slots[parameter].pointer;
    return true;
}

static bool build_in(struct call *call, int parameter)
{
    DWORD number = 0;
    switch (call->parameters[parameter].kind[0])
    {
    case 'n': return build_count(call, parameter);
    case '[': return build_list(call, parameter);
    case '*': return build_pointer(call, parameter);
    case 's': return build_string(call, parameter);
    case 'c': return build_continuation(call, parameter);
    case 'g': return build_iid(call, parameter);
    case 'o': return build_object(call, parameter);
    default:
        if (word_of(call, parameter)[0] == '\0')
        {
            return run_fail(call->run, "%s is missing", call->parameters[parameter].name);
        }
        if (!call_number(call, word_of(call, parameter), &number))
        {
            return false;
        }
        call->arguments[parameter] = (INT_PTR)(UINT_PTR)number;
        return true;
    }
}

/* A misspelt argument would quietly test something else. */
static bool check_names(struct call *call)
{
    for (int i = 0; i < call->statement->argument_count; i++)
    {
        const char *name = call->statement->arguments[i].name;
        int parameter = 0;
        while (name != NULL && parameter < call->count &&
               strcmp(call->parameters[parameter].name, name) != 0)
        {
            parameter++;
        }
        if (name == NULL || parameter == call->count)
        {
            return run_fail(call->run, "%s has no parameter %s", call->method->name,
                            name != NULL ? name : "without a name");
        }
    }
    return true;
}

bool call_build(struct call *call)
{
    bool is_good = check_names(call);
    memset(call->slots, CALL_POISON, sizeof(call->slots));
    for (int i = 0; i < call->count && is_good; i++)
    {
        is_good = call->parameters[i].is_out ? build_out(call, i) : build_in(call, i);
    }
    return is_good;
}
