/* runtime/event_logs.h: the event logs of all redundant servers, each in a file of its own in the
 * data folder.
 *
 * A log is opened when its first event comes, or somebody asks for it. Its file is
 * "events-PROGID.log"; a character that has no business in a file's name is "%" and its two
 * hexadecimal digits there, for who may send events may send any ProgID.
 *
 * Warnings and errors are reported beyond that, once each, for Windows' own event log.
 *
 * Units: none.
 * Ownership: rm_event_logs_close frees the logs; a log lives until then.
 * Threads: the service's one.
 * Errors: RM_E_INVALID no ProgID; RM_E_TOO_LARGE there are logs enough; those of rm/event_log.h.
 * Source: RM-190 .. RM-198, F-14.
 */
#ifndef RM_RUNTIME_EVENT_LOGS_H
#define RM_RUNTIME_EVENT_LOGS_H

#include <stdbool.h>
#include <stddef.h>

#include <rm/config.h>
#include <rm/event_log.h>

struct rm_server_log
{
    struct rm_server_log *next;
    struct rm_event_log *log;
    bool is_failure_told; /* that it can't be written */
    char server[RM_PROGID_MAX + 1];
    char *path; /* UTF-8 */
};

struct rm_event_logs
{
    const char *folder; /* UTF-8; the caller's */
    struct rm_server_log *first;
    size_t count;
    /* Says that a log can't be written, or that it can again: once each. */
    void (*note)(void *context, enum rm_severity severity, const char *text);
    /* A warning or an error that was added. */
    void (*report)(void *context, enum rm_severity severity, const char *text);
    void *context;     /* of both */
    uint32_t own_last; /* number of the service's own last event */
    /* How many events a server's log is to have; asked when it is opened, and by set_limits. */
    uint32_t (*limit_of)(void *context, const char *server);
    void *limit_context;
};

/* ProgIDs are compared without case, as COM does. */
enum rm_status rm_event_logs_find(struct rm_event_logs *logs, const char *server,
                                  struct rm_server_log **log_out);

/* RM_OK: it is on the disk, now or since it was handed over first. RM_E_IO: it is not yet. */
enum rm_status rm_event_logs_append(struct rm_event_logs *logs, struct rm_server_log *log,
                                    const struct rm_event_record *record);

/* An event of the service itself, of that time; status as of append. */
enum rm_status rm_event_logs_add_own(struct rm_event_logs *logs, const struct rm_event *event,
                                     uint64_t time);

/* Each log that is open gets the limit that it is to have now. */
void rm_event_logs_set_limits(struct rm_event_logs *logs);

/* Tries to write again what couldn't be written. */
void rm_event_logs_flush(struct rm_event_logs *logs);
void rm_event_logs_close(struct rm_event_logs *logs);

#endif
