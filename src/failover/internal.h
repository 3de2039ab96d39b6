/* internal.h: what the parts of the state machine know of each other.
 *
 * step.c takes an event in and calls the others in one fixed sequence: connection.c and ping.c turn
 * facts and time into machines' states, decision.c looks only at those states and chooses, phase.c
 * alone writes phase and active machine. Each axis of a machine (connection, ping health, readiness
 * ..) has one writer, so a further axis is a further file, a field and a line in decision.c's
 * order.
 *
 * Units, Ownership, Threads: as in rm/failover.h.
 * Errors: handlers of events answer whether the event fitted; step.c counts those that did not.
 */
#ifndef RM_FAILOVER_INTERNAL_H
#define RM_FAILOVER_INTERNAL_H

#include <rm/failover.h>

/* HRESULTs for failures that come without one of their own. */
#define RM_CODE_TIMEOUT     0x800705B4u /* ERROR_TIMEOUT */
#define RM_CODE_UNAVAILABLE 0x800706BAu /* RPC_S_SERVER_UNAVAILABLE */

/* F-02: how far failed returns double the delay, and how long one must hold to undo that. */
#define RM_RETURN_DELAY_DOUBLED_MAX_MS 300000u
#define RM_RETURN_HOLD_MS              600000u

/* How far refusals double the time to the next attempt. */
#define RM_REFUSED_DELAY_MAX_MS 60000u

/* One step under way. */
struct rm_step
{
    struct rm_failover *failover;
    struct rm_failover_actions *actions;
    uint64_t now_ms;
};

static inline struct rm_failover_machine *rm_step_machine(const struct rm_step *step,
                                                          unsigned number)
{
    return &step->failover->machines[number - 1];
}

static inline bool rm_machine_is_up(const struct rm_failover_machine *machine)
{
    return machine->connection == RM_CONNECTION_UP;
}

static inline uint64_t rm_earlier(uint64_t one_ms, uint64_t other_ms)
{
    return one_ms < other_ms ? one_ms : other_ms;
}

static inline uint64_t rm_later(uint64_t one_ms, uint64_t other_ms)
{
    return one_ms > other_ms ? one_ms : other_ms;
}

/* phase.c: STARTING, SERVING or SEARCHING: links are kept and watched. */
bool rm_failover_is_alive(const struct rm_failover *failover);
/* The only writer of phase and active machine. machine is 0 for every phase but SERVING. */
void rm_failover_enter(struct rm_step *step, enum rm_failover_phase phase, unsigned machine,
                       enum rm_cause cause);
struct rm_failover_action *rm_failover_order(struct rm_step *step,
                                             enum rm_failover_action_kind kind, unsigned machine);
void rm_failover_tell(struct rm_step *step, enum rm_event_id event, unsigned machine,
                      uint32_t code);

/* connection.c */
bool rm_failover_link_up(struct rm_step *step, unsigned number);
bool rm_failover_connect_failed(struct rm_step *step, unsigned number, uint32_t code,
                                bool is_refused);
bool rm_failover_transport_lost(struct rm_step *step, unsigned number, uint32_t code);
bool rm_failover_shutdown_received(struct rm_step *step, unsigned number, uint32_t code);
void rm_failover_end_link(struct rm_step *step, unsigned number, enum rm_cause cause,
                          uint32_t code);
void rm_failover_time_connects_out(struct rm_step *step);
/* A search begins: who refused as a standby is tried now, and has not failed until then. */
void rm_failover_forget_refusals(struct rm_step *step);
void rm_failover_open_links(struct rm_step *step);
/* When the machine's connection wants to be looked at again. */
uint64_t rm_failover_connection_due(const struct rm_failover *failover, unsigned number);

/* ping.c */
bool rm_failover_ping_answered(struct rm_step *step, unsigned number, bool is_running);
bool rm_failover_set_ready(struct rm_step *step, unsigned number);
bool rm_failover_set_busy(struct rm_step *step, unsigned number, bool is_busy);
bool rm_failover_suspect(struct rm_step *step, unsigned number);
void rm_failover_clear_health(struct rm_failover_machine *machine);
void rm_failover_count_misses(struct rm_step *step);
void rm_failover_judge_wellness(struct rm_step *step);
void rm_failover_send_pings(struct rm_step *step);
uint64_t rm_failover_ping_due(const struct rm_failover *failover, unsigned number);

/* decision.c */
void rm_failover_decide(struct rm_step *step);
void rm_failover_forgive_returns(struct rm_step *step);
uint64_t rm_failover_return_due(const struct rm_failover *failover);

#endif
