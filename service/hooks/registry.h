/* hooks/registry.h: the registry below HKEY_LOCAL_MACHINE in a given view, values as raw bytes.
 *
 * Programs of 32 bit see another HKLM\SOFTWARE\Classes\CLSID than those of 64 bit; a view says
 * which one is meant, whatever this program itself is. Values are read and written as type and
 * bytes, so that a value that somebody wrote oddly comes back exactly as it was.
 *
 * Units: sizes in bytes.
 * Ownership: struct rm_reg_value owns its bytes, rm_reg_value_clear frees them; the caller closes
 *   keys with RegCloseKey.
 * Threads: any; no state.
 * Errors: Windows error codes, ERROR_SUCCESS (0) if all is well; outputs are then empty.
 */
#ifndef RM_HOOKS_REGISTRY_H
#define RM_HOOKS_REGISTRY_H

#include <windows.h>
#include <stdbool.h>
#include <stddef.h>

enum rm_reg_view
{
    RM_REG_VIEW_64,
    RM_REG_VIEW_32,
    RM_REG_VIEW_COUNT
};

struct rm_reg_value
{
    bool exists;
    DWORD type;
    DWORD size_bytes;
    BYTE *bytes;
};

#define RM_REG_PATH_MAX 512
#define RM_REG_ROOT     L"SOFTWARE\\RedundancyMaster"

/* From now on what is at RM_REG_ROOT and below it is that instance's (rm/instance.h): to be said
 * once, by a program that begins. */
void rm_reg_use_instance(const wchar_t *instance);

/* False on 32-bit Windows, where there is the 32-bit view only. */
bool rm_reg_has_view(enum rm_reg_view view);

/* "64-bit" or "32-bit" */
const char *rm_reg_view_name(enum rm_reg_view view);

/* Joins two or three parts (third NULL) with backslashes; false, and "", if it doesn't fit. No
 * function here accepts "" as a path. */
bool rm_reg_path(wchar_t path[RM_REG_PATH_MAX], const wchar_t *first, const wchar_t *second,
                 const wchar_t *third);

LSTATUS rm_reg_open(enum rm_reg_view view, const wchar_t *path, REGSAM access, HKEY *key_out);
LSTATUS rm_reg_create(enum rm_reg_view view, const wchar_t *path, HKEY *key_out);
bool rm_reg_exists(enum rm_reg_view view, const wchar_t *path);

/* A value that isn't there is a success: exists is false. */
LSTATUS rm_reg_read(HKEY key, const wchar_t *name, struct rm_reg_value *value);

/* Writes it, or deletes it where exists is false. */
LSTATUS rm_reg_write(HKEY key, const wchar_t *name, const struct rm_reg_value *value);

void rm_reg_value_clear(struct rm_reg_value *value);
bool rm_reg_value_equal(const struct rm_reg_value *a, const struct rm_reg_value *b);

/* A borrowed REG_SZ value; never cleared. */
struct rm_reg_value rm_reg_text_value(const wchar_t *text);

/* A text value (REG_SZ or REG_EXPAND_SZ, not expanded) of the key at path; false if there is none
 * or it does not fit. */
bool rm_reg_read_text(enum rm_reg_view view, const wchar_t *path, const wchar_t *name,
                      wchar_t *text, size_t capacity);

LSTATUS rm_reg_write_text(HKEY key, const wchar_t *name, const wchar_t *text);
LSTATUS rm_reg_write_number(HKEY key, const wchar_t *name, DWORD number);
bool rm_reg_read_number(HKEY key, const wchar_t *name, DWORD *number);

/* Deletes the key at path if it has neither values nor keys; true if it is gone afterwards. */
bool rm_reg_delete_if_empty(enum rm_reg_view view, const wchar_t *path);

/* Deletes the key at path and all below it. One that isn't there is a success. */
LSTATUS rm_reg_delete_tree(enum rm_reg_view view, const wchar_t *path);

#endif
