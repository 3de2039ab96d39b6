/* hooks/snapshot_store.h: the compiled settings of each hooked class in the registry.
 *
 * HKLM\SOFTWARE\RedundancyMaster\Snapshot (64-bit view), one REG_BINARY value per class, named
 * "{CLSID}". A value is replaced in one call, so a reader gets the old settings or the new ones.
 *
 * Units: sizes in bytes.
 * Ownership: rm_snapshot_compile's block is freed with free().
 * Threads: one writer at a time; any number of readers.
 * Errors: enum rm_status from compiling, Windows error codes from the registry.
 * Source: design.md 5 and 6.
 */
#ifndef RM_HOOKS_SNAPSHOT_STORE_H
#define RM_HOOKS_SNAPSHOT_STORE_H

#include <hooks/class_info.h>
#include <hooks/hooks.h>
#include <hooks/registry.h>

#define RM_SNAPSHOT_PATH RM_REG_ROOT L"\\Snapshot"

/* The settings with the class ids filled in that this computer's registry knows: of the redundant
 * server, and of each machine that is this computer or whose ProgID is registered here. Tells
 * `hooks` about machines on this computer whose server isn't installed; hooks may be NULL. */
enum rm_status rm_snapshot_compile(const struct rm_hooks *hooks,
                                   const struct rm_server_config *server, const wchar_t *clsid,
                                   uint8_t **bytes_out, size_t *size_out);

LSTATUS rm_snapshot_store(const wchar_t *clsid, const uint8_t *bytes, size_t size);

/* The stored bytes; a value that isn't there is a success with exists false. */
LSTATUS rm_snapshot_load(const wchar_t *clsid, struct rm_reg_value *value);

LSTATUS rm_snapshot_remove(const wchar_t *clsid);

#endif
