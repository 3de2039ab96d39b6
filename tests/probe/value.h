/* value.h: a VARIANT as the proof compares it, and as text.
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

#define RM_VALUE_TEXT_BYTES 4096

/* As simulators print it in their journals: in English, control characters as blanks, arrays as
 * [a,b], what has no text as "?type N". Cut where the buffer ends; returns it. */
const char *rm_value_print(const VARIANT *variant, char text[RM_VALUE_TEXT_BYTES]);

#endif
