/* value.h: a VARIANT as the proof compares it.
 *
 * Whole numbers keep their value and width. A floating point number that is whole is taken as such,
 * any other by its bits, which can still be told from each other. Text, arrays and what else can't
 * be compared is RM_PROOF_OTHER.
 *
 * Ownership: nothing is kept. Threads: any. Errors: none.
 */
#ifndef PROBE_VALUE_H
#define PROBE_VALUE_H

#include <windows.h>
#include <oleauto.h>

#include "proof.h"

/* Fills kind, value and bits. */
void rm_value_from_variant(const VARIANT *variant, struct rm_proof_update *update);

#endif
