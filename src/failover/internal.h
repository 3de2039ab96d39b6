/* internal.h: what the parts of the state machine know of each other.
 *
 * step.c takes an event in and calls the others in one fixed sequence: connection.c, ping.c,
 * delivery.c, monitor.c and operator.c turn facts, words and time into machines' states,
 * judgement.c says what those mean together, decision.c and returns.c look only at that and choose,
 * phase.c alone writes phase and active machine. Each axis of a machine has one writer, so a
 * further axis is a further file, a field and a line in judgement.c's order. Only clock.c and
 * new_settings.c move others' times; the latter also has counts of evidence mean what they did.
 * machines.c says who is there: a machine is *listed* while it has a rank.
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
    unsigned wish; /* the machine that an operator wants now; 0 = none */
    struct rm_failover *failover;
    struct rm_failover_actions *actions;
    uint64_t now_ms;
    uint64_t late_ms; /* by how much this step came too late, or the clock jumped; 0 = neither */
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
/* Cold: whose turn it was last. */
void rm_failover_note_tried(struct rm_step *step, unsigned number);
/* A machine is tried at once: it is new in the list. */
void rm_failover_try_now(struct rm_step *step, unsigned number);
/* While all are tried for the first time: FAIL will have the code of the one of rank 1. */
void rm_failover_note_start_code(struct rm_step *step);
/* Cold: the next to be tried, out of turn; and with what cause it is promoted. 0 = none. */
void rm_failover_seek(struct rm_step *step, unsigned number, enum rm_cause cause);
/* Cold: this machine was left for a fault, and is not tried for the next one's fault. */
void rm_failover_note_spent(struct rm_step *step, unsigned number);
/* Cold: the active machine is well, so what the others were like is long ago. */
void rm_failover_forget_failures(struct rm_step *step);
bool rm_failover_is_network_lost(const struct rm_failover *failover);
void rm_failover_open_links(struct rm_step *step);
/* When the machine's connection wants to be looked at again. */
uint64_t rm_failover_connection_due(const struct rm_failover *failover, unsigned number);

/* ping.c */
bool rm_failover_ping_answered(struct rm_step *step, unsigned number, bool is_running,
                               uint32_t code);
bool rm_failover_set_busy(struct rm_step *step, unsigned number, bool is_busy);
bool rm_failover_suspect(struct rm_step *step, unsigned number);
void rm_failover_clear_health(struct rm_failover_machine *machine);
void rm_failover_count_misses(struct rm_step *step);
void rm_failover_judge_wellness(struct rm_step *step);
void rm_failover_send_pings(struct rm_step *step);
uint64_t rm_failover_ping_due(const struct rm_failover *failover, unsigned number);

bool rm_machine_is_stalled(const struct rm_failover *failover,
                           const struct rm_failover_machine *machine);

/* delivery.c */
bool rm_failover_set_ready(struct rm_step *step, unsigned number);
bool rm_failover_set_items(struct rm_step *step, unsigned number, uint32_t percent);
bool rm_failover_callbacks(struct rm_step *step, unsigned number, bool is_silent);
void rm_failover_clear_delivery(struct rm_failover_machine *machine);
void rm_failover_end_silent_standbys(struct rm_step *step);
bool rm_machine_is_silent(const struct rm_failover *failover,
                          const struct rm_failover_machine *machine);
bool rm_machine_is_set_up(const struct rm_failover *failover,
                          const struct rm_failover_machine *machine);

/* monitor.c */
bool rm_failover_set_verdict(struct rm_step *step, unsigned number, enum rm_verdict verdict,
                             uint32_t score);
bool rm_failover_set_observable(struct rm_step *step, unsigned number, bool is_unobservable);
/* The machine is removed: what was found of it is over. */
void rm_failover_forget_monitor(struct rm_step *step, unsigned number);
/* It was connected, or has answered: it can be observed after all. */
void rm_failover_note_seen(struct rm_failover_machine *machine);
/* As it counts: UNKNOWN where the machine can't be observed. */
enum rm_verdict rm_machine_verdict(const struct rm_failover_machine *machine);

