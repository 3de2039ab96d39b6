#include "runtime/figures.h"

#include <stdio.h>
#include <stdlib.h>

#include <hooks/wide.h>
#include <rm/instance.h>
#include <rm/json.h>
#include <rm/metrics_file.h>
#include <rm/status_section_map.h>

#define LOOK_MS   1000u
#define FILE_MS   15000u
#define FILE_NAME "\\metrics.prom"
#define NOTE_SIZE 1024
#define PATH_SIZE 1200

struct rm_figures
{
    struct rm_figures_terms terms;
    struct rm_metrics *metrics;
    struct rm_status_map global, local; /* ours, which all sessions find; and one that was before */
    wchar_t instance[RM_INSTANCE_SIZE];
    char path[PATH_SIZE];
    ULONGLONG looked_ms, written_ms;
    bool has_looked, is_failure_told;
    struct rm_status_slot copy;
};

static uint64_t now_filetime(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return (uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime;
}

/* ---- the sessions -------------------------------------------------------------------------- */

static void open_sections(struct rm_figures *figures)
{
    if (!figures->global.section)
        rm_status_section_open_writer(&figures->global, figures->instance);
    if (!figures->local.section)
        rm_status_section_open_reader(&figures->local, RM_STATUS_SCOPE_LOCAL, figures->instance);
}

/* A slot that was left still has what its session had in the end. */
static void look_at(struct rm_figures *figures, const struct rm_status_section *section)
{
    for (unsigned i = 0; section && i < RM_STATUS_SLOTS; i++)
    {
        if (section->slots[i].started_at && rm_status_slot_read(&section->slots[i], &figures->copy))
            rm_metrics_take(figures->metrics, &figures->copy,
                            figures->copy.process_id && rm_status_slot_is_alive(&figures->copy));
    }
}

static void look(struct rm_figures *figures)
{
    open_sections(figures);
    rm_metrics_begin(figures->metrics);
    look_at(figures, figures->global.section);
    look_at(figures, figures->local.section);
    rm_metrics_end(figures->metrics);
}

/* ---- the file ------------------------------------------------------------------------------ */

void rm_figures_write(const struct rm_figures *figures, enum rm_metrics_format format,
                      void (*put)(void *to, const char *text), void *to)
{
    struct rm_metrics_facts facts = {
        .version = RM_VERSION, .is_service = true, .now = now_filetime()};

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

void rm_figures_round(struct rm_figures *figures, ULONGLONG now_ms)
{
    if (figures->has_looked && now_ms - figures->looked_ms < LOOK_MS)
        return;
    look(figures);
    figures->looked_ms = now_ms;
    if (!figures->has_looked || now_ms - figures->written_ms >= FILE_MS)
    {
        write_file(figures);
        figures->written_ms = now_ms;
    }
    figures->has_looked = true;
}

struct rm_figures *rm_figures_new(const struct rm_figures_terms *terms)
{
    struct rm_figures *figures = calloc(1, sizeof *figures);

    if (!figures)
        return NULL;
    figures->terms = *terms;
    figures->metrics = rm_metrics_new(now_filetime());
    rm_wide_from_utf8(terms->instance, figures->instance, RM_INSTANCE_SIZE);
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
    rm_status_section_close(&figures->global);
    rm_status_section_close(&figures->local);
    rm_metrics_free(figures->metrics);
    free(figures);
}
