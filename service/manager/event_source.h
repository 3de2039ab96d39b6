/* manager/event_source.h: our source in Windows' own event log, so that it can show our texts.
 *
 * The key HKLM\SYSTEM\CurrentControlSet\Services\EventLog\Application\<service> names rmservice.exe
 * as the file with the texts (its message 1 is "%1") and the three severities that we use.
 *
 * Units: none.
 * Ownership: nothing is kept.
 * Threads: no state; changes are to be made by one process at a time.
 * Errors: Windows error codes. A source that another program has registered under that name is left
 *   as it is: ERROR_ALREADY_EXISTS when adding, a success when removing.
 */
#ifndef RM_MANAGER_EVENT_SOURCE_H
#define RM_MANAGER_EVENT_SOURCE_H

#include <windows.h>
#include <stdbool.h>

/* Adds it, or points it to another rmservice.exe. */
DWORD rm_event_source_add(const wchar_t *service, const wchar_t *program);

/* Takes out what adding has written, and the key if nothing else is in it. One that isn't there is
 * a success. */
DWORD rm_event_source_remove(const wchar_t *service, bool *was_changed);

/* Whether it is registered, by us. */
bool rm_event_source_is_there(const wchar_t *service);

#endif
