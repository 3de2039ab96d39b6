/* report.h: the verdict on a run, and the run in words, as one line and as JSON.
 *
 * Units: as in the fields' names; printed times are whole milliseconds, rounded up, so that a limit
 * that was passed by a microsecond shows.
 * Ownership: everything is pointed to, nothing kept.
 * Threads: whoever holds what is pointed to.
 * Errors: none.
 */
#ifndef PROBE_REPORT_H
#define PROBE_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "calls.h"
#include "options.h"
#include "proof.h"
#include "transactions.h"

#define RM_REPORT_REASON_BYTES 512

/* Facts that are counted outside the proof of the subscription. */
struct rm_tally
{
    uint64_t callbacks;
    uint64_t refused_items;
    uint64_t protocol_errors; /* callbacks that no correct server sends */
    const char *first_protocol_error;
    uint64_t reads;
    uint64_t read_values_bad;
    uint64_t read_values_failed;
    uint64_t writes;
    uint64_t writes_failed;  /* refused, or certainly not carried out */
    uint64_t writes_unknown; /* the connection was lost while the call was out */
    uint64_t adds;           /* rounds of the add loop */
    uint64_t browses;        /* and of the browse loop */
    uint64_t browses_wrong;  /* that found something else than the first one */
    uint64_t shutdown_requests;
    uint64_t create_us; /* activation */
    uint64_t ready_us;  /* from the subscription to every item's first value; 0: not reached */
};

struct rm_outcome
{
    const struct rm_options *options;
    const struct rm_proof *proof;
    const struct rm_calls *calls;
    const struct rm_transactions *transactions;
    const struct rm_tally *tally;
    const char *const *item_ids; /* as the proof numbers them */
    uint64_t now_us;
    bool gave_up; /* a call was still out when the time was over */
};

/* Fills `reason` ("" on a pass); returns whether the run passed. */
bool rm_report_judge(const struct rm_outcome *outcome, char reason[RM_REPORT_REASON_BYTES]);

/* For people; then the PROOF line. */
void rm_report_print(const struct rm_outcome *outcome, FILE *out);

void rm_report_print_json(const struct rm_outcome *outcome, FILE *out);

/* "lost", "doubled" ... */
const char *rm_report_fault_name(enum rm_proof_fault fault);

/* Whole milliseconds, rounded up. */
uint64_t rm_report_ms(uint64_t us);

#endif
