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
 * --other-dialect: where the specifications and the files that come with them disagree, it answers
 * in the way that it does not have otherwise (numbers: the rows of the reference's section 10):
 *
 *   1   Logon of the user "clear" is OPC_S_LOW_AUTHN_LEVEL as a success, 0x00040303, and logs on;
 *       otherwise 0xC0040303, and doesn't
 *   6   NULL as access path is an unknown one, as item ID E_INVALIDARG; otherwise both are empty
 * texts 18  a group has no deadband: E_INVALIDARG of Data Access 2, OPC_E_DEADBANDNOTSUPPORTED of 3
 *   19  until an item's first update period is over its cache is bad: 0x00 of 2, 0x20 of 3
 *   20  AddGroup and Refresh2 leave a number in what they bring even where they fail
 *   21  WriteVQT fails as a whole where one item takes no quality or time stamp
 *   22  Refresh2 from the device brings inactive items, too
 *   25  properties 7 and 8 belong to Data Access 2, and not to 3
 *   26  a keep-alive is an update, and changes ftLastUpdateTime
 *   31  an empty enumerator of names or groups is NULL, and one of items isn't
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

#include <stdbool.h>

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

/* --other-dialect */
bool sim_difficulty_is_other_dialect(void);

/* Row 18: whether a group may have that deadband. */
HRESULT sim_difficulty_check_deadband(const FLOAT *deadband);

/* Row 20: what a failed call leaves behind. */
DWORD sim_difficulty_remains(void);

/* Row 21: what WriteVQT answers; the errors are freed, and NULL, where it fails as a whole. */
HRESULT sim_difficulty_finish_vqt(HRESULT overall, DWORD count, HRESULT **errors);

/* What AddGroup answers when there are too many groups. */
HRESULT sim_difficulty_group_limit(void);

/* NULL: not a code of this vendor, or --vendor-codes isn't set. */
const wchar_t *sim_difficulty_error_text(HRESULT error);

/* --no-inactive: whether a group may be so. */
HRESULT sim_difficulty_check_activity(bool is_active);

/* --max-add: AddItems takes no call with so many. */
bool sim_difficulty_is_too_much(DWORD item_count);

/* --taken-names: whether another client's group has that name already. */
bool sim_difficulty_is_name_taken(const wchar_t *name);

/* Holds AddItems for as long as --slow-add wants; no lock may be held. */
void sim_difficulty_slow_add(DWORD item_count);

#endif
