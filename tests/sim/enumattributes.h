/* enumattributes.h: the enumerator of a group's items, a snapshot.
 *
 * Ownership: one reference for the caller.  Threads: any.
 * Errors: S_FALSE and NULL for a group without items.
 * Source: OPC DA 2.05a, IEnumOPCItemAttributes.
 */
#ifndef SIM_ENUMATTRIBUTES_H
#define SIM_ENUMATTRIBUTES_H

#include "group.h"

HRESULT sim_enum_attributes_create(struct sim_group *group, IUnknown **enumerator);

#endif
