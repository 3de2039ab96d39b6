#include "report.h"

#include <inttypes.h>

static void print_text(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++)
    {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\')
            fprintf(out, "\\%c", byte);
        else if (byte < 0x20)
            fprintf(out, "\\u%04x", byte);
        else
            fputc(byte, out);
    }
    fputc('"', out);
}

static void print_number(FILE *out, const char *name, uint64_t number)
{
    fprintf(out, "  \"%s\": %" PRIu64 ",\n", name, number);
}

static void print_examples(const struct rm_outcome *outcome, FILE *out)
{
    const struct rm_proof *proof = outcome->proof;
    const char *separator = "\n";

    fputs("  \"examples\": [", out);
    for (int fault = 0; fault < RM_PROOF_FAULT_COUNT; fault++)
    {
        for (size_t i = 0; i < proof->example_counts[fault]; i++)
        {
            const struct rm_proof_example *example = &proof->examples[fault][i];
            fprintf(out, "%s    {\"fault\": \"%s\", \"item\": ", separator,
                    rm_report_fault_name((enum rm_proof_fault)fault));
            print_text(out, outcome->item_ids[example->item]);
            fprintf(out, ", \"before\": %" PRId64 ", \"now\": %" PRId64 ", \"at_ms\": %" PRIu64 "}",
                    example->before, example->now, example->at_us / 1000);
            separator = ",\n";
        }
    }
    fputs("],\n", out);
}

static void print_methods(const struct rm_calls *calls, FILE *out)
{
    fputs("  \"methods\": [", out);
    for (size_t i = 0; i < calls->method_count; i++)
    {
        const struct rm_calls_method *method = &calls->methods[i];
        fprintf(out,
                "%s\n    {\"name\": \"%s\", \"count\": %" PRIu64 ", \"failed\": %" PRIu64
                ", \"total_us\": %" PRIu64 ", \"slowest_us\": %" PRIu64 "}",
                i ? "," : "", method->name, method->count, method->failed, method->total_us,
                method->slowest_us);
    }
    fputs("],\n  \"failed_codes\": [", out);
    for (size_t i = 0; i < calls->code_count; i++)
        fprintf(out,
                "%s\n    {\"code\": \"0x%08" PRIX32 "\", \"count\": %" PRIu64
                ", \"first_method\": \"%s\"}",
                i ? "," : "", calls->codes[i].code, calls->codes[i].count,
                calls->codes[i].first_method);
    fputs("],\n", out);
}

static void print_subscription(const struct rm_outcome *outcome, FILE *out)
{
    const struct rm_proof_totals *totals = &outcome->proof->totals;

    print_number(out, "items", outcome->proof->item_count);
    print_number(out, "callbacks", outcome->tally->callbacks);
    print_number(out, "expected", totals->expected);
    print_number(out, "received", totals->received);
    for (int fault = 0; fault < RM_PROOF_FAULT_COUNT; fault++)
        print_number(out, rm_report_fault_name((enum rm_proof_fault)fault), totals->faults[fault]);
    print_number(out, "refreshed", totals->refreshed);
    print_number(out, "gap_us", totals->longest_gap_us);
    print_number(out, "gap_at_us", totals->longest_gap_at_us);
    print_number(out, "item_gap_us", totals->longest_item_gap_us);
    print_number(out, "good_updates", totals->good);
    print_number(out, "uncertain_updates", totals->uncertain);
    print_number(out, "bad_updates", totals->bad);
    print_number(out, "quality_changes", totals->quality_changes);
    print_examples(outcome, out);
}

static void print_loops(const struct rm_outcome *outcome, FILE *out)
{
    const struct rm_tally *tally = outcome->tally;
    const struct rm_transactions *transactions = outcome->transactions;

    print_number(out, "refused_items", tally->refused_items);
    print_number(out, "protocol_errors", tally->protocol_errors);
    print_number(out, "reads", tally->reads);
    print_number(out, "read_values_bad", tally->read_values_bad);
    print_number(out, "read_values_failed", tally->read_values_failed);
    print_number(out, "writes", tally->writes);
    print_number(out, "writes_failed", tally->writes_failed);
    print_number(out, "writes_unknown", tally->writes_unknown);
    print_number(out, "async", transactions->sent);
    print_number(out, "async_refused", transactions->refused);
    print_number(out, "async_answered", transactions->answered);
    print_number(out, "async_unanswered", rm_transactions_open(transactions));
    print_number(out, "async_answers_too_many", transactions->doubled + transactions->unknown);
    print_number(out, "adds", tally->adds);
    print_number(out, "browses", tally->browses);
    print_number(out, "browses_wrong", tally->browses_wrong);
    print_number(out, "shutdown_requests", tally->shutdown_requests);
    print_number(out, "create_us", tally->create_us);
    print_number(out, "ready_us", tally->ready_us);
}

void rm_report_print_json(const struct rm_outcome *outcome, FILE *out)
{
    char reason[RM_REPORT_REASON_BYTES];
    bool passed = rm_report_judge(outcome, reason);
    uint64_t slowest_us;
    const char *slowest = rm_calls_slowest(outcome->calls, outcome->now_us, &slowest_us);

    fputs("{\n  \"prog_id\": ", out);
    print_text(out, outcome->options->prog_id);
    fputs(",\n", out);
    print_subscription(outcome, out);
    print_number(out, "calls", outcome->calls->count);
    print_number(out, "failed_calls", outcome->calls->failed);
    print_number(out, "slowest_call_us", slowest_us);
    fprintf(out, "  \"slowest_call\": \"%s\",\n", slowest ? slowest : "none");
    print_methods(outcome->calls, out);
    print_loops(outcome, out);
    fprintf(out, "  \"verdict\": \"%s\",\n  \"reason\": ", passed ? "PASS" : "FAIL");
    print_text(out, reason);
    fputs("\n}\n", out);
}
