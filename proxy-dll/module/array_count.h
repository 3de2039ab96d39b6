/* module/array_count.h: how many elements an Automation array has, in all dimensions.
 *
 * Units: elements.  Ownership: none.  Threads: any.  Errors: 0 where it has no data.
 */
#ifndef RM_ARRAY_COUNT_H
#define RM_ARRAY_COUNT_H

#include <windows.h>
#include <oleauto.h>

static inline ULONG rm_array_count(const SAFEARRAY *array)
{
    ULONG count = array->cDims > 0;

    for (USHORT i = 0; i < array->cDims; i++)
        count *= array->rgsabound[i].cElements;
    return array->pvData ? count : 0;
}

#endif
