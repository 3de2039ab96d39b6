/* hooks/dll_file.h: which file is our DLL for clients of a given bitness.
 *
 * Beside the program, redundancymaster.dll; for 32-bit clients of a 64-bit installation,
 * x86\redundancymaster.dll. What counts is the machine type in the file, not its place: the first
 * of the two that fits is taken.
 *
 * Units: none.
 * Ownership: the caller's buffer of MAX_PATH elements.
 * Threads: any; no state.
 * Errors: false: there is none; the buffer is then "".
 * Source: C-09.
 */
#ifndef RM_HOOKS_DLL_FILE_H
#define RM_HOOKS_DLL_FILE_H

#include <hooks/registry.h>

#define RM_DLL_NAME L"redundancymaster.dll"

bool rm_dll_find(const wchar_t *directory, enum rm_reg_view view, wchar_t path[MAX_PATH]);

#endif
