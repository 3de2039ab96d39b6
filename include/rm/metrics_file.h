/* rm/metrics_file.h: figures as a file for node exporter's textfile collector, which may look at
 * any moment: the file is replaced in one step.
 *
 * Units: bytes.  Ownership: all is borrowed.  Threads: any; no state.
 * Errors: RM_E_IO, RM_E_NOT_FOUND (no such folder), RM_E_NO_MEMORY; the reason is then in the
 *   system's words, and the old file is as it was.
 * Source: issue 7 item 8.
 */
#ifndef RM_METRICS_FILE_H
#define RM_METRICS_FILE_H

#include <stddef.h>

#include <rm/status.h>

#define RM_METRICS_REASON_SIZE 160

/* path is UTF-8. */
enum rm_status rm_metrics_file_put(const char *path, const char *text, size_t size,
                                   char reason[RM_METRICS_REASON_SIZE]);

#endif
