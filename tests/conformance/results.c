#include "call.h"

#include <opc/opcda.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

static bool is_untouched(const void *pointer)
{
    void *poison;
    memset(&poison, CALL_POISON, sizeof(poison));
    return pointer == poison;
}

DWORD call_out_count(const struct call *call)
{
    DWORD count = 0;
    bool is_found = false;
    for (int i = 0; i < call->count; i++)
    {
        if (call->parameters[i].kind[0] == 'n' && call->parameters[i].is_out)
        {
            /* Without a place for it one element was asked for (enumerators). */
            return call->arguments[i] != 0 ? call->slots[i].number : call->result == S_OK;
        }
        if (call->parameters[i].kind[0] == 'n' && !is_found)
        {
            count = call->sizes[i];
            is_found = true;
        }
    }
    return count;
}

/* What the statement's name stands for from now on; a group's items are a space of their own. */
static void bind(struct call *call, IUnknown *object, DWORD number)
{
    if (call->statement->name == NULL)
    {
        if (object != NULL)
        {
            IUnknown_Release(object);
        }
        return;
    }
    struct variable *variable =
        names_bind(&call->run->names, call->statement->name, object, number);
    bool is_enumerator = strncmp(call->method->name, "CreateEnumerator", 16) == 0 ||
                         strcmp(call->method->name, "Clone") == 0 ||
                         strcmp(call->method->name, "QueryInterface") == 0;
    variable->space = is_enumerator ? call->target->space : names_new_space(&call->run->names);
}

static DWORD slot_number(const struct call *call, const char *kind)
{
    for (int i = 0; i < call->count; i++)
    {
        if (call->parameters[i].is_out && strcmp(call->parameters[i].kind, kind) == 0)
        {
            return call->slots[i].number;
        }
    }
    return 0;
}

static void show_object(struct call *call, int parameter)
{
    IUnknown *object = call->slots[parameter].pointer;
    const char *name = call->parameters[parameter].name;
    if (object == NULL || is_untouched(object))
    {
        call_field(call, name, -1, NULL, object == NULL ? "NULL" : "untouched");
        if (call->statement->name != NULL)
        {
            bind(call, NULL, NAMES_UNKNOWN);
        }
        return;
    }
    call_field(call, name, -1, NULL, "object");
    bind(call, object, slot_number(call, "h"));
}

/* A cookie or a cancel id says something to its own object only. With threads, which object has
 * which number first is chance. */
static int own_space(const struct call *call, int space)
{
    return call->run->has_threads ? SPACE_OF_OBJECTS + call->target->space : space;
}

/* Then the statement's name is that object's. */
static bool gives_object(const struct call *call)
{
    for (int i = 0; i < call->count; i++)
    {
        if (call->parameters[i].is_out && call->parameters[i].kind[0] == 'o')
        {
            return true;
        }
    }
    return false;
}

static void show_token(struct call *call, int parameter, int space)
{
    DWORD number = call->slots[parameter].number;
    bool is_bound = SUCCEEDED(call->result) && call->statement->name != NULL && !gives_object(call);
    int label = space == SPACE_CANCELS || call->run->has_threads ? call->number : 0;
    call_field(call, call->parameters[parameter].name, -1, NULL, "%s",
               names_token(&call->run->names, space, number, label));
    if (is_bound)
    {
        names_bind(&call->run->names, call->statement->name, NULL, number);
    }
}

static void show_string(struct call *call, int parameter)
{
    WCHAR *text = call->slots[parameter].pointer;
    if (is_untouched(text))
    {
        call_field(call, call->parameters[parameter].name, -1, NULL, "untouched");
        return;
    }
    char *shown = call_text(call, text);
    call_field(call, call->parameters[parameter].name, -1, NULL, "%s", shown);
    free(shown);
    CoTaskMemFree(text);
}

/* Continuation points are the server's own: only whether there is one, and, as long as it is one
 * machine that gives them, whether it is the same. */
static void show_continuation(struct call *call, int parameter)
{
    WCHAR *text = call->slots[parameter].pointer;
    char *shown = variants_show_text(text, text != NULL ? (int)wcslen(text) : 0);
    bool is_point = text != NULL && text[0] != L'\0';
    const char *token = shown;
    if (is_point)
    {
        token = call->run->view.is_switched
                    ? "a point"
                    : names_text_token(&call->run->names, SPACE_POINTS, shown, call->number);
    }
    call_field(call, call->parameters[parameter].name, -1, NULL, "%s", token);
    if (is_point && call->statement->name != NULL)
    {
        struct variable *variable = names_bind(&call->run->names, call->statement->name, NULL, 0);
        free(variable->text);
        variable->text = must_allocate((wcslen(text) + 1) * sizeof(WCHAR));
        wcscpy(variable->text, text);
    }
    free(shown);
    CoTaskMemFree(text);
}

