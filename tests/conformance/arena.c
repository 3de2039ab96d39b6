#include "arena.h"

#include <oleauto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block
{
    struct arena_block *next;
    VARIANT *variants; /* NULL: the block has none */
    size_t count;
    void *memory;
};

static void *check(void *memory)
{
    if (memory == NULL)
    {
        fputs("rmcall: no memory\n", stderr);
        exit(3);
    }
    return memory;
}

void *must_allocate(size_t size)
{
    return check(calloc(1, size > 0 ? size : 1));
}

void *must_grow(void *block, size_t size)
{
    return check(realloc(block, size));
}

char *must_copy(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(must_allocate(size), text, size);
}

static struct arena_block *add_block(struct arena *arena, size_t size)
{
    struct arena_block *block = must_allocate(sizeof(*block));
    block->memory = must_allocate(size);
    block->next = arena->blocks;
    arena->blocks = block;
    return block;
}

void *arena_take(struct arena *arena, size_t size)
{
    return add_block(arena, size)->memory;
}

VARIANT *arena_take_variants(struct arena *arena, size_t count)
{
    struct arena_block *block = add_block(arena, count * sizeof(VARIANT));
    block->variants = block->memory;
    block->count = count;
    return block->variants;
}

WCHAR *arena_wide(struct arena *arena, const char *utf8)
{
    int count = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, NULL, 0);
    WCHAR *wide = arena_take(arena, (size_t)count * sizeof(WCHAR));
    MultiByteToWideChar(CP_UTF8, 0, utf8, -1, wide, count);
    return wide;
}

/* A locked array would not be cleared. */
static void unlock(VARIANT *value)
{
    SAFEARRAY *array = V_ISARRAY(value) && !V_ISBYREF(value) ? V_ARRAY(value) : NULL;
    while (array != NULL && array->cLocks > 0)
    {
        SafeArrayUnlock(array);
    }
}

void arena_empty(struct arena *arena)
{
    while (arena->blocks != NULL)
    {
        struct arena_block *block = arena->blocks;
        arena->blocks = block->next;
        for (size_t i = 0; i < block->count; i++)
        {
            unlock(&block->variants[i]);
            VariantClear(&block->variants[i]);
        }
        free(block->memory);
        free(block);
    }
}
