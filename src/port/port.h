/* port.h: the few things of the operating system that the configuration needs, one file for each
 * system (port_win32.c, port_posix.c).
 *
 * Units: sizes in bytes.
 * Ownership: the block that rm_port_file_read delivers is freed with free().
 * Threads: any thread may call.
 * Errors: on failure outputs are NULL and 0 and struct rm_port_reason says in the system's words
 *   why; files are then as they were.
 * Source: design.md 5, F-14.
 */
#ifndef RM_PORT_H
#define RM_PORT_H

#include <stddef.h>

#include <rm/status.h>

struct rm_port_reason
{
    char text[160]; /* UTF-8, no final full stop */
};

/* path is UTF-8. RM_E_NOT_FOUND, RM_E_TOO_LARGE (beyond size_max), RM_E_NO_MEMORY or RM_E_IO. */
enum rm_status rm_port_file_read(const char *path, size_t size_max, char **bytes_out,
                                 size_t *size_out, struct rm_port_reason *reason);

/* Writes <path>.new, flushes it to the disk and puts it in the place of path in one step; the file
 * that was there becomes <path>.bak. While another program has one of the files open it is tried
 * again for some 100 ms. A <path>.new left over from a crash is written over. */
enum rm_status rm_port_file_replace(const char *path, const char *bytes, size_t size,
                                    struct rm_port_reason *reason);

/* The one lock around libxml2, which is built without threads. */
void rm_port_lock_xml(void);
void rm_port_unlock_xml(void);

#endif
