/* errortext.h: what the server says about an error code.
 *
 * Ownership: the text is by the COM task allocator, the caller's.  Threads: any.
 * Errors: E_INVALIDARG for a code that neither OPC nor the system knows.
 */
#ifndef SIM_ERRORTEXT_H
#define SIM_ERRORTEXT_H

#include <windows.h>

HRESULT sim_error_text(HRESULT error, wchar_t **text);

#endif
