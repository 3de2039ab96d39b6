/* record.h: a file of every value that reached the client by callback, in order of arrival
 * (--record).
 *
 * A line per value, tab-separated, as in a simulator's journal (rmsim /journal) so that the two can
 * be held against each other:
 *   TIME begin
 *   TIME change|refresh|read ITEM VALUE QUALITY STAMP ERROR
 *   TIME end           the client begins to leave; what comes later is not recorded. Only with
 *                      this line is the record complete.
 * A refresh is a data change that answers the client's own Refresh2, a read an OnReadComplete.
 *
 * Callbacks only copy what they bring; a thread of the record's own makes text of it and writes.
 *
 * Units: TIME in milliseconds since 2026-01-01 UTC, STAMP a FILETIME's 100 ns, quality and error
 * hexadecimal.
 * Ownership: one record per process, open until rm_record_close; values are copied, item IDs are
 * not.
 * Threads: values from any thread; between begin and end of a callback no other one's come in.
 * Errors: rm_record_open false; a value that there is no memory for: no `end` line is written.
 */
#ifndef PROBE_RECORD_H
#define PROBE_RECORD_H

#include <windows.h>
#include <oleauto.h>

#include <stdbool.h>

enum rm_record_kind
{
    RM_RECORD_CHANGE,
    RM_RECORD_REFRESH,
    RM_RECORD_READ
};

struct rm_record_value
{
    const char *item_id;
    const VARIANT *value;
    WORD quality;
    FILETIME stamp;
    HRESULT error;
};

struct rm_record;

/* NULL, with a line on stderr, if the file can't be written. */
struct rm_record *rm_record_open(const char *path);

/* All the rest does nothing with NULL. One callback's values, in between. */
void rm_record_begin(struct rm_record *record, enum rm_record_kind kind);
void rm_record_add(struct rm_record *record, const struct rm_record_value *value);
void rm_record_end(struct rm_record *record);

/* The client begins to leave. The first call counts. */
void rm_record_stop(struct rm_record *record);

/* Writes what is left; returns when all is in the file. Frees nothing that a late callback uses. */
void rm_record_close(struct rm_record *record);

#endif
