/* value.h: OPC values: comparing, converting between types, and writing them as text.
 *
 * Ownership: a VARIANT that a function fills is cleared by the caller; it is VT_EMPTY on failure.
 * Threads: any; a VARIANT is used by one thread at a time.
 * Errors: HRESULTs as OPC names them, or those of VariantChangeTypeEx.
 */
#ifndef SIM_VALUE_H
#define SIM_VALUE_H

#include <windows.h>
#include <oleauto.h>
#include <stdbool.h>

/* Value, quality, time stamp: what one item shows at one moment. */
struct sim_vqt
{
    VARIANT value;
    WORD quality;
    FILETIME stamp;
};

/* `target` is initialised by it. */
HRESULT sim_value_copy(VARIANT *target, const VARIANT *source);

bool sim_value_is_equal(const VARIANT *a, const VARIANT *b);

/* OPC_E_BADTYPE if values of type `canonical` can never be shown as `requested`. */
HRESULT sim_value_check_type(VARTYPE canonical, VARTYPE requested);

/* VT_EMPTY asks for the type that the value has. `source` may not be `target`. */
HRESULT sim_value_convert(VARIANT *target, const VARIANT *source, VARTYPE type, LCID locale);

/* False if the value is no number. */
bool sim_value_number(const VARIANT *value, double *number);

/* "3.5", "[1,2,3]", without tabs and line ends; UTF-8, cut to the buffer. Returns `buffer`. */
const char *sim_value_text(const VARIANT *value, char *buffer, size_t size);

#endif
