/* port.h: the few things of the operating system that the configuration and the event log need, one
 * file for each system (port_win32.c, port_posix.c; port_append_win32.c, port_append_posix.c).
 *
 * Units: sizes in bytes.
 * Ownership: the block that rm_port_file_read delivers is freed with free(), what
 *   rm_port_append_open delivers with rm_port_append_close.
 * Threads: any thread may call; one at a time per struct rm_port_append.
 * Errors: on failure outputs are NULL and 0 and struct rm_port_reason says in the system's words
 *   why; files are then as they were, but for rm_port_append_write.
 * Source: design.md 5, F-14.
 */
#ifndef RM_PORT_H
#define RM_PORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rm/status.h>

struct rm_port_reason
{
    char text[160]; /* UTF-8, no final full stop */
};

/* path is UTF-8. RM_E_NOT_FOUND, RM_E_TOO_LARGE (beyond size_max), RM_E_NO_MEMORY or RM_E_IO. */
enum rm_status rm_port_file_read(const char *path, size_t size_max, char **bytes_out,
                                 size_t *size_out, struct rm_port_reason *reason);

/* Writes <path>.new, flushes it to the disk and puts it in the place of path in one step, with the
 * rights of the file that was there; that one is kept as <path>.bak. At every moment path has the
 * one or the other. While another program has one of the files open it is tried again for some
 * 100 ms. A <path>.new left over from a crash is written over. */
enum rm_status rm_port_file_replace(const char *path, const char *bytes, size_t size,
                                    struct rm_port_reason *reason);

/* The same, but nothing is kept of the file that was there. */
enum rm_status rm_port_file_rewrite(const char *path, const char *bytes, size_t size,
                                    struct rm_port_reason *reason);

/* A file that is open for adding to its end. Meanwhile others may read, rename and delete it, but
 * not write to it. */
struct rm_port_append;

/* Makes the file if need be. *size_out: what is in it already. */
enum rm_status rm_port_append_open(const char *path, struct rm_port_append **file_out,
                                   uint64_t *size_out, struct rm_port_reason *reason);

/* Adds the bytes in one write, and hands them to the system before it returns: they survive the end
 * of the process, though not that of the system. After a failure some of them may be there. */
enum rm_status rm_port_append_write(struct rm_port_append *file, const char *bytes, size_t size,
                                    struct rm_port_reason *reason);

/* false: the file was renamed or deleted; what is added is lost to those who look at its path. */
bool rm_port_append_is_in_place(const struct rm_port_append *file);

void rm_port_append_close(struct rm_port_append *file); /* NULL: nothing happens */

/* The one lock around libxml2, which is built without threads. */
void rm_port_lock_xml(void);
void rm_port_unlock_xml(void);

#endif
