/* hooks/orders_store.h: operators' commands for the sessions of an enabled server, in the registry.
 *
 * HKLM\SOFTWARE\RedundancyMaster\Orders (64-bit view), one REG_BINARY value per class, named
 * "{CLSID}", laid out by rm/orders.h. The key is volatile: what was commanded is over when the
 * computer restarts. Its access is that of HKLM\SOFTWARE: administrators and SYSTEM write, all
 * users read. So who may change the settings may command; others by way of the service, which
 * writes for them. Beside it "{CLSID}.told" is the number of the last command that the service has
 * in its log.
 *
 * Units: none.
 * Ownership: the caller's struct.
 * Threads: one writer at a time (rmctl holds a lock for all changes); any number of readers.
 * Errors: Windows error codes. Source: D2-13, D2-14, CX-07.
 */
#ifndef RM_HOOKS_ORDERS_STORE_H
#define RM_HOOKS_ORDERS_STORE_H

#include <rm/orders.h>

#include <hooks/class_info.h>
#include <hooks/registry.h>

#define RM_ORDERS_PATH RM_REG_ROOT L"\\Orders"

/* What isn't there, or is another version's, is as nothing commanded. */
LSTATUS rm_orders_load(const wchar_t *clsid, struct rm_orders *orders);
LSTATUS rm_orders_store(const wchar_t *clsid, const struct rm_orders *orders);

/* Of an enabled server; false: it isn't enabled, or its record can't be read. */
bool rm_orders_load_of(const char *progid, struct rm_orders *orders);

/* The record at that place in the key, 0, 1, 2 ..; false: there is none any more. */
bool rm_orders_enumerate(unsigned index, wchar_t clsid[RM_CLASS_TEXT_MAX],
                         struct rm_orders *orders);

/* 0: nothing was told. */
uint32_t rm_orders_told(const wchar_t *clsid);
LSTATUS rm_orders_set_told(const wchar_t *clsid, uint32_t number);

/* One that isn't there is a success. */
LSTATUS rm_orders_remove(const wchar_t *clsid);

#endif
