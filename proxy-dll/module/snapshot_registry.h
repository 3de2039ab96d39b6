/* module/snapshot_registry.h: the settings of a hooked class, as rmctl or the service left them.
 *
 * The DLL reads only this, never the XML (design.md 5). One binary value per class below
 * HKLM\SOFTWARE\RedundancyMaster\Snapshot, always in the 64-bit view.
 *
 * Units: none.  Ownership: the result is freed with rm_server_config_free.
 * Threads: any.
 * Errors: RM_E_NOT_FOUND, and what rm_snapshot_decode says.
 * Source: design.md 5.
 */
#ifndef RM_SNAPSHOT_REGISTRY_H
#define RM_SNAPSHOT_REGISTRY_H

#include <windows.h>

#include <rm/config.h>

enum rm_status rm_snapshot_registry_read(REFCLSID clsid, struct rm_server_config **server_out);

#endif
