#include "report.h"

#include <inttypes.h>

static const char *const fault_names[RM_PROOF_FAULT_COUNT] = {
    [RM_PROOF_LOST] = "lost",
    [RM_PROOF_DOUBLED] = "doubled",
    [RM_PROOF_AGAIN] = "again",
    [RM_PROOF_REORDERED] = "reordered",
};

const char *rm_report_fault_name(enum rm_proof_fault fault)
{
    return fault_names[fault];
}

uint64_t rm_report_ms(uint64_t us)
{
    return (us + 999) / 1000;
}

static void print_examples(const struct rm_outcome *outcome, FILE *out)
{
    const struct rm_proof *proof = outcome->proof;

    for (int fault = 0; fault < RM_PROOF_FAULT_COUNT; fault++)
    {
        for (size_t i = 0; i < proof->example_counts[fault]; i++)
        {
            const struct rm_proof_example *example = &proof->examples[fault][i];
            fprintf(out, "  %s: %s had %" PRId64 ", then %" PRId64 ", at %.3f s\n",
                    fault_names[fault], outcome->item_ids[example->item], example->before,
                    example->now, (double)example->at_us / 1e6);
        }
    }
}

static void print_subscription(const struct rm_outcome *outcome, FILE *out)
{
    const struct rm_proof *proof = outcome->proof;
    const struct rm_proof_totals *totals = &proof->totals;

    fprintf(out, "subscription: %zu items, %" PRIu64 " callbacks, %" PRIu64 " new values",
            proof->item_count, outcome->tally->callbacks, totals->received);
    if (totals->expected)
        fprintf(out, " of %" PRIu64 " expected", totals->expected);
    fprintf(out,
            "\n  lost %" PRIu64 ", doubled %" PRIu64 ", again %" PRIu64 ", reordered %" PRIu64 "\n",
            totals->faults[RM_PROOF_LOST], totals->faults[RM_PROOF_DOUBLED],
            totals->faults[RM_PROOF_AGAIN], totals->faults[RM_PROOF_REORDERED]);
    if (totals->refreshed)
        fprintf(out, "  %" PRIu64 " more were answers to refreshes\n", totals->refreshed);
    print_examples(outcome, out);
    fprintf(out, "  longest gap %.1f ms, at %.3f s", (double)totals->longest_gap_us / 1e3,
            (double)totals->longest_gap_at_us / 1e6);
    if (totals->items_seen)
        fprintf(out, "; of one item %.1f ms (%s)", (double)totals->longest_item_gap_us / 1e3,
                outcome->item_ids[totals->longest_item_gap_item]);
    fprintf(out,
            "\n  quality: %" PRIu64 " good, %" PRIu64 " uncertain, %" PRIu64 " bad (%" PRIu64
            " of them with an error), %" PRIu64 " changes\n",
            totals->good, totals->uncertain, totals->bad, totals->failed, totals->quality_changes);
}

static void print_calls(const struct rm_outcome *outcome, FILE *out)
{
    const struct rm_calls *calls = outcome->calls;

    fprintf(out, "calls: %" PRIu64 ", failed %" PRIu64 "; activation %.1f ms\n", calls->count,
            calls->failed, (double)outcome->tally->create_us / 1e3);
    for (size_t i = 0; i < calls->method_count; i++)
    {
        const struct rm_calls_method *method = &calls->methods[i];
        fprintf(out,
                "  %-48s %6" PRIu64 " x, mean %8.2f ms, slowest %8.2f ms, failed %" PRIu64 "\n",
                method->name, method->count, (double)method->total_us / (double)method->count / 1e3,
                (double)method->slowest_us / 1e3, method->failed);
    }
    for (size_t i = 0; i < calls->code_count; i++)
        fprintf(out, "  failed with 0x%08" PRIX32 ": %" PRIu64 ", first %s\n", calls->codes[i].code,
                calls->codes[i].count, calls->codes[i].first_method);
    for (size_t i = 0; i < RM_CALLS_OUT; i++)
        if (calls->out[i].method)
            fprintf(out, "  still out: %s, for %.0f ms\n", calls->out[i].method,
                    (double)(outcome->now_us - calls->out[i].begin_us) / 1e3);
}

