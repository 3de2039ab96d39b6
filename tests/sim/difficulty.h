/* difficulty.h: what a difficult server does otherwise than a pleasant one, and is allowed to.
 *
 * Each habit is an option of its own, and all can be combined. The codes of --vendor-codes come
 * from the items of the branch Vendor (plantdifficult.c) and from SetState:
 *
 *   Vendor.AddNote     AddItems 0x00048001      Vendor.AddRefused  AddItems 0xC0048001
 *   Vendor.ReadNote    Read     0x00048002      Vendor.ReadFails   Read     0xC0048002
 *   Vendor.WriteNote   Write    0x00048003      Vendor.WriteFails  Write    0xC0048003
 *   SetState           0x00048004 instead of S_OK; 0xC0048004 for a deadband of 99 %
 *   AddGroup           0xC0048005 beyond --max-groups; E_OUTOFMEMORY without --vendor-codes
 *
 * A client beyond --max-clients gets SIM_E_TOO_MANY_CLIENTS from the class factory, so its
 * CoCreateInstance fails with it. Servers differ here; those that count clients do so for their
 * licence's sake, and COM has a code for that.
 *
 * Units: milliseconds.
 * Ownership: texts are constants.
 * Threads: any.
 * Errors: see the functions.
 * Source: OPC DA 2.05a (revised rates, OPC_S_UNSUPPORTEDRATE; vendor's codes are those with the low
 * word 8000 to FFFF).
 */
#ifndef SIM_DIFFICULTY_H
#define SIM_DIFFICULTY_H

#include <windows.h>

#define SIM_VENDOR_S_ADD       ((HRESULT)0x00048001L)
#define SIM_VENDOR_E_ADD       ((HRESULT)0xC0048001L)
#define SIM_VENDOR_S_READ      ((HRESULT)0x00048002L)
#define SIM_VENDOR_E_READ      ((HRESULT)0xC0048002L)
#define SIM_VENDOR_S_WRITE     ((HRESULT)0x00048003L)
#define SIM_VENDOR_E_WRITE     ((HRESULT)0xC0048003L)
#define SIM_VENDOR_S_STATE     ((HRESULT)0x00048004L)
#define SIM_VENDOR_E_STATE     ((HRESULT)0xC0048004L)
#define SIM_VENDOR_E_GROUPS    ((HRESULT)0xC0048005L)
#define SIM_E_TOO_MANY_CLIENTS CLASS_E_NOTLICENSED

/* --odd-rates: the next odd multiple of 70 ms; five times that for 0. */
DWORD sim_difficulty_revise_rate(DWORD requested_ms);

/* What AddGroup answers when there are too many groups. */
HRESULT sim_difficulty_group_limit(void);

/* NULL: not a code of this vendor, or --vendor-codes isn't set. */
const wchar_t *sim_difficulty_error_text(HRESULT error);

/* Holds AddItems for as long as --slow-add wants; no lock may be held. */
void sim_difficulty_slow_add(DWORD item_count);

#endif
