#include "module/memory.h"

#include <objbase.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

void *rm_alloc_zero(size_t count, size_t size_bytes)
{
    return calloc(count ? count : 1, size_bytes);
}

void *rm_realloc(void *block, size_t count, size_t size_bytes)
{
    size_t bytes;

    if (size_bytes && count > (size_t)-1 / size_bytes)
        return NULL;
    bytes = count * size_bytes;
    return realloc(block, bytes ? bytes : 1);
}

void rm_free(void *block)
{
    free(block);
}

WCHAR *rm_wcsdup(const WCHAR *text)
{
    return text ? rm_memdup(text, wcslen(text) + 1, sizeof(*text)) : NULL;
}

WCHAR *rm_com_wcsdup(const WCHAR *text)
{
    size_t bytes;
    WCHAR *copy;

    if (!text)
        return NULL;
    bytes = (wcslen(text) + 1) * sizeof(*text);
    copy = CoTaskMemAlloc(bytes);
    if (copy)
        memcpy(copy, text, bytes);
    return copy;
}

void *rm_memdup(const void *block, size_t count, size_t size_bytes)
{
    void *copy;

    if (!block)
        return NULL;
    copy = rm_alloc_zero(count, size_bytes);
    if (copy && count)
        memcpy(copy, block, count * size_bytes);
    return copy;
}
