/* module/filetime.h: FILETIMEs as numbers.
 *
 * Units: 100 ns.  Ownership: none.  Threads: any.  Errors: none.
 */
#ifndef RM_FILETIME_H
#define RM_FILETIME_H

#include <windows.h>

#define RM_FILETIME_PER_US    10
#define RM_FILETIME_PER_MS    10000
#define RM_FILETIME_PER_TENTH 1000000

static inline LONGLONG rm_filetime_number(const FILETIME *time)
{
    return (LONGLONG)(((ULONGLONG)time->dwHighDateTime << 32) | time->dwLowDateTime);
}

#endif
