/* rm/event_log.h: the events of one redundant server, in one file that is bounded.
 *
 * An event that was appended with RM_OK is in the file, whatever becomes of the process: it is
 * added as one line (rm/event_record.h) in one write. What a process that was killed, or a full
 * disk, left half written is no event; the next one begins on a line of its own.
 *
 * At most limit events count; older ones are discarded. When the file has grown a quarter beyond
 * that it is written anew beside the old one and put in its place in one step. Someone who deletes
 * the file gets it back with the next event.
 *
 * While the file can't be written, events are kept in memory (pending), as many as count; whatever
 * call finds it writable again writes them first, in their order.
 *
 * Each event has a sequence number while the log is open: they rise by one and are never used
 * again, not even by reset. So whoever follows asks for those from the last end on.
 *
 * An event that is handed over twice is stored once: append refuses a number that its source has
 * had. That is known of each source with an event in the log, and of others for a while.
 *
 * Units: limits and counts in events.
 * Ownership: the caller owns the log and closes it; rm_event_log_reason is valid until the next
 *   call.
 * Threads: one at a time per log. All but get, facts, highest and reason write to the disk.
 * Errors: RM_E_NO_MEMORY nothing was changed; RM_E_IO the file can't be read, written or shortened,
 *   rm_event_log_reason says why in the system's words; RM_E_TOO_LARGE it can't be a log of ours;
 *   RM_E_EXISTS see append.
 * Source: features RM-195 .. RM-198, F-12, F-14; design.md 5 (Events).
 */
#ifndef RM_EVENT_LOG_H
#define RM_EVENT_LOG_H

#include <rm/event_record.h>
#include <rm/status.h>

#define RM_EVENT_LOG_LIMIT_MIN     1000u
#define RM_EVENT_LOG_LIMIT_MAX     30000u
#define RM_EVENT_LOG_LIMIT_DEFAULT 5000u

struct rm_event_log;

struct rm_event_log_facts
{
    uint64_t first, end; /* sequence numbers of what is there: first .. end - 1 */
    uint32_t limit;
    uint32_t pending; /* the last ones of these are not in the file yet */
    uint32_t broken;  /* lines that were no events when the file was read */
};

/* Reads what is there; a file that isn't there is one without events. The folder is not made. NULL
 * only with RM_E_NO_MEMORY: a log whose file can't be read begins empty, and adds to that file. */
enum rm_status rm_event_log_open(struct rm_event_log **log_out, const char *path, uint32_t limit);

/* Tries once more to write what is pending. NULL: nothing happens. */
void rm_event_log_close(struct rm_event_log *log);

/* RM_OK and RM_E_EXISTS (its number is not new): it is in the file. RM_E_IO: it is in memory;
 * pending tells whether it is that or only that the file could not be shortened. */
enum rm_status rm_event_log_append(struct rm_event_log *log, const struct rm_event_record *record);

/* Writes what is pending. RM_E_IO: still not. */
enum rm_status rm_event_log_flush(struct rm_event_log *log);

/* Keeps the newest. After RM_E_IO the new limit holds, and the file is shortened later. */
enum rm_status rm_event_log_set_limit(struct rm_event_log *log, uint32_t limit);

/* Removes all events, in the file and here. After RM_E_IO all are still there. */
enum rm_status rm_event_log_reset(struct rm_event_log *log);

struct rm_event_log_facts rm_event_log_facts(const struct rm_event_log *log);

/* false: no event has that sequence number (any more); the record is all zero then. */
bool rm_event_log_get(const struct rm_event_log *log, uint64_t sequence,
                      struct rm_event_record *record);

/* The highest number of the source's events up to which all are in the file; 0 = none is known. */
uint32_t rm_event_log_highest(const struct rm_event_log *log, const struct rm_event_source *source);

const char *rm_event_log_reason(const struct rm_event_log *log);

#endif
