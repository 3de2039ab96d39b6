/* rm/blackbox_report.h: a black box as a report for a person, and for programs: one JSON text.
 *
 * It begins with sentences that say what happened and why, one for each promotion that no report
 * has told yet; then who and where, the machines as they are now, the timeline of the last minute,
 * the calls that failed, and the figures of each second. Each code has its meaning beside it.
 * Machines have the numbers of the present list; those that are removed have the next ones.
 *
 * Units: times in UTC.
 * Ownership: all is borrowed.
 * Threads: any; no state.
 * Errors: texts that don't fit are cut; what takes the JSON says whether it had room.
 * Source: issue 5, black-box report.
 */
#ifndef RM_BLACKBOX_REPORT_H
#define RM_BLACKBOX_REPORT_H

#include <rm/blackbox.h>
#include <rm/json.h>

#define RM_BLACKBOX_FORMAT    "RedundancyMaster black box 1"
#define RM_BLACKBOX_TEXT_SIZE 768u
#define RM_BLACKBOX_BYTES_MAX (1024u * 1024u) /* no report is larger */
#define RM_BLACKBOX_NAME_SIZE 200u

struct rm_blackbox_report
{
    const struct rm_blackbox *box;         /* a copy, from before rm_blackbox_note_report */
    const struct rm_failover *failover;    /* as it is now */
    const struct rm_server_config *config; /* of the redundant server */
    const char *process;                   /* the client's program */
    const char *version;                   /* of this product */
    uint32_t process_id, session;
    uint32_t number;     /* of the session's reports: 1, 2 .. */
    uint64_t time_100ns; /* now */
};

/* What happened at one promotion, in a sentence or two. */
void rm_blackbox_sentence(const struct rm_blackbox_report *report,
                          const struct rm_blackbox_promotion *promotion,
                          char text[RM_BLACKBOX_TEXT_SIZE]);

void rm_blackbox_write(const struct rm_blackbox_report *report, struct rm_json *json);

/* "20261121T031122Z-Vendor.Server.1-hmi.exe-4711-1-2.json": of letters, digits, ".", "_" and "-"
 * only; what else there is becomes "_". Process, session and number make it unique; the time in
 * front lets names sort by age, and is no name of a device, which a ProgID could begin with. */
void rm_blackbox_file_name(const struct rm_blackbox_report *report,
                           char name[RM_BLACKBOX_NAME_SIZE]);

/* "2026-11-21T03:11:22.123Z" of a FILETIME. */
#define RM_BLACKBOX_TIME_SIZE 32
void rm_blackbox_time_text(uint64_t time_100ns, char text[RM_BLACKBOX_TIME_SIZE]);

#endif
