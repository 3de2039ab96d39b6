#include "call.h"

#include <opc/opcda.h>
#include <stdlib.h>
#include <string.h>

/* The value of a word `name=value` behind the element's first `from` words, or NULL. */
static const char *option(const struct element *element, int from, const char *name)
{
    size_t length = strlen(name);
    for (int i = from; i < element->count; i++)
    {
        if (strncmp(element->words[i], name, length) == 0 && element->words[i][length] == '=')
        {
            return element->words[i] + length + 1;
        }
    }
    return NULL;
}

static bool number_option(struct call *call, const struct element *element, const char *name,
                          DWORD *number)
{
    const char *word = option(element, 1, name);
    return word == NULL || call_number(call, word, number);
}

static WCHAR *make_string(struct call *call, const char *word)
{
    if (word == NULL || strcmp(word, "null") == 0)
    {
        return NULL;
    }
    char *text = variants_long_text(word);
    WCHAR *wide = arena_wide(&call->arena, text);
    free(text);
    return wide;
}

/* NAME ITEM [active=] [client=] [type=] [path=] [blob=SIZE] */
static bool make_definition(struct call *call, const struct element *element, DWORD index,
                            OPCITEMDEF *definition)
{
    const char *path = option(element, 2, "path");
    DWORD active = 1;
    DWORD type = 0;
    DWORD client = 100 + index;
    DWORD blob = 0;
    if (element->count < 2)
    {
        return run_fail(call->run, "an item has a name and an id");
    }
    if (!number_option(call, element, "active", &active) ||
        !number_option(call, element, "type", &type) ||
        !number_option(call, element, "client", &client) ||
        !number_option(call, element, "blob", &blob))
    {
        return false;
    }
    definition->szItemID = make_string(call, element->words[1]);
    definition->szAccessPath = make_string(call, path != NULL ? path : "");
    definition->bActive = (BOOL)active;
    definition->hClient = client;
    definition->vtRequestedDataType = (VARTYPE)type;
    definition->dwBlobSize = blob;
    definition->pBlob = blob > 0 ? arena_take(&call->arena, blob) : NULL;
    return true;
}

/* VALUE [quality=] [stamp=FILETIME] */
static bool make_vqt(struct call *call, const struct element *element, OPCITEMVQT *vqt)
{
    const char *quality = option(element, 1, "quality");
    const char *stamp = option(element, 1, "stamp");
    vqt->bQualitySpecified = quality != NULL;
    vqt->wQuality = (WORD)(quality != NULL ? strtoul(quality, NULL, 0) : 0);
    vqt->bTimeStampSpecified = stamp != NULL;
    ULONGLONG ticks = stamp != NULL ? _strtoui64(stamp, NULL, 0) : 0;
    vqt->ftTimeStamp.dwLowDateTime = (DWORD)ticks;
    vqt->ftTimeStamp.dwHighDateTime = (DWORD)(ticks >> 32);
    return variants_parse(element->words[0], &vqt->vDataValue) ||
           run_fail(call->run, "%s is no value", element->words[0]);
}

static bool make_element(struct call *call, char kind, const struct element *element, DWORD index,
                         void *place)
{
    DWORD number = 0;
    switch (kind)
    {
    case 'd': return make_definition(call, element, index, place);
    case 'q': return make_vqt(call, element, place);
    case 's': *(WCHAR **)place = make_string(call, element->words[0]); return true;
    case 'f': *(FLOAT *)place = strtof(element->words[0], NULL); return true;
    case 'v':
        return variants_parse(element->words[0], place) ||
               run_fail(call->run, "%s is no value", element->words[0]);
    case 'w':
        if (!call_number(call, element->words[0], &number))
        {
            return false;
        }
        *(WORD *)place = (WORD)number;
        return true;
    default: return call_number(call, element->words[0], place);
    }
}

static size_t size_of(char kind)
{
    switch (kind)
    {
    case 'd': return sizeof(OPCITEMDEF);
    case 'q': return sizeof(OPCITEMVQT);
    case 's': return sizeof(WCHAR *);
    case 'v': return sizeof(VARIANT);
    case 'w': return sizeof(WORD);
    default: return sizeof(DWORD);
    }
}

/* The first elements are made, the rest are copies of them that own nothing: VARIANTs are cleared
 * once. */
bool call_list(struct call *call, const char *kind, const struct argument *argument, DWORD size,
               void **list)
{
    size_t step = size_of(kind[1]);
    DWORD own = argument != NULL ? (DWORD)argument->count : 0;
    DWORD all = size > own ? size : own;
    char *place = arena_take(&call->arena, (size_t)all * step);
    *list = place;
    VARIANT *owned =
        kind[1] == 'v' || kind[1] == 'q' ? arena_take_variants(&call->arena, own) : NULL;
    for (DWORD i = 0; i < own; i++)
    {
        const struct element *element = &argument->elements[i];
        if (element->count == 0 || !make_element(call, kind[1], element, i, place + i * step))
        {
            return element->count > 0 || run_fail(call->run, "an element is empty");
        }
        if (owned != NULL)
        {
            owned[i] = *(VARIANT *)(void *)(place + i * step); /* the first member of both */
        }
    }
    for (DWORD i = own; i < all && own > 0; i++)
    {
        memcpy(place + i * step, place + (i - own) * step, step);
    }
    return true;
}
