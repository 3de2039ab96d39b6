/* What rmctl compare prints. */
#include <stdarg.h>
#include <stdio.h>

#include "compare_report.h"
#include "output.h"

#define TEXT_SIZE  2048
#define VALUE_SIZE 160
#define WORDS_SIZE 160

void compare_report_begin(struct compare_report *report, struct ctl *ctl, const char *progid,
                          const char *scope)
{
    *report = (struct compare_report){.ctl = ctl, .progid = progid, .json = {.put = ctl_put_json}};
    if (!ctl->is_json)
    {
        output_print("%s: %s\n", progid, scope);
        return;
    }
    ctl->has_printed_json = true;
    rm_json_begin_object(&report->json, NULL);
    rm_json_text(&report->json, "server", progid);
    rm_json_text(&report->json, "scope", scope);
    rm_json_begin_array(&report->json, "lines");
}

static void put_line(struct compare_report *report, struct compare_name machine, const char *kind,
                     const char *text)
{
    if (!report->ctl->is_json)
    {
        output_print("  machine %u '%s': %s\n", machine.number, machine.host, text);
        return;
    }
    rm_json_begin_object(&report->json, NULL);
    rm_json_number(&report->json, "machine", machine.number);
    rm_json_text(&report->json, "host", machine.host);
    rm_json_text(&report->json, "kind", kind);
    rm_json_text(&report->json, "text", text);
}

static void end_line(struct compare_report *report)
{
    if (report->ctl->is_json)
    {
        rm_json_end_object(&report->json);
    }
}

void compare_report_difference(struct compare_report *report, struct compare_name machine,
                               struct compare_name reference,
                               const struct rm_difference *difference)
{
    char text[TEXT_SIZE], words[WORDS_SIZE], here[VALUE_SIZE], there[VALUE_SIZE];
    snprintf(words, sizeof words, "machine %u '%s'", reference.number, reference.host);
    rm_difference_text(difference, words, text, sizeof text);
    report->differences++;
    put_line(report, machine, rm_difference_name(difference->kind), text);
    if (report->ctl->is_json)
    {
        rm_difference_value(difference->kind, difference->here, here, sizeof here);
        rm_difference_value(difference->kind, difference->there, there, sizeof there);
        rm_json_text(&report->json, "name", difference->name);
        rm_json_bool(&report->json, "branch", difference->is_branch);
        rm_json_number(&report->json, "reference", reference.number);
        rm_json_text(&report->json, "here", here);
        rm_json_text(&report->json, "there", there);
    }
    end_line(report);
}

void compare_report_note(struct compare_report *report, struct compare_name machine,
                         const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put_line(report, machine, "note", text);
    end_line(report);
}

void compare_report_more(struct compare_report *report, struct compare_name machine, uint64_t count,
                         const char *advice)
{
    char text[TEXT_SIZE];
    report->differences += count;
    snprintf(text, sizeof text, "%llu more; the list is cut here. %s", (unsigned long long)count,
             advice);
    put_line(report, machine, "more", text);
    if (report->ctl->is_json)
    {
        rm_json_number(&report->json, "count", (int64_t)count);
    }
    end_line(report);
}

void compare_report_failure(struct compare_report *report, struct compare_name machine,
                            const char *format, ...)
{
    char text[TEXT_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    report->failures++;
    output_error("machine %u '%s': %s", machine.number, machine.host, text);
    if (report->ctl->is_json)
    {
        put_line(report, machine, "failure", text);
        end_line(report);
    }
}

enum ctl_exit compare_report_end(struct compare_report *report, const char *compared)
{
    enum ctl_exit status = report->failures > 0      ? COMPARE_INCOMPLETE
                           : report->differences > 0 ? COMPARE_DIFFERENT
                                                     : COMPARE_SAME;
    unsigned long long count = report->differences;
    if (report->ctl->is_json)
    {
        static const char *const results[] = {"same", "different", "incomplete"};
        rm_json_end_array(&report->json);
        rm_json_text(&report->json, "compared", compared);
        rm_json_number(&report->json, "differences", (int64_t)count);
        rm_json_text(&report->json, "result", results[status]);
        rm_json_end_object(&report->json);
        return status;
    }
    output_print("%llu difference%s; compared: %s.\n", count, count == 1 ? "" : "s", compared);
    if (report->failures > 0)
    {
        output_print("The comparison is NOT COMPLETE: see the errors above.\n");
    }
    if (count > 0)
    {
        output_print("Give the machines the same configuration, then compare again: what differs,"
                     " clients notice at a switch.\n");
    }
    return status;
}
