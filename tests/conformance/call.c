#include "call.h"

#include <stdarg.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

typedef HRESULT(STDMETHODCALLTYPE *call0)(void *);
typedef HRESULT(STDMETHODCALLTYPE *call1)(void *, INT_PTR);
typedef HRESULT(STDMETHODCALLTYPE *call2)(void *, INT_PTR, INT_PTR);
typedef HRESULT(STDMETHODCALLTYPE *call3)(void *, INT_PTR, INT_PTR, INT_PTR);
typedef HRESULT(STDMETHODCALLTYPE *call4)(void *, INT_PTR, INT_PTR, INT_PTR, INT_PTR);
typedef HRESULT(STDMETHODCALLTYPE *call5)(void *, INT_PTR, INT_PTR, INT_PTR, INT_PTR, INT_PTR);
typedef HRESULT(STDMETHODCALLTYPE *call6)(void *, INT_PTR, INT_PTR, INT_PTR, INT_PTR, INT_PTR,
                                          INT_PTR);
typedef HRESULT(STDMETHODCALLTYPE *call7)(void *, INT_PTR, INT_PTR, INT_PTR, INT_PTR, INT_PTR,
                                          INT_PTR, INT_PTR);
typedef HRESULT(STDMETHODCALLTYPE *call8)(void *, INT_PTR, INT_PTR, INT_PTR, INT_PTR, INT_PTR,
                                          INT_PTR, INT_PTR, INT_PTR);
typedef HRESULT(STDMETHODCALLTYPE *call11)(void *, INT_PTR, INT_PTR, INT_PTR, INT_PTR, INT_PTR,
                                           INT_PTR, INT_PTR, INT_PTR, INT_PTR, INT_PTR, INT_PTR);
typedef HRESULT(STDMETHODCALLTYPE *call13)(void *, INT_PTR, INT_PTR, INT_PTR, INT_PTR, INT_PTR,
                                           INT_PTR, INT_PTR, INT_PTR, INT_PTR, INT_PTR, INT_PTR,
                                           INT_PTR, INT_PTR);

/* All parameters of these interfaces are numbers of at most 32 bits or pointers: each is one word
 * of the stack or of a register on both targets. */
HRESULT call_invoke(IUnknown *object, const struct call *call)
{
    typedef void (*any)(void);
    const INT_PTR *a = call->arguments;
    any *const *vtable = (any *const *)(void *)object;
    any method = (*vtable)[call->method->slot];
    switch (call->count)
    {
    case 0: return ((call0)method)(object);
    case 1: return ((call1)method)(object, a[0]);
    case 2: return ((call2)method)(object, a[0], a[1]);
    case 3: return ((call3)method)(object, a[0], a[1], a[2]);
    case 4: return ((call4)method)(object, a[0], a[1], a[2], a[3]);
    case 5: return ((call5)method)(object, a[0], a[1], a[2], a[3], a[4]);
    case 6: return ((call6)method)(object, a[0], a[1], a[2], a[3], a[4], a[5]);
    case 7: return ((call7)method)(object, a[0], a[1], a[2], a[3], a[4], a[5], a[6]);
    case 8: return ((call8)method)(object, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
    case 11:
        return ((call11)method)(object, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9],
                                a[10]);
    case 13:
        return ((call13)method)(object, a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9],
                                a[10], a[11], a[12]);
    default: return E_UNEXPECTED;
    }
}

void call_field(struct call *call, const char *name, int index, const char *member,
                const char *format, ...)
{
    char field[96];
    char place[16] = "";
    char value[256];
    va_list arguments;
    if (index >= 0)
    {
        snprintf(place, sizeof(place), "[%d]", index);
    }
    snprintf(field, sizeof(field), "%s%s%s%s", name, place, member != NULL ? "." : "",
             member != NULL ? member : "");
    va_start(arguments, format);
    if (strcmp(format, "%s") == 0)
    {
        lines_add(&call->run->lines, call->number, field, "%s", va_arg(arguments, const char *));
    }
    else
    {
        vsnprintf(value, sizeof(value), format, arguments);
        lines_add(&call->run->lines, call->number, field, "%s", value);
    }
    va_end(arguments);
}

char *call_text(struct call *call, const WCHAR *text)
{
    char shown[64];
    if (text != NULL && wcsncmp(text, L"Group", 5) == 0 && text[5] != 0 && wcslen(text) < 20 &&
        wcsspn(text + 5, L"0123456789") == wcslen(text + 5))
    {
        char narrow[32];
        snprintf(narrow, sizeof(narrow), "%ls", text);
        snprintf(shown, sizeof(shown), "made up %s",
                 names_text_token(&call->run->names, SPACE_GROUP_NAMES, narrow, 0));
        return must_copy(shown);
    }
    return variants_show_text(text, text != NULL ? (int)wcslen(text) : 0);
}

/* Names that the call may leave without a meaning: those of its items and of its result. */
static void bind_names(struct call *call)
{
    const struct argument *items = statement_find(call->statement, "items");
    const char *name = call->statement->name;
    bool is_adding = strcmp(call->method->name, "AddItems") == 0 && items != NULL;
    for (int i = 0; is_adding && items->is_list && i < items->count; i++)
    {
        if (names_find(&call->run->names, items->elements[i].words[0]) == NULL)
        {
            names_bind(&call->run->names, items->elements[i].words[0], NULL, NAMES_UNKNOWN);
        }
    }
    if (name != NULL && names_find(&call->run->names, name) == NULL)
    {
        names_bind(&call->run->names, name, NULL, NAMES_UNKNOWN);
    }
}

static bool carry_out(struct call *call)
{
    IUnknown *object = NULL;
    const IID *iid = methods_iid(call->method->interface_name);
    HRESULT result = call->target->object != NULL
                         ? IUnknown_QueryInterface(call->target->object, iid, (void **)&object)
                         : E_POINTER;
    InterlockedIncrement(&call->run->calls);
    bind_names(call);
    if (FAILED(result) || object == NULL)
    {
        call_field(call, "interface", -1, NULL, "0x%08lx", (unsigned long)result);
        return true;
    }
    bool is_asking = strncmp(call->method->interface_name, "OPCAsyncIO", 10) == 0 &&
                     (strncmp(call->method->name, "Write", 5) == 0 ||
                      strncmp(call->method->name, "Read", 4) == 0);
    InterlockedExchangeAdd(&call->run->asked, is_asking ? 1 : 0); /* the answer may come before */
    call->result = call_invoke(object, call);
    InterlockedExchangeAdd(&call->run->asked, is_asking && FAILED(call->result) ? -1 : 0);
    call_field(call, "hr", -1, NULL, "0x%08lx", (unsigned long)call->result);
    call_show(call);
    IUnknown_Release(object);
    return true;
}

bool call_make(struct run *run, int number, const struct statement *statement,
               const struct method *method)
{
    struct call *call = must_allocate(sizeof(*call));
    char target[64];
    snprintf(target, sizeof(target), "%.*s", (int)strcspn(statement->target, "."),
             statement->target);
    call->run = run;
    call->number = number;
    call->statement = statement;
    call->method = method;
    call->target = names_find(&run->names, target);
    call->count = methods_parameters(method, call->parameters);
    bool is_good = call->target != NULL || run_fail(run, "there is no %s", target);
    is_good = is_good && call_build(call) && carry_out(call);
    arena_empty(&call->arena);
    free(call);
    return is_good;
}
