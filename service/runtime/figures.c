#include "runtime/figures.h"

#include <stdio.h>
#include <stdlib.h>

#include <hooks/wide.h>
#include <rm/json.h>
#include <rm/metrics_file.h>

#define FILE_MS   15000u
#define FILE_NAME "\\metrics.prom"
#define NOTE_SIZE 1024
#define PATH_SIZE 1200

struct rm_figures
{
    struct rm_figures_terms terms;
    struct rm_metrics *metrics;
    char path[PATH_SIZE];
    ULONGLONG written_ms;
    bool has_written, is_failure_told;
};

/* ---- the sessions -------------------------------------------------------------------------- */

void rm_figures_begin(struct rm_figures *figures)
{
    rm_metrics_begin(figures->metrics);
}

void rm_figures_take(struct rm_figures *figures, const struct rm_status_slot *slot)
{
    rm_metrics_take(figures->metrics, slot, slot->process_id && rm_status_slot_is_alive(slot));
}

/* ---- the file ------------------------------------------------------------------------------ */

void rm_figures_write(const struct rm_figures *figures, enum rm_metrics_format format,
                      void (*put)(void *to, const char *text), void *to)
{
    struct rm_metrics_facts facts = {
        .version = RM_VERSION, .is_service = true, .now = rm_status_now()};

    rm_metrics_write(figures->metrics, &facts, format, put, to);
}

static void write_file(struct rm_figures *figures)
{
    struct rm_json_buffer buffer = {.bytes = NULL};
    char reason[RM_METRICS_REASON_SIZE] = "out of memory";
    char text[NOTE_SIZE];
    bool is_failed = true;

    rm_figures_write(figures, RM_METRICS_PROMETHEUS, rm_json_buffer_put, &buffer);
    if (!buffer.is_short_of_memory)
        is_failed = rm_metrics_file_put(figures->path, buffer.bytes, buffer.size, reason) != RM_OK;
    free(buffer.bytes);
    if (is_failed && !figures->is_failure_told)
    {
        snprintf(text, sizeof text,
                 "The figures for monitoring can't be written to %s (%s). All else goes on.",
                 figures->path, reason);
        figures->terms.note(figures->terms.note_context, RM_SEVERITY_WARNING, text);
    }
    figures->is_failure_told = is_failed;
}

/* ---- its life ------------------------------------------------------------------------------ */

void rm_figures_end(struct rm_figures *figures, ULONGLONG now_ms)
{
    rm_metrics_end(figures->metrics);
    if (figures->has_written && now_ms - figures->written_ms < FILE_MS)
        return;
    write_file(figures);
    figures->written_ms = now_ms;
    figures->has_written = true;
}

struct rm_figures *rm_figures_new(const struct rm_figures_terms *terms)
{
    struct rm_figures *figures = calloc(1, sizeof *figures);

    if (!figures)
        return NULL;
    figures->terms = *terms;
    figures->metrics = rm_metrics_new(rm_status_now());
    snprintf(figures->path, sizeof figures->path, "%s" FILE_NAME, terms->folder);
    if (figures->metrics)
        return figures;
    rm_figures_free(figures);
    return NULL;
}

void rm_figures_free(struct rm_figures *figures)
{
    wchar_t path[PATH_SIZE];

    if (!figures)
        return;
    /* Figures of nobody would be taken for those of now. */
    if (rm_wide_from_utf8(figures->path, path, PATH_SIZE))
        DeleteFileW(path);
    rm_metrics_free(figures->metrics);
    free(figures);
}
