/* failing_memory.h: an allocation that fails when it is its turn, for programs that are linked with
 * the wrapping of malloc, calloc and realloc.
 *
 * Units: allocations.  Ownership: none.  Threads: one.  Errors: none.
 */
#ifndef RM_FAILING_MEMORY_H
#define RM_FAILING_MEMORY_H

#include <stdbool.h>

extern unsigned memory_remaining; /* until one fails; 0 = none does */
extern bool memory_has_failed;    /* one has */

#endif
