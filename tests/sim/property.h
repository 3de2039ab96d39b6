/* property.h: the properties of the items, for IOPCItemProperties and IOPCBrowse.
 *
 * Ownership: strings and values that are returned belong to the caller: COM task memory.
 * Threads: any.
 * Errors: OPC_E_INVALID_PID for what an item doesn't have; without success the output is empty.
 * Source: opc-da-reference 5.3.
 */
#ifndef SIM_PROPERTY_H
#define SIM_PROPERTY_H

#include "device.h"

struct sim_property
{
    DWORD id;
    VARTYPE type; /* VT_EMPTY: that of the item */
    const wchar_t *description;
};

extern const struct sim_property sim_properties[];
extern const size_t sim_property_count;

bool sim_property_exists(const struct sim_item *item, DWORD id);
HRESULT sim_property_get(const struct sim_item *item, DWORD id, VARIANT *value);

/* The ID of the property's own item; E_FAIL if it has none. */
HRESULT sim_property_find_item(const struct sim_item *item, DWORD id, LPWSTR *found);

/* Those of the list, or all if `count` is 0: S_OK, S_FALSE if one has an error, E_OUTOFMEMORY. */
HRESULT sim_property_fill(const struct sim_item *item, bool with_values, DWORD count,
                          const DWORD *ids, OPCITEMPROPERTIES *properties);
void sim_property_free(OPCITEMPROPERTIES *properties);

/* "counter": the property "Simulated Signal", and the vendor filter of IOPCBrowse. NULL: no item of
 * that kind. */
const wchar_t *sim_property_kind(enum sim_item_kind kind);

#endif
