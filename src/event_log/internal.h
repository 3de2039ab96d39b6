/* internal.h: what the files of the event log share.
 *
 * event_log.c has the events in memory, as the lines that they are in the file; file.c brings lines
 * there and back; sources.c knows how far each source has got.
 *
 * Units: counts in lines.
 * Ownership: struct rm_event_log owns all that it points to.
 * Threads: one at a time per log.
 * Errors: of file.c: those of src/port/port.h, with the reason in the log.
 */
#ifndef RM_EVENT_LOG_INTERNAL_H
#define RM_EVENT_LOG_INTERNAL_H

#include <rm/event_log.h>

#include "../port/port.h"

/* The highest number of each source, found by hashing. All zero is an empty one. */
struct rm_event_sources
{
    struct rm_event_mark *marks; /* array of room */
    size_t used, room;           /* room: 0 or a power of two */
};

/* Room for one more source; those without an event from sequence number `first` on may go. */
enum rm_status rm_event_sources_prepare(struct rm_event_sources *sources, uint64_t first);
void rm_event_sources_note(struct rm_event_sources *sources, const struct rm_event_source *source,
                           uint32_t number, uint64_t sequence);
uint32_t rm_event_sources_highest(const struct rm_event_sources *sources,
                                  const struct rm_event_source *source);
bool rm_event_source_is(const struct rm_event_source *left, const struct rm_event_source *right);

struct rm_event_log
{
    char *path;
    struct rm_port_append *file; /* NULL: not open at the moment */
    bool is_torn;                /* the file may end within a line */
    uint32_t file_lines;         /* all lines in the file, also broken and discarded ones */
    uint32_t lines_max;          /* with more of them the file is to be shortened */
    char **lines;                /* ring of limit; that of sequence number s is at s % limit */
    uint32_t limit;
    uint64_t first, end;
    uint32_t pending, broken;
    struct rm_event_sources sources;
    struct rm_port_reason reason;
};

char **rm_event_log_line(const struct rm_event_log *log, uint64_t sequence);

/* Adds a line that is an event's, unless its number is not new (RM_E_EXISTS). */
enum rm_status rm_event_log_keep(struct rm_event_log *log, const struct rm_event_record *record,
                                 const char *line, size_t size);

enum rm_status rm_event_file_read(struct rm_event_log *log);

/* Writes what is pending. */
enum rm_status rm_event_file_write(struct rm_event_log *log);

/* Puts a file in the old one's place that has the events from that sequence number on. */
enum rm_status rm_event_file_rewrite(struct rm_event_log *log, uint64_t from);

#endif
