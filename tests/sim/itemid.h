/* itemid.h: from an item ID, as a client writes it, to the item.
 *
 * Ownership: items live as long as the process.  Threads: any.
 * Errors: OPC_E_INVALIDITEMID for what can't be an ID, OPC_E_UNKNOWNITEMID for what is none.
 * Source: opc-da-reference 5.4.
 */
#ifndef SIM_ITEMID_H
#define SIM_ITEMID_H

#include "device.h"

/* Names with single dots between them. NULL is none. */
bool sim_item_id_is_valid(const wchar_t *id);

HRESULT sim_item_id_find(const wchar_t *id, const struct sim_item **item);

#endif
