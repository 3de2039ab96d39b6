/* ctl/compare_report.h: what rmctl compare prints: each difference as it is found, then the result.
 *
 * Units: none.
 * Ownership: texts are borrowed.
 * Threads: one.
 * Errors: the exit status of the whole is compare_report_end's.
 * Source: C-07; issue 6.
 */
#ifndef RM_CTL_COMPARE_REPORT_H
#define RM_CTL_COMPARE_REPORT_H

#include <rm/difference.h>

#include "ctl.h"

/* Exit status of rmctl compare; as of cmp and diff. */
#define COMPARE_SAME       CTL_FINE
#define COMPARE_DIFFERENT  CTL_FAILED
#define COMPARE_INCOMPLETE CTL_USAGE

struct compare_report
{
    struct ctl *ctl;
    const char *progid;
    struct rm_json json;
    uint64_t differences; /* printed, or counted by compare_report_more */
    unsigned failures;
};

/* A machine as it is named in lines: number and host. */
struct compare_name
{
    unsigned number;
    const char *host;
};

/* scope: "the items in use", "branch 'Plant'". */
void compare_report_begin(struct compare_report *report, struct ctl *ctl, const char *progid,
                          const char *scope);

void compare_report_difference(struct compare_report *report, struct compare_name machine,
                               struct compare_name reference,
                               const struct rm_difference *difference);

/* A line about a machine that is no difference and no failure. */
__attribute__((format(printf, 3, 4))) void compare_report_note(struct compare_report *report,
                                                               struct compare_name machine,
                                                               const char *format, ...);

/* So many differences are known of, and not listed. */
void compare_report_more(struct compare_report *report, struct compare_name machine, uint64_t count,
                         const char *advice);

/* A machine, or a part of it, that could not be compared. Printed at once on standard error. */
__attribute__((format(printf, 3, 4))) void compare_report_failure(struct compare_report *report,
                                                                  struct compare_name machine,
                                                                  const char *format, ...);

/* `compared`: "150 items on 2 machines". */
enum ctl_exit compare_report_end(struct compare_report *report, const char *compared);

#endif
