/* runtime/figures.h: the service's figures for a monitoring system: what rm/metrics.h makes of
 * the sessions' slots, and a file that has it.
 *
 * The file is metrics.prom in the folder of data, written every 15 seconds and taken away when the
 * service stops. No port is opened.
 *
 * Units: milliseconds of any clock that only goes forward.
 * Ownership: texts are the caller's and live longer.
 * Threads: the service's one.
 * Errors: NULL: no memory. A file that can't be written is told to `note`, once.
 * Source: docs/metrics.md.
 */
#ifndef RM_RUNTIME_FIGURES_H
#define RM_RUNTIME_FIGURES_H

#include <windows.h>

#include <rm/event.h>
#include <rm/metrics.h>
#include <rm/status_section_map.h>

struct rm_figures;

struct rm_figures_terms
{
    const char *folder; /* UTF-8 */
    void (*note)(void *context, enum rm_severity severity, const char *text);
    void *note_context;
};

struct rm_figures *rm_figures_new(const struct rm_figures_terms *terms);
void rm_figures_free(struct rm_figures *figures); /* NULL is allowed */

/* A look at the sessions: begin, each slot that there is, end. The file is written when it is due.
 */
void rm_figures_begin(struct rm_figures *figures);
void rm_figures_take(struct rm_figures *figures, const struct rm_status_slot *slot);
void rm_figures_end(struct rm_figures *figures, ULONGLONG now_ms);

/* As they were at the last look. */
void rm_figures_write(const struct rm_figures *figures, enum rm_metrics_format format,
                      void (*put)(void *to, const char *text), void *to);

#endif
