/* summary.c: what happened at a promotion, in sentences that an engineer reads once. */
#include "internal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <rm/code_words.h>

#define CALL_BEFORE_MS    2000u /* a call that failed so shortly before is what told of the loss */
#define STARVED_BEFORE_MS 5000u

struct text
{
    char *buffer;
    size_t size, used;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *text, const char *format, ...)
{
    va_list arguments;
    int count;

    va_start(arguments, format);
    count = vsnprintf(text->buffer + text->used, text->size - text->used, format, arguments);
    va_end(arguments);
    if (count > 0)
    {
        text->used +=
            (size_t)count < text->size - text->used ? (size_t)count : text->size - text->used - 1;
    }
}

/* "machine 1 (opc-a)"; a report must do no harm, whatever it is given. */
static void add_machine(struct text *text, const struct rm_blackbox_report *report,
                        unsigned machine)
{
    if (machine < 1 || machine > report->box->machine_count)
    {
        add(text, "no machine");
        return;
    }
    add(text, "%smachine %u (%.64s)",
        report->failover->machines[machine - 1].rank ? "" : "the removed ",
        rm_blackbox_shown(report, machine), report->config->machines[machine - 1].host);
}

static void add_code(struct text *text, uint32_t code)
{
    const char *words = rm_code_words(code);

    add(text, "0x%08" PRIX32, code);
    if (*words)
    {
        add(text, " (%s)", words);
    }
}

static void add_clock(struct text *text, const struct rm_blackbox_report *report, uint64_t at_ms)
{
    char time[RM_BLACKBOX_TIME_SIZE];

    rm_blackbox_time_text(rm_blackbox_filetime(report->box, at_ms), time);
    add(text, "%.12s", time + strlen("2026-11-21T"));
}

const struct rm_blackbox_record *rm_blackbox_record_at(const struct rm_blackbox *box,
                                                       uint32_t number)
{
    if (!number || number > box->record_count || box->record_count - number >= RM_BLACKBOX_RECORDS)
    {
        return NULL;
    }
    return &box->records[(number - 1) % RM_BLACKBOX_RECORDS];
}

/* The newest record of an event within so long before, machine 0: any; or NULL. */
static const struct rm_blackbox_record *find_event(const struct rm_blackbox *box,
                                                   enum rm_event_id id, unsigned machine,
                                                   uint64_t before_ms, uint64_t within_ms)
{
    for (uint32_t number = box->record_count; number; number--)
    {
        const struct rm_blackbox_record *record = rm_blackbox_record_at(box, number);

        if (!record)
        {
            break;
        }
        if (record->kind == RM_BLACKBOX_EVENT && record->value == (uint32_t)id &&
            (!machine || record->machine == machine) && record->at_ms <= before_ms &&
            record->until_ms + within_ms >= before_ms)
        {
            return record;
        }
    }
    return NULL;
}

/* The call that told of the loss: with that code, shortly before; NULL: it isn't known. */
static const struct rm_blackbox_call *find_call(const struct rm_blackbox *box, unsigned machine,
                                                uint32_t code, uint64_t lost_ms)
{
    const struct rm_blackbox_call *found = NULL;

    for (unsigned i = 0; i < RM_BLACKBOX_CALLS; i++)
    {
        const struct rm_blackbox_call *call = &box->calls[i];

        /* It is entered when its thread goes on, which may be after the loss was decided on. */
        if (call->count && call->outcome == RM_BLACKBOX_LOST && call->machine == machine &&
            call->code == code && call->until_ms + CALL_BEFORE_MS >= lost_ms &&
            call->at_ms <= lost_ms + CALL_BEFORE_MS && (!found || call->at_ms < found->at_ms))
        {
            found = call;
        }
    }
    return found;
}

static void add_transport(struct text *text, const struct rm_blackbox_report *report,
                          const struct rm_blackbox_promotion *promotion)
{
    const struct rm_blackbox_call *call =
        find_call(report->box, promotion->from, promotion->lost_code, promotion->lost_at_ms);

    add(text, "lost ");
    add_machine(text, report, promotion->from);
    add(text, ": %s failed with ", call ? call->name : "a call to its server");
    add_code(text, promotion->lost_code);
}

static void add_timeout(struct text *text, const struct rm_blackbox_report *report,
                        const struct rm_blackbox_promotion *promotion)
{
    add(text, "lost ");
    add_machine(text, report, promotion->from);
    add(text, ": it hangs, is too slow, or nothing comes back from its computer. The status ping");
    if (promotion->ping_sent_ms)
    {
        add(text, " of ");
        add_clock(text, report, promotion->ping_sent_ms);
    }
    add(text, " was not answered (ping timeout %" PRIu32 " ms, missed in a row: %" PRIu32 ")",
        report->config->ping_timeout_ms, promotion->missed);
}

static void add_shutdown(struct text *text, const struct rm_blackbox_report *report,
                         const struct rm_blackbox_promotion *promotion)
{
    const struct rm_blackbox_record *record =
        find_event(report->box, RM_EVENT_SHUTDOWN_RECEIVED, promotion->from,
                   promotion->lost_at_ms + CALL_BEFORE_MS, 2 * CALL_BEFORE_MS);

    add(text, "the server on ");
    add_machine(text, report, promotion->from);
    add(text, " asked its clients to leave (shutdown request");
    for (uint32_t number = report->box->record_count; record && !record->detail[0] && number;
         number--)
    {
        const struct rm_blackbox_record *other = rm_blackbox_record_at(report->box, number);

        if (other && other->kind == RM_BLACKBOX_EVENT && other->value == record->value &&
            other->machine == record->machine && other->detail[0])
        {
            record = other;
        }
    }
    if (record && record->detail[0])
    {
        add(text, ", its reason: '%s'", record->detail);
    }
    add(text, ")");
}

