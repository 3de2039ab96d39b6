/* internal.h: the sums of the redundant servers, and what was seen of their sessions.
 *
 * Units: as in rm/metrics.h.
 * Ownership: struct rm_metrics owns both lists.
 * Threads: one at a time.
 * Errors: none of its own.
 */
#ifndef RM_METRICS_INTERNAL_H
#define RM_METRICS_INTERNAL_H

#include <rm/failover.h>
#include <rm/metrics.h>

struct rm_metrics_machine
{
    char host[sizeof((struct rm_status_machine *)0)->host];
    /* now, of all sessions */
    uint32_t sessions[RM_CONNECTION_COUNT];
    uint32_t active, connected;
    uint32_t latency_us;    /* the slowest */
    uint32_t ready_percent; /* the lowest */
    uint64_t buffer_updates, buffer_bytes;
    /* ever */
    uint64_t buffer_dropped;
};

struct rm_metrics_server
{
    struct rm_metrics_server *next;
    char progid[RM_PROGID_MAX + 1];
    /* now */
    uint32_t sessions, lost, calls_out, workers_abandoned, writes_held;
    uint64_t items;
    /* ever */
    uint64_t updates_forwarded, updates_suppressed;
    uint64_t switches[RM_CAUSE_COUNT];
    uint32_t machine_count; /* the most that a session had */
    struct rm_metrics_machine machines[RM_MACHINES_MAX];
};

/* How far a session's slot has been counted. */
struct rm_metrics_seen
{
    struct rm_metrics_seen *next;
    struct rm_metrics_server *server;
    uint64_t process_started, session, started_at;
    uint64_t updates_forwarded, updates_suppressed;
    uint64_t switches[RM_CAUSE_COUNT];
    uint64_t buffer_dropped[RM_MACHINES_MAX];
    bool is_there; /* in this round */
};

struct rm_metrics
{
    uint64_t since;
    struct rm_metrics_server *servers; /* by ProgID */
    struct rm_metrics_seen *seen;
};

#endif