static void print_loops(const struct rm_outcome *outcome, FILE *out)
{
    const struct rm_tally *tally = outcome->tally;
    const struct rm_transactions *transactions = outcome->transactions;

    if (tally->reads)
        fprintf(out, "reads: %" PRIu64 ", values of bad quality %" PRIu64 ", failed %" PRIu64 "\n",
                tally->reads, tally->read_values_bad, tally->read_values_failed);
    if (tally->writes)
        fprintf(out, "writes: %" PRIu64 ", failed %" PRIu64 ", outcome unknown %" PRIu64 "\n",
                tally->writes, tally->writes_failed, tally->writes_unknown);
    if (tally->adds)
        fprintf(out, "groups added and removed: %" PRIu64 "\n", tally->adds);
    if (tally->browses)
        fprintf(out, "browses: %" PRIu64 ", with another result %" PRIu64 "\n", tally->browses,
                tally->browses_wrong);
    if (transactions->sent)
        fprintf(out,
                "asynchronous calls: %" PRIu64 ", refused %" PRIu64 ", answered %" PRIu64
                ", never answered %" PRIu64 ", answers too many %" PRIu64 "\n",
                transactions->sent, transactions->refused, transactions->answered,
                rm_transactions_open(transactions), transactions->doubled + transactions->unknown);
    if (tally->shutdown_requests)
        fprintf(out, "shutdown requests: %" PRIu64 "\n", tally->shutdown_requests);
}

static void print_proof_line(const struct rm_outcome *outcome, FILE *out)
{
    const struct rm_proof_totals *totals = &outcome->proof->totals;
    const struct rm_tally *tally = outcome->tally;
    const struct rm_transactions *transactions = outcome->transactions;
    char reason[RM_REPORT_REASON_BYTES];
    bool passed = rm_report_judge(outcome, reason);
    uint64_t slowest_us;
    const char *slowest = rm_calls_slowest(outcome->calls, outcome->now_us, &slowest_us);

    fprintf(out, "PROOF items=%zu expected=%" PRIu64 " received=%" PRIu64,
            outcome->proof->item_count, totals->expected, totals->received);
    for (int fault = 0; fault < RM_PROOF_FAULT_COUNT; fault++)
        fprintf(out, " %s=%" PRIu64, fault_names[fault], totals->faults[fault]);
    fprintf(out,
            " gap_ms=%" PRIu64 " item_gap_ms=%" PRIu64 " slowest_call_ms=%" PRIu64
            " slowest_call=%s calls=%" PRIu64 " failed_calls=%" PRIu64,
            rm_report_ms(totals->longest_gap_us), rm_report_ms(totals->longest_item_gap_us),
            rm_report_ms(slowest_us), slowest ? slowest : "none", outcome->calls->count,
            outcome->calls->failed);
    fprintf(out,
            " bad_updates=%" PRIu64 " uncertain_updates=%" PRIu64 " quality_changes=%" PRIu64
            " refused_items=%" PRIu64 " writes=%" PRIu64 " writes_failed=%" PRIu64
            " writes_unknown=%" PRIu64,
            totals->bad, totals->uncertain, totals->quality_changes, tally->refused_items,
            tally->writes, tally->writes_failed, tally->writes_unknown);
    fprintf(out,
            " async=%" PRIu64 " async_unanswered=%" PRIu64 " async_answers_too_many=%" PRIu64
            " protocol_errors=%" PRIu64 " adds=%" PRIu64 " browses=%" PRIu64
            " browses_wrong=%" PRIu64 " create_ms=%" PRIu64 " ready_ms=%" PRIu64
            " verdict=%s reason=\"%s\"\n",
            transactions->sent, rm_transactions_open(transactions),
            transactions->doubled + transactions->unknown, tally->protocol_errors, tally->adds,
            tally->browses, tally->browses_wrong, rm_report_ms(tally->create_us),
            rm_report_ms(tally->ready_us), passed ? "PASS" : "FAIL", reason);
}

void rm_report_print(const struct rm_outcome *outcome, FILE *out)
{
    print_subscription(outcome, out);
    print_calls(outcome, out);
    print_loops(outcome, out);
    print_proof_line(outcome, out);
}
