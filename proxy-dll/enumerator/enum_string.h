/* enumerator/enum_string.h: an IEnumString over a list of strings that doesn't change any more.
 *
 * Units: none.
 * Ownership: the list is copied, and shared by clones.
 * Threads: any.
 * Errors: E_OUTOFMEMORY.
 * Source: reference 3.1 (CreateGroupEnumerator).
 */
#ifndef RM_ENUM_STRING_H
#define RM_ENUM_STRING_H

#include <objbase.h>

HRESULT rm_enum_string_new(const WCHAR *const *strings, ULONG count, IEnumString **enumerator_out);

#endif
