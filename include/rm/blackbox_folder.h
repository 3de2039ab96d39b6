/* rm/blackbox_folder.h: where black-box reports lie: one folder per computer, bounded in number.
 *
 * "%ProgramData%\RedundancyMaster\blackbox", or where an administrator wants it: the text value
 * BlackBoxFolder below HKLM\SOFTWARE\RedundancyMaster (64-bit view). Clients of all users write
 * there, by the rights that Windows gives below ProgramData: everybody may add files and read them,
 * nobody may delete another user's. The newest RM_BLACKBOX_KEEP are kept; those that can't be
 * deleted for want of rights stay, and the process deletes older ones of its own user instead.
 *
 * Neither the default folder nor the one above it may be a link, else whoever made it would choose
 * where a privileged client writes; of another folder only its own last part is looked at. A
 * report is written under another name, flushed and renamed, so there are no halves.
 *
 * Units: bytes.
 * Ownership: all is borrowed.
 * Threads: any. Slow: never with a lock held, never on a client's thread.
 * Errors: the system's code (ERROR_*), 0 = written; nothing half is left behind.
 * Source: issue 5, black-box report.
 */
#ifndef RM_BLACKBOX_FOLDER_H
#define RM_BLACKBOX_FOLDER_H

#include <stddef.h>
#include <stdint.h>
#include <wchar.h>

#define RM_BLACKBOX_KEEP      200u
#define RM_BLACKBOX_PATH_SIZE 260u

/* The folder, whether it is there or not. */
uint32_t rm_blackbox_folder_path(const wchar_t *instance, wchar_t path[RM_BLACKBOX_PATH_SIZE]);

/* Writes a report of that name and deletes those that are too many. path is that of the folder. */
uint32_t rm_blackbox_folder_put(const wchar_t *path, const char *name, const char *bytes,
                                size_t size);

/* Calls each(context, name) for every report, in no order; 0 also where there is no folder. */
uint32_t rm_blackbox_folder_list(const wchar_t *path,
                                 void (*each)(void *context, const wchar_t *name), void *context);

#endif
