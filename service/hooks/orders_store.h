/* hooks/orders_store.h: operators' commands for the sessions of an enabled server, in the registry.
 *
 * HKLM\SOFTWARE\RedundancyMaster\Orders (64-bit view), one REG_BINARY value per class, named
 * "{CLSID}", laid out by rm/orders.h. The key is volatile: what was commanded is over when the
 * computer restarts. Its access is that of HKLM\SOFTWARE: administrators and SYSTEM write, all
 * users read; so whoever may change the settings may command, and nobody else.
 *
 * Units: none.
 * Ownership: the caller's struct.
 * Threads: one writer at a time (rmctl holds a lock for all changes); any number of readers.
 * Errors: Windows error codes. Source: D2-13, D2-14, CX-07.
 */
#ifndef RM_HOOKS_ORDERS_STORE_H
#define RM_HOOKS_ORDERS_STORE_H

#include <rm/orders.h>

#include <hooks/registry.h>

#define RM_ORDERS_PATH RM_REG_ROOT L"\\Orders"

/* What isn't there, or is another version's, is as nothing commanded. */
LSTATUS rm_orders_load(const wchar_t *clsid, struct rm_orders *orders);
LSTATUS rm_orders_store(const wchar_t *clsid, const struct rm_orders *orders);

/* One that isn't there is a success. */
LSTATUS rm_orders_remove(const wchar_t *clsid);

#endif
