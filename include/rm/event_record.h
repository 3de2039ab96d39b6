/* rm/event_record.h: an event as it is stored: when, what, in which process; as a line of a file,
 * as JSON, and as a row of a list.
 *
 * A line is these fields, with a tab between them:
 *
 *   "RM1" | time | severity | name | machine | process | process id | start | session | number |
 *   text | sum
 *
 * time is ISO 8601 in UTC (rm/utc.h), severity a word, name the event's (rm/event.h), start the
 * process's FILETIME, all other numbers are decimal. In texts a backslash is "\\"; a control
 * character, and a byte that is no UTF-8, is "\x" and two hexadecimal digits. So a line is UTF-8
 * without a control character but its tabs. The sum (rm_field_sum) is of all before it, the tab
 * included, as eight hexadecimal digits: what was cut off or altered is no event.
 *
 * An event is told from all others by its source and number: a session counts its own from 1, and
 * so does the service, whose session is 0. Number 0 is none: such an event is told from nothing.
 *
 * Units: FILETIMEs as 64-bit numbers of 100 ns, UTC; sizes in bytes.
 * Ownership: the caller's; fixed size, no allocation.
 * Threads: any; no state.
 * Errors: false: the line is not an event; the record is all zero then. A record whose severity or
 *   id is none is an assert.
 * Source: features RM-190 .. RM-194, F-15.
 */
#ifndef RM_EVENT_RECORD_H
#define RM_EVENT_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rm/event.h>
#include <rm/json.h>

#define RM_EVENT_PROCESS_SIZE 128

/* A session of a process, on one computer and for all time: process ids are used again. */
struct rm_event_source
{
    uint32_t process_id;
    uint64_t process_start_100ns;
    uint32_t session; /* 0: the service */
};

struct rm_event_record
{
    uint64_t time_100ns; /* beyond the year 9999: stored as its end */
    enum rm_severity severity;
    enum rm_event_id id;           /* RM_EVENT_COUNT: this version doesn't know it, name tells */
    char name[RM_EVENT_NAME_SIZE]; /* set by decoding; encoding looks at it for RM_EVENT_COUNT */
    uint32_t machine;              /* 1 = primary; 0 = not about a machine */
    char process[RM_EVENT_PROCESS_SIZE]; /* "client.exe" */
    struct rm_event_source source;
    uint32_t number; /* of the source's events; 0 = not counted */
    char text[RM_EVENT_TEXT_SIZE];
};

/* No line is longer, its final zero included: each byte of a text may take four. */
#define RM_EVENT_LINE_SIZE                                                                         \
    (4 * (RM_EVENT_NAME_SIZE + RM_EVENT_PROCESS_SIZE + RM_EVENT_TEXT_SIZE) + 192)

/* The line, without an end of line. Returns its length. */
size_t rm_event_record_encode(const struct rm_event_record *record, char line[RM_EVENT_LINE_SIZE]);

bool rm_event_record_decode(const char *line, size_t size, struct rm_event_record *record);

/* One object on one line: time, severity, event, machine (unless 0), process, processId,
 * processStart, session, number (unless 0), text. */
void rm_event_record_json(const struct rm_event_record *record, struct rm_json *json);

/* "date <tab> time <tab> client.exe (1064) <tab> text <tab> severity", as "Save As" writes it: the
 * columns of the event view, and what is an icon there. date and time are as the user's locale has
 * them, the time with its milliseconds (RM-192). Control characters become blanks. */
#define RM_EVENT_ROW_HEAD "Date\tTime\tProcess\tEvent\tSeverity"
#define RM_EVENT_ROW_SIZE (RM_EVENT_PROCESS_SIZE + RM_EVENT_TEXT_SIZE + 192)
void rm_event_record_row(const struct rm_event_record *record, const char *date, const char *time,
                         char row[RM_EVENT_ROW_SIZE]);

#endif
