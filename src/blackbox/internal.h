/* internal.h: what the files of the black box share: blackbox.c keeps the rings, step.c reads the
 * state machine's steps, summary.c says in a sentence what happened, report.c and minute.c write
 * the JSON, words.c has the words for codes and facts.
 *
 * Units, Ownership, Threads: as in rm/blackbox.h and rm/blackbox_report.h.
 * Errors: none; texts that don't fit are cut.
 */
#ifndef RM_BLACKBOX_INTERNAL_H
#define RM_BLACKBOX_INTERNAL_H

#include <stddef.h>

#include <rm/blackbox.h>
#include <rm/blackbox_report.h>

/* Enters a record at box->now_ms; detail may be NULL. */
void rm_blackbox_record(struct rm_blackbox *box, const struct rm_blackbox_record *record,
                        const char *detail);

void rm_blackbox_want_report(struct rm_blackbox *box);

/* A machine's number as the report has it; 0 stays 0. */
unsigned rm_blackbox_shown(const struct rm_blackbox_report *report, unsigned number);

/* The name of a fact in the report: "link lost", "shutdown request" .. */
const char *rm_blackbox_fact_name(enum rm_failover_event_kind kind);
const char *rm_blackbox_kind_name(enum rm_blackbox_kind kind);
const char *rm_blackbox_outcome_name(enum rm_blackbox_outcome outcome);

/* Record n of 1 .. record_count, or NULL: pushed out. */
const struct rm_blackbox_record *rm_blackbox_record_at(const struct rm_blackbox *box,
                                                       uint32_t number);

/* Members of the JSON: a time, a code and what it means; a row of a list, on a line of its own. */
void rm_blackbox_time_member(const struct rm_blackbox_report *report, struct rm_json *json,
                             const char *name, uint64_t at_ms);
void rm_blackbox_code_members(struct rm_json *json, const char *name, uint32_t code);
void rm_blackbox_begin_row(struct rm_json *json);
void rm_blackbox_end_row(struct rm_json *json);

/* Timeline, failed calls and seconds. */
void rm_blackbox_write_minute(const struct rm_blackbox_report *report, struct rm_json *json);

#endif
