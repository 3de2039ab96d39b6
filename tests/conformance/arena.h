/* arena.h: the memory of one call's arguments, given back all at once after it.
 *
 * Ownership: what is taken lives until arena_empty; VARIANTs are cleared there.
 * Threads: one at a time.
 * Errors: without memory the program ends; there is nothing left to compare then.
 */
#ifndef CONFORMANCE_ARENA_H
#define CONFORMANCE_ARENA_H

#include <windows.h>
#include <oaidl.h>

struct arena_block;

struct arena
{
    struct arena_block *blocks;
};

/* Zeroed, never NULL, also for a size of 0. */
void *arena_take(struct arena *arena, size_t size);

/* Empty VARIANTs. */
VARIANT *arena_take_variants(struct arena *arena, size_t count);

WCHAR *arena_wide(struct arena *arena, const char *utf8);

void arena_empty(struct arena *arena);

/* As malloc and strdup, with the arena's promise. */
void *must_allocate(size_t size);
void *must_grow(void *block, size_t size);
char *must_copy(const char *text);

#endif
