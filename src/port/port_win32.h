/* port_win32.h: what the files of this room share on Windows.
 *
 * Units: none.
 * Ownership: a path that is delivered is freed with free().
 * Threads: any.
 * Errors: the status that stands for the system's code, with its reason.
 */
#ifndef RM_PORT_WIN32_H
#define RM_PORT_WIN32_H

#include <wchar.h>

#include "port.h"

enum rm_status rm_port_win32_fail(struct rm_port_reason *reason, unsigned long code);

/* path + ending; NULL with the reason where path is no UTF-8 or memory is out. */
wchar_t *rm_port_win32_path(const char *path, const wchar_t *ending, struct rm_port_reason *reason,
                            enum rm_status *status);

#endif
