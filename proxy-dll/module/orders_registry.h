/* module/orders_registry.h: what operators have commanded of a hooked class, as rmctl or the
 * service left it.
 *
 * One binary value per class (rm/orders.h) below HKLM\SOFTWARE\RedundancyMaster\Orders, always in
 * the 64-bit view. Only administrators and SYSTEM may write there, all users may read: that is what
 * lets a session obey it.
 *
 * Units: none.  Ownership: the caller's struct.  Threads: any.
 * Errors: RM_E_NOT_FOUND, and what rm_orders_decode says; *orders is then as nothing commanded.
 * Source: D2-13, D2-14, CX-07.
 */
#ifndef RM_ORDERS_REGISTRY_H
#define RM_ORDERS_REGISTRY_H

#include <windows.h>

#include <rm/orders.h>

enum rm_status rm_orders_registry_read(REFCLSID clsid, struct rm_orders *orders);

#endif
