/* runtime/log_folder.h: the folder of the event logs.
 *
 * Only SYSTEM and administrators may write there, everybody may read: a user who could write would
 * choose what the logs say, and one who could put a link there, where the service writes.
 *
 * Units: none.  Ownership: the path is borrowed.  Threads: any; no state.
 * Errors: none are told: where the folder can't be made the logs say so.
 * Source: F-14, C-28.
 */
#ifndef RM_RUNTIME_LOG_FOLDER_H
#define RM_RUNTIME_LOG_FOLDER_H

#define RM_LOG_FOLDER_ACCESS L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)(A;OICI;FRFX;;;BU)"

/* With the folders above it, which get the rights that are usual there. path is UTF-8, absolute. */
void rm_log_folder_make(const char *path);

#endif
