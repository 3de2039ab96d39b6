/* rm/metrics.h: what a monitoring system is to know of the redundant servers, from the sessions'
 * status slots (rm/status_section.h).
 *
 * Gauges say how it is now. Counters only grow: a session takes its own ones along when it ends, so
 * they are summed up here for each redundant server, from what each slot has gained between two
 * rounds. What a slot holds that its session has just left is counted, too.
 *
 * The text is that of Prometheus (version 0.0.4), which node exporter's textfile collector and
 * promtool read, or OpenMetrics 1.0: there the families of counters are named without "_total".
 * Either ends with "# EOF".
 *
 * Units: seconds, bytes, as the names say; times given in are FILETIMEs.
 * Ownership: slots are looked at during the call only.
 * Threads: one at a time per object; no clock.
 * Errors: NULL or false: no memory; what was counted so far stays.
 * Source: issue 7 item 8; D2-06: a machine's number is its stable index.
 */
#ifndef RM_METRICS_H
#define RM_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include <rm/status_section.h>

struct rm_metrics;

/* Counts from then on; of sessions that began earlier what they gain. 0: all that there is. */
struct rm_metrics *rm_metrics_new(uint64_t since);
void rm_metrics_free(struct rm_metrics *metrics); /* NULL is allowed */

/* A round: begin, take each slot (a checked copy) that is or was in use, end. */
void rm_metrics_begin(struct rm_metrics *metrics);
bool rm_metrics_take(struct rm_metrics *metrics, const struct rm_status_slot *slot, bool is_alive);
void rm_metrics_end(struct rm_metrics *metrics);

struct rm_metrics_facts
{
    const char *version; /* of the program that tells */
    bool is_service;     /* it is the service, so the counters outlive sessions */
    uint64_t now;
};

enum rm_metrics_format
{
    RM_METRICS_PROMETHEUS,
    RM_METRICS_OPENMETRICS
};

/* By pieces of any length. */
void rm_metrics_write(const struct rm_metrics *metrics, const struct rm_metrics_facts *facts,
                      enum rm_metrics_format format, void (*put)(void *to, const char *text),
                      void *to);

#endif
