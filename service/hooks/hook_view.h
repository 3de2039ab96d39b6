/* hooks/hook_view.h: the hook of one class in one registry view: recorded, written, undone.
 *
 * A hook is two values of HKLM\SOFTWARE\Classes\CLSID\{CLSID}\InprocServer32: the default value
 * (our DLL) and ThreadingModel. What was there is recorded first, flushed to disk, and only then is
 * anything changed; so whatever happens in between can be undone (hook_record.h).
 *
 * What the default value of InprocServer32 is now decides what undoing does:
 *
 *   now              undoing
 *   what we wrote    both values back to what they were; keys that we made are removed if empty
 *   as it was        the same (we were interrupted)
 *   anything else    somebody else has changed it since: it is theirs and stays, all of it
 *
 * Units: none.
 * Ownership: nothing is kept.
 * Threads: one at a time per class; rmctl holds a lock for all changes.
 * Errors: Windows error codes.
 * Source: design.md 6, C-09, C-12, RM-233.
 */
#ifndef RM_HOOKS_HOOK_VIEW_H
#define RM_HOOKS_HOOK_VIEW_H

#include <hooks/registry.h>

enum rm_hook_view_state
{
    RM_HOOK_VIEW_OFF,     /* no complete record */
    RM_HOOK_VIEW_ON,      /* recorded, and the registry says what we wrote */
    RM_HOOK_VIEW_CHANGED, /* recorded, and the registry says something else (C-12) */
    RM_HOOK_VIEW_STATE_COUNT
};

enum rm_hook_undone
{
    RM_HOOK_UNDONE_NOTHING,  /* there was nothing to undo */
    RM_HOOK_UNDONE_RESTORED, /* as it was before */
    RM_HOOK_UNDONE_THEIRS,   /* somebody else changed it since: left as it is, our record is gone */
    RM_HOOK_UNDONE_PARTLY,   /* restored, but others added to a key of ours: that key stays */
    RM_HOOK_UNDONE_COUNT
};

/* The path of the class's InprocServer32, for messages and reading. */
void rm_hook_view_key(const wchar_t *clsid, wchar_t path[RM_REG_PATH_MAX]);

/* `dll` receives the recorded path, "" when OFF; MAX_PATH elements; may be NULL. */
enum rm_hook_view_state rm_hook_view_state(const wchar_t *clsid, enum rm_reg_view view,
                                           wchar_t *dll);

/* The two halves of enabling. A hook of ours without a record (somebody deleted it) is recorded as
 * "nothing was there", *was_orphan then is true. */
LSTATUS rm_hook_view_record(const wchar_t *clsid, enum rm_reg_view view, const wchar_t *dll,
                            bool *was_orphan);
LSTATUS rm_hook_view_write(const wchar_t *clsid, enum rm_reg_view view);

LSTATUS rm_hook_view_undo(const wchar_t *clsid, enum rm_reg_view view, enum rm_hook_undone *undone);

#endif
