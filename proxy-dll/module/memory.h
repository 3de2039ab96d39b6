/* module/memory.h: plain memory of the DLL itself; nothing of it is ever given to a client.
 *
 * Units: bytes.  Ownership: the caller's.  Threads: any.  Errors: NULL when there is no memory.
 * Memory that crosses a COM interface is CoTaskMemAlloc's instead (reference, section 6).
 */
#ifndef RM_MEMORY_H
#define RM_MEMORY_H

#include <stddef.h>
#include <windows.h>

void *rm_alloc_zero(size_t count, size_t size_bytes); /* checks the product */
void *rm_realloc(void *block, size_t count, size_t size_bytes);
void rm_free(void *block);
WCHAR *rm_wcsdup(const WCHAR *text);     /* NULL stays NULL */
WCHAR *rm_com_wcsdup(const WCHAR *text); /* by the COM allocator; NULL stays NULL */
void *rm_memdup(const void *block, size_t count, size_t size_bytes);

#endif
