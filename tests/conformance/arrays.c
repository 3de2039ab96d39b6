#include "call.h"

#include <ocidl.h>
#include <oleauto.h>
#include <opc/opcda.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void show_text(struct call *call, const char *name, int index, const char *member,
                      WCHAR *text)
{
    char *shown = call_text(call, text);
    call_field(call, name, index, member, "%s", shown);
    free(shown);
    CoTaskMemFree(text);
}

static void show_variant(struct call *call, const char *name, int index, const char *member,
                         VARIANT *value)
{
    char *shown = variants_show(value, &call->run->view);
    call_field(call, name, index, member, "%s", shown);
    free(shown);
    VariantClear(value);
}

static void show_blob(struct call *call, const char *name, int index, DWORD size, BYTE *blob)
{
    DWORD sum = 0;
    for (DWORD i = 0; blob != NULL && i < size; i++)
    {
        sum = sum * 31 + blob[i];
    }
    call_field(call, name, index, "blob", "%lu bytes %s %08lx", size, blob != NULL ? "sum" : "NULL",
               sum);
    CoTaskMemFree(blob);
}

/* The handles get the names that the statement gave to its items. */
static void show_result(struct call *call, const char *name, int index, OPCITEMRESULT *result)
{
    const struct argument *items = statement_find(call->statement, "items");
    bool is_add = strcmp(call->method->name, "AddItems") == 0;
    call_field(call, name, index, "hServer", "%s",
               names_token(&call->run->names, call->target->space, result->hServer, 0));
    call_field(call, name, index, "type", "%u", result->vtCanonicalDataType);
    call_field(call, name, index, "reserved", "%u", result->wReserved);
    call_field(call, name, index, "rights", "%lu", result->dwAccessRights);
    show_blob(call, name, index, result->dwBlobSize, result->pBlob);
    if (is_add && items != NULL && index < items->count)
    {
        DWORD handle = result->hServer != 0 ? result->hServer : NAMES_UNKNOWN;
        names_bind(&call->run->names, items->elements[index].words[0], NULL, handle);
    }
}

static void show_state(struct call *call, const char *name, int index, OPCITEMSTATE *state)
{
    call_field(call, name, index, "client", "%lu", state->hClient);
    call_field(call, name, index, "stamp", "%s",
               variants_show_time(state->ftTimeStamp, &call->run->view));
    call_field(call, name, index, "quality", "0x%04x", state->wQuality);
    call_field(call, name, index, "reserved", "%u", state->wReserved);
    show_variant(call, name, index, "value", &state->vDataValue);
}

static void show_attributes(struct call *call, const char *name, int index,
                            OPCITEMATTRIBUTES *attributes)
{
    show_text(call, name, index, "path", attributes->szAccessPath);
    show_text(call, name, index, "id", attributes->szItemID);
    call_field(call, name, index, "active", "%d", attributes->bActive);
    call_field(call, name, index, "client", "%lu", attributes->hClient);
    call_field(call, name, index, "server", "%s",
               names_token(&call->run->names, call->target->space, attributes->hServer, 0));
    call_field(call, name, index, "rights", "%lu", attributes->dwAccessRights);
    show_blob(call, name, index, attributes->dwBlobSize, attributes->pBlob);
    call_field(call, name, index, "requested", "%u", attributes->vtRequestedDataType);
    call_field(call, name, index, "canonical", "%u", attributes->vtCanonicalDataType);
    call_field(call, name, index, "eu", "%d", (int)attributes->dwEUType);
    show_variant(call, name, index, "euinfo", &attributes->vEUInfo);
    if (call->statement->name != NULL)
    {
        /* The statement's name and the number of the element. */
        char item[64];
        snprintf(item, sizeof(item), "%s%d", call->statement->name, index);
        names_bind(&call->run->names, item, NULL, attributes->hServer);
    }
}

static void show_properties(struct call *call, const char *name, int index,
                            OPCITEMPROPERTIES *properties)
{
    char place[64];
    call_field(call, name, index, "properties.error", "0x%08lx",
               (unsigned long)properties->hrErrorID);
    call_field(call, name, index, "properties.count", "%lu", properties->dwNumProperties);
    call_field(call, name, index, "properties.reserved", "%lu", properties->dwReserved);
    snprintf(place, sizeof(place), "%s[%d].property", name, index);
    for (DWORD i = 0; properties->pItemProperties != NULL && i < properties->dwNumProperties; i++)
    {
        OPCITEMPROPERTY *property = &properties->pItemProperties[i];
        call_field(call, place, (int)i, "type", "%u", property->vtDataType);
        call_field(call, place, (int)i, "id", "%lu", property->dwPropertyID);
        call_field(call, place, (int)i, "reserved", "%u %lu", property->wReserved,
                   property->dwReserved);
        call_field(call, place, (int)i, "error", "0x%08lx", (unsigned long)property->hrErrorID);
        show_text(call, place, (int)i, "item", property->szItemID);
        show_text(call, place, (int)i, "description", property->szDescription);
        show_variant(call, place, (int)i, "value", &property->vValue);
    }
    CoTaskMemFree(properties->pItemProperties);
}