/* operator.c */
bool rm_failover_set_operator_mode(struct rm_step *step, unsigned number,
                                   enum rm_operator_mode mode);
bool rm_failover_command_switch(struct rm_step *step, unsigned number, bool is_forced);
bool rm_failover_command_automatic(struct rm_step *step);
bool rm_failover_prefer(struct rm_step *step, unsigned number);
void rm_failover_note_choice(struct rm_step *step, unsigned number, enum rm_cause cause);
/* The machine is removed: what was said of it is over. */
void rm_failover_forget_operator(struct rm_step *step, unsigned number);

/* linked.c */
bool rm_failover_partner_promoted(struct rm_step *step, unsigned number);
void rm_failover_forget_partners(struct rm_step *step);
/* By the cause of a promotion; NONE ends it. */
void rm_failover_note_following(struct rm_step *step, enum rm_cause cause);
/* The machine to follow the partners to now; 0 = none. */
unsigned rm_failover_linked_target(struct rm_step *step);
void rm_failover_tell_partners(struct rm_step *step, unsigned number, enum rm_cause cause);

/* acknowledge.c */
bool rm_failover_command_acknowledge(struct rm_step *step);
bool rm_failover_holds_return(const struct rm_failover *failover);
void rm_failover_note_acknowledge_policy(struct rm_step *step, bool were_writes_held);
void rm_failover_note_switch(struct rm_step *step, unsigned number, enum rm_cause cause);

/* machines.c: who is in the list. */
bool rm_failover_is_listed(const struct rm_failover *failover, unsigned number);
bool rm_failover_change_machines(struct rm_step *step, const struct rm_failover_event *event);
/* As it is at the beginning; its rank stays. */
void rm_failover_begin_machine(struct rm_failover_machine *machine);
/* The links of machines that are removed, but the active one's. */
void rm_failover_end_removed(struct rm_step *step);

/* new_settings.c */
bool rm_failover_change_settings(struct rm_step *step, const struct rm_failover_settings *settings);

/* history.c */
void rm_failover_note_history(struct rm_step *step, unsigned number, enum rm_cause cause);
void rm_failover_judge_damping(struct rm_step *step);
uint64_t rm_failover_damped_until(const struct rm_failover *failover, unsigned number);
uint64_t rm_failover_damping_due(const struct rm_failover *failover, unsigned number);

/* clock.c: sets the step's time; what is to be judged by time waits where that can't be trusted. */
void rm_failover_read_clock(struct rm_step *step, uint64_t given_ms);
void rm_failover_tell_starved(struct rm_step *step);
bool rm_failover_is_tilted(const struct rm_failover *failover, uint64_t now_ms);
/* The ping timeout is another one: what was postponed waits for no longer than that. */
void rm_failover_note_timeout(struct rm_step *step);

/* placement.c: places are 1 .. machine_count, each machine has one. */
unsigned rm_failover_place_of(const struct rm_failover *failover, unsigned number);
unsigned rm_failover_machine_at(const struct rm_failover *failover, unsigned place);
/* Where RM-124 returns to. */
unsigned rm_failover_home(const struct rm_failover *failover);

/* judgement.c */
/* Why the active machine should be left though it is UP; NONE = it should not. */
enum rm_cause rm_failover_fault(const struct rm_failover *failover, unsigned number);
/* What is known against a switch there, as a command or a partner's switch finds it. Cold mode
 * doesn't ask for a connection. */
enum rm_refusal rm_failover_obstacle(const struct rm_step *step, unsigned number);
/* The best machine that is UP, and the fit one that is best to take over; 0 = none. */
unsigned rm_failover_find_best(const struct rm_step *step);
unsigned rm_failover_find_successor(const struct rm_step *step);

/* returns.c */
void rm_failover_decide_return(struct rm_step *step);
/* The machine that was returned to is left again: the next return has to wait twice as long. */
void rm_failover_note_failed_return(struct rm_step *step);
void rm_failover_forgive_returns(struct rm_step *step);
uint64_t rm_failover_return_due(const struct rm_failover *failover);

/* decision.c */
void rm_failover_decide(struct rm_step *step);

#endif
