/* hooks/hook_record.h: what was in the registry before a hook was written, kept in the registry.
 *
 * Always in the 64-bit view: HKLM\SOFTWARE\RedundancyMaster\Hooks\{CLSID}\<64|32>
 *
 *   ClassKeyExisted, KeyExisted   whether ...\CLSID\{CLSID} and its InprocServer32 were there
 *   Dll                           the path that the hook writes
 *   Recorded                      1, written last: a record without it is incomplete and was
 *                                 never acted on
 *   Before\                       the values that were there, under their names, type and bytes
 *                                 as they were; a value that isn't here wasn't there
 *
 * Units: none.
 * Ownership: struct rm_hook_record owns its values; rm_hook_record_clear frees them.
 * Threads: one at a time per class.
 * Errors: Windows error codes; a record that isn't there reads as an incomplete one.
 * Source: design.md 6.
 */
#ifndef RM_HOOKS_HOOK_RECORD_H
#define RM_HOOKS_HOOK_RECORD_H

#include <hooks/registry.h>

#define RM_HOOKS_PATH      RM_REG_ROOT L"\\Hooks"
#define RM_HOOK_MODEL_NAME L"ThreadingModel"

struct rm_hook_record
{
    bool is_complete;
    bool class_key_existed;
    bool key_existed;
    wchar_t dll[MAX_PATH];
    struct rm_reg_value before_dll;   /* the default value */
    struct rm_reg_value before_model; /* ThreadingModel */
};

LSTATUS rm_hook_record_read(const wchar_t *clsid, enum rm_reg_view view,
                            struct rm_hook_record *record);
void rm_hook_record_clear(struct rm_hook_record *record);

/* Replaces the record that is there, and flushes it to disk. */
LSTATUS rm_hook_record_write(const wchar_t *clsid, enum rm_reg_view view,
                             const struct rm_hook_record *record);
LSTATUS rm_hook_record_remove(const wchar_t *clsid, enum rm_reg_view view);

/* Whether there is any record, complete or not. */
bool rm_hook_record_exists(const wchar_t *clsid, enum rm_reg_view view);

#endif