static void add_operator(struct text *text, const struct rm_blackbox_report *report,
                         const struct rm_blackbox_promotion *promotion)
{
    const struct rm_blackbox_record *record =
        find_event(report->box, RM_EVENT_COMMANDED, 0, promotion->at_ms, RM_BLACKBOX_WINDOW_MS);

    add(text, "an operator commanded it");
    if (record)
    {
        add(text, ": %s", record->detail);
    }
}

/* Of a machine that answers. */
static void add_fault(struct text *text, const struct rm_blackbox_report *report, unsigned machine,
                      const char *words)
{
    add_machine(text, report, machine);
    add(text, " answers, but %s", words);
}

static void add_status(struct text *text, const struct rm_blackbox_report *report,
                       const struct rm_blackbox_promotion *promotion)
{
    add_fault(text, report, promotion->from, "its server's status call fails with ");
    add_code(text, promotion->answer_code);
}

/* Why the former machine was left. */
static void add_cause(struct text *text, const struct rm_blackbox_report *report,
                      const struct rm_blackbox_promotion *promotion, enum rm_cause cause)
{
    switch (cause)
    {
    case RM_CAUSE_TRANSPORT: add_transport(text, report, promotion); return;
    case RM_CAUSE_PING_TIMEOUT: add_timeout(text, report, promotion); return;
    case RM_CAUSE_SHUTDOWN: add_shutdown(text, report, promotion); return;
    case RM_CAUSE_OPERATOR: add_operator(text, report, promotion); return;
    case RM_CAUSE_CONNECT_FAILED:
    case RM_CAUSE_REFUSED:
        add_machine(text, report, promotion->from);
        add(text, " could not be connected: ");
        add_code(text, promotion->lost_code);
        return;
    case RM_CAUSE_SILENT:
        add_fault(text, report, promotion->from, "its data callbacks do not come");
        return;
    case RM_CAUSE_NOT_RUNNING:
        add_fault(text, report, promotion->from, "its server is not in the state RUNNING");
        return;
    case RM_CAUSE_STATUS: add_status(text, report, promotion); return;
    case RM_CAUSE_VERDICT:
        add_fault(text, report, promotion->from, "its monitor test is in error");
        return;
    case RM_CAUSE_MAINTENANCE:
        add_machine(text, report, promotion->from);
        add(text, " was put into maintenance");
        return;
    case RM_CAUSE_REMOVED:
        add_machine(text, report, promotion->from);
        add(text, " was taken from the list of machines");
        return;
    case RM_CAUSE_RETURN:
        add_machine(text, report, promotion->to);
        add(text, " is well again and better placed");
        return;
    case RM_CAUSE_LINKED: add(text, "the other clients, or linked servers, are there"); return;
    case RM_CAUSE_NONE:
    case RM_CAUSE_START:
    case RM_CAUSE_FOUND:
    case RM_CAUSE_STOP:
    case RM_CAUSE_SETTINGS:
    case RM_CAUSE_COUNT: break;
    }
    add(text, "%s", rm_cause_name(cause));
}

static void add_figures(struct text *text, const struct rm_blackbox_report *report,
                        const struct rm_blackbox_promotion *promotion)
{
    if (promotion->lost_at_ms && promotion->answered_ms)
    {
        add(text, ", %" PRIu64 " ms after machine %u had last answered a ping",
            promotion->at_ms - promotion->answered_ms, rm_blackbox_shown(report, promotion->from));
    }
    if (promotion->data_ms)
    {
        add(text, "; its first data came %" PRIu64 " ms later",
            promotion->data_ms - promotion->at_ms);
    }
    else if (promotion->at_ms + RM_BLACKBOX_SETTLE_MS <= report->box->now_ms)
    {
        add(text, "; no data callback of it has come since");
    }
}

void rm_blackbox_sentence(const struct rm_blackbox_report *report,
                          const struct rm_blackbox_promotion *promotion,
                          char buffer[RM_BLACKBOX_TEXT_SIZE])
{
    struct text text = {.buffer = buffer, .size = RM_BLACKBOX_TEXT_SIZE};
    const struct rm_blackbox_record *starved =
        find_event(report->box, RM_EVENT_STARVED, 0, promotion->at_ms, STARVED_BEFORE_MS);
    enum rm_cause cause =
        promotion->lost_cause != RM_CAUSE_NONE ? promotion->lost_cause : promotion->cause;

    add_clock(&text, report, promotion->at_ms);
    add(&text, " UTC: ");
    if (promotion->cause == RM_CAUSE_RETURN || !promotion->from)
    {
        cause = promotion->cause;
    }
    add_cause(&text, report, promotion, cause);
    if (!promotion->to)
    {
        add(&text, ". No machine is left: clients get quality bad until one is connected again.");
    }
    else
    {
        add(&text, ". %s ", promotion->cause == RM_CAUSE_RETURN ? "Returned to" : "Switched to");
        add_machine(&text, report, promotion->to);
        if (promotion->cause == RM_CAUSE_FOUND)
        {
            add(&text, ", the first that could be connected");
        }
        add_figures(&text, report, promotion);
        add(&text, ".");
    }
    if (starved)
    {
        add(&text, " This computer was short of time: the checks were %" PRIu32 " ms late.",
            starved->code);
    }
}
