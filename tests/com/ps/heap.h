/*
 * How much of the process's heap is in use.
 *
 * COM's task allocator and the marshaling of Wine and Windows take their memory there. Counting the
 * blocks in use is exact where the size of the process is not: a loss shows at once, and reserves
 * of the allocator don't.
 *
 * Units: bytes. Threads: any; the heap is locked meanwhile.
 */
#ifndef PS_HEAP_H
#define PS_HEAP_H

#include <windows.h>

DWORD heap_in_use(void);

#endif