static void show_status(struct call *call, int parameter)
{
    OPCSERVERSTATUS *status = call->slots[parameter].pointer;
    const char *name = call->parameters[parameter].name;
    const struct variants_view *view = &call->run->view;
    if (status == NULL || is_untouched(status))
    {
        call_field(call, name, -1, NULL, status == NULL ? "NULL" : "untouched");
        return;
    }
    char *vendor = call_text(call, status->szVendorInfo);
    /* When it was started and when it has sent the client something is each machine's own. */
    call_field(call, name, -1, "start", "%s",
               view->is_switched ? "its own" : variants_show_time(status->ftStartTime, view));
    call_field(call, name, -1, "current", "%s", variants_show_time(status->ftCurrentTime, view));
    call_field(call, name, -1, "update", "%s",
               view->is_switched ? "its own" : variants_show_time(status->ftLastUpdateTime, view));
    call_field(call, name, -1, "state", "%d", (int)status->dwServerState);
    call_field(call, name, -1, "groups", "%lu", status->dwGroupCount);
    call_field(call, name, -1, "bandwidth", "%lu", status->dwBandWidth);
    call_field(call, name, -1, "version", "%u.%u.%u", status->wMajorVersion, status->wMinorVersion,
               status->wBuildNumber);
    call_field(call, name, -1, "reserved", "%u", status->wReserved);
    call_field(call, name, -1, "vendor", "%s", vendor);
    free(vendor);
    CoTaskMemFree(status->szVendorInfo);
    CoTaskMemFree(status);
}

static void show_iid(struct call *call, int parameter)
{
    const GUID *guid = &call->slots[parameter].guid;
    call_field(call, call->parameters[parameter].name, -1, NULL, "%08lx-%04x-%04x-%02x%02x",
               guid->Data1, guid->Data2, guid->Data3, guid->Data4[0], guid->Data4[7]);
}

static void show_array(struct call *call, int parameter)
{
    const char *name = call->parameters[parameter].name;
    void *array = call->slots[parameter].pointer;
    if (array == NULL || is_untouched(array))
    {
        call_field(call, name, -1, NULL, array == NULL ? "NULL" : "untouched");
        return;
    }
    if (FAILED(call->result))
    {
        /* How long it is nobody can know. */
        call_field(call, name, -1, NULL, "set");
        return;
    }
    call_show_array(call, parameter, call_out_count(call));
    CoTaskMemFree(array);
}

/* Who gives no place for the count can't know how many there are, but has to give them back. */
static void show_own_array(struct call *call, int parameter)
{
    DWORD count = call_out_count(call);
    call_show_array(call, parameter, count);
    if (SUCCEEDED(call->result))
    {
        call_drop_array(call, parameter, count, (DWORD)call->arguments[0]);
    }
}

static void show_numbers(struct call *call, int parameter)
{
    const union call_slot *slot = &call->slots[parameter];
    const char *name = call->parameters[parameter].name;
    if (is_untouched((void *)(UINT_PTR)slot->number) || slot->number == 0xCCCCCCCC)
    {
        call_field(call, name, -1, NULL, "untouched");
        return;
    }
    switch (call->parameters[parameter].kind[0])
    {
    case 'f': call_field(call, name, -1, NULL, "%.9g", (double)slot->real); break;
    case 'i': call_field(call, name, -1, NULL, "%ld", (LONG)slot->number); break;
    default: call_field(call, name, -1, NULL, "%lu", slot->number); break;
    }
}

static void show_parameter(struct call *call, int parameter)
{
    switch (call->parameters[parameter].kind[0])
    {
    case 'h': show_token(call, parameter, SPACE_GROUPS); break;
    case 'k': show_token(call, parameter, own_space(call, SPACE_COOKIES)); break;
    case 'x': show_token(call, parameter, own_space(call, SPACE_CANCELS)); break;
    case 's': show_string(call, parameter); break;
    case 'c': show_continuation(call, parameter); break;
    case 'o': show_object(call, parameter); break;
    case 'S': show_status(call, parameter); break;
    case 'g': show_iid(call, parameter); break;
    case '[': show_array(call, parameter); break;
    case '{': show_own_array(call, parameter); break;
    default: show_numbers(call, parameter); break;
    }
}

void call_show(struct call *call)
{
    for (int i = 0; i < call->count; i++)
    {
        bool is_shown = call->parameters[i].is_out || call->parameters[i].kind[0] == 'c';
        if (is_shown && call->arguments[i] != 0)
        {
            show_parameter(call, i);
        }
    }
}
