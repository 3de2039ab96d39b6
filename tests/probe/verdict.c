#include "report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define LEAST_PERCENT 90

#ifdef __MINGW_PRINTF_FORMAT
#define PRINTF_FORMAT __MINGW_PRINTF_FORMAT
#else
#define PRINTF_FORMAT printf
#endif

struct reasons
{
    char *text;
    size_t used;
};

static void add_reason(struct reasons *reasons, const char *format, ...)
    __attribute__((format(PRINTF_FORMAT, 2, 3)));

static void add_reason(struct reasons *reasons, const char *format, ...)
{
    size_t left = RM_REPORT_REASON_BYTES - reasons->used;
    va_list arguments;

    if (reasons->used && left > 3)
    {
        memcpy(reasons->text + reasons->used, "; ", 3);
        reasons->used += 2;
        left -= 2;
    }
    va_start(arguments, format);
    int length = vsnprintf(reasons->text + reasons->used, left, format, arguments);
    va_end(arguments);
    if (length > 0)
        reasons->used += (size_t)length < left ? (size_t)length : left - 1;
}

static void check_limit(struct reasons *reasons, const char *what, uint64_t value, uint64_t limit,
                        const char *unit)
{
    if (limit != RM_OPTIONS_ANY && value > limit)
        add_reason(reasons, "%s %" PRIu64 "%s, limit %" PRIu64, what, value, unit, limit);
}

static void check_amount(struct reasons *reasons, const struct rm_proof *proof)
{
    const struct rm_proof_totals *totals = &proof->totals;

    if (!rm_proof_is_complete(proof))
        add_reason(reasons, "%zu items never had a value",
                   proof->item_count - proof->excluded_count - totals->items_seen);
    if (totals->received == 0)
        add_reason(reasons, "nothing received");
    else if (totals->received * 100 < totals->expected * LEAST_PERCENT)
        add_reason(reasons, "only %" PRIu64 " %% of the expected updates",
                   totals->received * 100 / totals->expected);
}

static void check_manners(struct reasons *reasons, const struct rm_outcome *outcome)
{
    const struct rm_tally *tally = outcome->tally;
    const struct rm_transactions *transactions = outcome->transactions;

    if (tally->refused_items)
        add_reason(reasons, "refused items %" PRIu64, tally->refused_items);
    if (tally->browses_wrong)
        add_reason(reasons, "browses with another result %" PRIu64, tally->browses_wrong);
    if (tally->protocol_errors)
        add_reason(reasons, "protocol errors %" PRIu64 ", first: %s", tally->protocol_errors,
                   tally->first_protocol_error);
    if (rm_transactions_open(transactions))
        add_reason(reasons, "asynchronous calls never answered %" PRIu64,
                   rm_transactions_open(transactions));
    if (transactions->doubled || transactions->unknown)
        add_reason(reasons, "asynchronous answers too many %" PRIu64,
                   transactions->doubled + transactions->unknown);
}

bool rm_report_judge(const struct rm_outcome *outcome, char reason[RM_REPORT_REASON_BYTES])
{
    const struct rm_proof_totals *totals = &outcome->proof->totals;
    const struct rm_limits *limits = &outcome->options->limits;
    struct reasons reasons = {reason, 0};
    uint64_t slowest_us;
    const char *slowest = rm_calls_slowest(outcome->calls, outcome->now_us, &slowest_us);

    reason[0] = '\0';
    if (outcome->gave_up)
        add_reason(&reasons, "%s never came back",
                   slowest ? rm_calls_oldest_out(outcome->calls).method : "a call");
    check_limit(&reasons, "doubled", totals->faults[RM_PROOF_DOUBLED], 0, "");
    check_limit(&reasons, "reordered", totals->faults[RM_PROOF_REORDERED], 0, "");
    check_amount(&reasons, outcome->proof);
    check_limit(&reasons, "lost", totals->faults[RM_PROOF_LOST], limits->max_lost, "");
    check_limit(&reasons, "again", totals->faults[RM_PROOF_AGAIN], limits->max_again, "");
    check_limit(&reasons, "bad updates", totals->bad, limits->max_bad, "");
    check_limit(&reasons, "failed calls", outcome->calls->failed, limits->max_failed, "");
    check_limit(&reasons, "gap", rm_report_ms(totals->longest_gap_us), limits->max_gap_ms, " ms");
    check_limit(&reasons, "gap of an item", rm_report_ms(totals->longest_item_gap_us),
                limits->max_item_gap_ms, " ms");
    check_limit(&reasons, slowest ? slowest : "call", rm_report_ms(slowest_us), limits->max_call_ms,
                " ms");
    check_manners(&reasons, outcome);
    return reasons.used == 0;
}
