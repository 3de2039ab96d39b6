/* delivery/variant_equal.h: whether two values are the same to the last bit.
 *
 * Units: none.  Ownership: none.  Threads: any.
 * Errors: types that can't be compared are different (in doubt deliver).
 * Source: design.md 3.6.
 */
#ifndef RM_VARIANT_EQUAL_H
#define RM_VARIANT_EQUAL_H

#include <stdbool.h>
#include <windows.h>
#include <oleauto.h>

bool rm_variant_equal(const VARIANT *left, const VARIANT *right);

#endif
