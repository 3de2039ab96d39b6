/* rm/instance.h: which installation of RedundancyMaster a program of ours belongs to.
 *
 * An installation is a folder of programs: DLL, rmctl and rmservice. Usually there is one on a
 * computer, and it has no name. A folder with a file redundancymaster.instance belongs to the
 * instance that the file names, in one line; so does its subfolder x86. All that such a program
 * shares with others has that name in it, so that two installations, or a test and the installed
 * product, never meet.
 *
 *   what                    ""                                    "TEST"
 *   registry, below HKLM    SOFTWARE\RedundancyMaster             SOFTWARE\RedundancyMaster.TEST
 *   pipe, status section,   RedundancyMaster ...                  with .TEST behind it
 *   folder of data, service
 *
 * Who may write to the folder of the programs chooses the name, as he chooses the programs.
 *
 * Units: sizes in characters, the final zero included.
 * Ownership: the caller's buffers.
 * Threads: any; no state.
 * Errors: false: the file is there and names no instance; the name is then one that nobody can
 *   have ("?"), so that nothing of anybody's is found under it.
 * Source: design.md 5. Windows only.
 */
#ifndef RM_INSTANCE_H
#define RM_INSTANCE_H

#include <stdbool.h>
#include <wchar.h>

#define RM_INSTANCE_MAX      32
#define RM_INSTANCE_SIZE     (RM_INSTANCE_MAX + 1)
#define RM_INSTANCE_KEY_SIZE 128
#define RM_INSTANCE_FILE     L"redundancymaster.instance"

/* What a name must be, for messages. */
#define RM_INSTANCE_RULE "1 to 32 letters, digits, '-' and '_'"

/* A name, not "". */
bool rm_instance_is_valid(const wchar_t *instance);

/* Of the program or DLL with that path; it need not be there. */
bool rm_instance_of_path(const wchar_t *path, wchar_t instance[RM_INSTANCE_SIZE]);

/* Of a module (HMODULE) of this process; NULL: its program. */
bool rm_instance_of_module(void *module, wchar_t instance[RM_INSTANCE_SIZE]);

/* Its key below HKEY_LOCAL_MACHINE, and what is below that ("" or "\\Snapshot"). */
void rm_instance_key(const wchar_t *instance, const wchar_t *below,
                     wchar_t key[RM_INSTANCE_KEY_SIZE]);

/* The name as UTF-8. */
void rm_instance_text(const wchar_t *instance, char text[RM_INSTANCE_SIZE]);

#endif
