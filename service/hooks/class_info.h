/* hooks/class_info.h: what the registry says about a ProgID and its class.
 *
 * Only what is registered for all users counts (HKEY_LOCAL_MACHINE): a hook is for all users too.
 * A class may be registered in one view only; both are looked at, the 64-bit one first.
 *
 * Units: none.
 * Ownership: the caller's buffers.
 * Threads: any; no state.
 * Errors: false where there is no such entry; the buffer is then "".
 * Source: RM-079, features 1.5, F-17.
 */
#ifndef RM_HOOKS_CLASS_INFO_H
#define RM_HOOKS_CLASS_INFO_H

#include <stdbool.h>
#include <wchar.h>

#define RM_CLASS_TEXT_MAX 39 /* "{8-4-4-4-12}" and the final zero */

enum rm_class_kind
{
    RM_CLASS_MISSING,    /* not registered on this computer */
    RM_CLASS_LOCAL,      /* a program of its own, or a Windows service: can be made redundant */
    RM_CLASS_IN_PROCESS, /* a DLL only (RM-079) */
    RM_CLASS_OURS,       /* our host or our proxy/stub */
    RM_CLASS_KIND_COUNT
};

/* A class id in its usual form, braces and upper case; false if `text` is no class id. */
bool rm_class_normalize(const wchar_t *text, wchar_t clsid[RM_CLASS_TEXT_MAX]);

/* The class id of a ProgID, by way of its CurVer where it has no class id itself. */
bool rm_class_find(const wchar_t *progid, wchar_t clsid[RM_CLASS_TEXT_MAX]);

enum rm_class_kind rm_class_kind(const wchar_t *clsid);

#endif
