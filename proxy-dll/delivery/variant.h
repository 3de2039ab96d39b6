/* delivery/variant.h: of two values, whether they are the same to the last bit; of one, what it
 * holds beyond its VARIANT.
 *
 * Units: bytes.  Ownership: none.  Threads: any.
 * Errors: types that can't be compared are different (in doubt deliver).
 * Source: design.md 3.6.
 */
#ifndef RM_VARIANT_H
#define RM_VARIANT_H

#include <stdbool.h>
#include <windows.h>
#include <oleauto.h>

bool rm_variant_equal(const VARIANT *left, const VARIANT *right);

/* Of strings and arrays, with what the elements of an array hold; objects count as pointers. */
size_t rm_variant_bytes_beyond(const VARIANT *value);

#endif