static void show_browsed(struct call *call, const char *name, int index, OPCBROWSEELEMENT *element)
{
    show_text(call, name, index, "name", element->szName);
    show_text(call, name, index, "item", element->szItemID);
    call_field(call, name, index, "flags", "%lu", element->dwFlagValue);
    call_field(call, name, index, "reserved", "%lu", element->dwReserved);
    show_properties(call, name, index, &element->ItemProperties);
}

/* Objects of an enumerator: groups, or connection points, which tell what they are for. */
static void show_element_object(struct call *call, const char *name, int index, IUnknown *object)
{
    IConnectionPoint *point = NULL;
    IOPCGroupStateMgt *group = NULL;
    const char *text = object != NULL ? "object" : "NULL";
    if (object != NULL &&
        SUCCEEDED(IUnknown_QueryInterface(object, &IID_IConnectionPoint, (void **)&point)))
    {
        text = "connection point";
        IConnectionPoint_Release(point);
    }
    else if (object != NULL &&
             SUCCEEDED(IUnknown_QueryInterface(object, &IID_IOPCGroupStateMgt, (void **)&group)))
    {
        text = "group";
        IOPCGroupStateMgt_Release(group);
    }
    call_field(call, name, index, NULL, "%s", text);
    if (object != NULL)
    {
        IUnknown_Release(object);
    }
}

static void show_connection(struct call *call, const char *name, int index, CONNECTDATA *data)
{
    call_field(call, name, index, NULL, "%s %s", data->pUnk != NULL ? "object" : "NULL",
               names_token(&call->run->names, SPACE_COOKIES, data->dwCookie, 0));
    if (data->pUnk != NULL)
    {
        IUnknown_Release(data->pUnk);
    }
}

static void show_element(struct call *call, int parameter, int index, void *array)
{
    const char *name = call->parameters[parameter].name;
    switch (call->parameters[parameter].kind[1])
    {
    case 'r': show_result(call, name, index, (OPCITEMRESULT *)array + index); break;
    case 'i': show_state(call, name, index, (OPCITEMSTATE *)array + index); break;
    case 'a': show_attributes(call, name, index, (OPCITEMATTRIBUTES *)array + index); break;
    case 'p': show_properties(call, name, index, (OPCITEMPROPERTIES *)array + index); break;
    case 'b': show_browsed(call, name, index, (OPCBROWSEELEMENT *)array + index); break;
    case 'v': show_variant(call, name, index, NULL, (VARIANT *)array + index); break;
    case 's': show_text(call, name, index, NULL, ((WCHAR **)array)[index]); break;
    case 'o': show_element_object(call, name, index, ((IUnknown **)array)[index]); break;
    case 'c': show_connection(call, name, index, (CONNECTDATA *)array + index); break;
    case 'e': call_field(call, name, index, NULL, "0x%08lx", ((DWORD *)array)[index]); break;
    case 'w': call_field(call, name, index, NULL, "0x%04x", ((WORD *)array)[index]); break;
    case 'f': call_field(call, name, index, NULL, "%.9g", (double)((FLOAT *)array)[index]); break;
    case 't':
        call_field(call, name, index, NULL, "%s",
                   variants_show_time(((FILETIME *)array)[index], &call->run->view));
        break;
    default: call_field(call, name, index, NULL, "%lu", ((DWORD *)array)[index]); break;
    }
}

void call_show_array(struct call *call, int parameter, DWORD count)
{
    for (DWORD i = 0; i < count; i++)
    {
        show_element(call, parameter, (int)i, call->slots[parameter].pointer);
    }
}

void call_drop_array(struct call *call, int parameter, DWORD first, DWORD end)
{
    void *array = call->slots[parameter].pointer;
    for (DWORD i = first; i < end; i++)
    {
        bool is_text = call->parameters[parameter].kind[1] == 's';
        bool is_connection = call->parameters[parameter].kind[1] == 'c';
        void *element = is_connection ? ((CONNECTDATA *)array)[i].pUnk : ((void **)array)[i];
        if (is_text)
        {
            CoTaskMemFree(element);
        }
        else if (element != NULL)
        {
            IUnknown_Release((IUnknown *)element);
        }
    }
}
