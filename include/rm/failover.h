/* rm/failover.h: the one state machine that decides which machine of a redundant server is active.
 *
 * Pure: facts go in as events, orders come out as actions, time comes in by value. The same code
 * decides in a client's process and in the service. A driver carries the actions out and reports
 * what came of them as further events.
 *
 * A *link* is one connection to one machine; every CONNECT order starts a new one with a number
 * that is never used again, and every event about a link names it: what arrives late from an old
 * link is recognised by its number and ignored. A *generation* is the same for promotions.
 *
 * States of the whole
 *
 *            START                 a machine connects
 *   IDLE ----------> STARTING ----------------------> SERVING
 *                       |                             |    ^
 *                       | every machine failed        |    | a machine connects
 *                       v                             v    |
 *                     FAILED (F-11)                    SEARCHING  (active lost, none to promote;
 *                                                         |        ALL_LOST once each was tried)
 *   any -- STOP --> STOPPED
 *
 *   FAILED is final: the client's creation fails with the primary's code. A STOP while STARTING
 *   gives no FAIL: whoever stops knows that there is nothing to wait for.
 *
 * States of a machine's connection
 *
 *   DOWN --CONNECT--> CONNECTING --CONNECTED--> UP --lost--> DOWN (retry at retry_at_ms)
 *
 * Start (RM-121, F-11, D2-12): with PRIMARY a machine is promoted as soon as it connects and each
 * better-placed one (line 6 below) has failed; with FIRST whoever connects, one in maintenance
 * last. When all have failed, FAIL with machine 1's code. In warm and hot mode all are connected at
 * once, in cold mode one after the other, each once.
 *
 * The axes of a machine, each with one writer
 *
 *   operator mode   NORMAL, MAINTENANCE, FORCED: what an operator says (operator.c)
 *   connection      DOWN, CONNECTING, UP: hard evidence (connection.c)
 *   ping health     answered or missed in a row, and whether the server says RUNNING (ping.c)
 *   verdict         UNKNOWN, GOOD, BAD and a score: its monitor test (monitor.c)
 *   liveness        reports of silent callbacks in a row (delivery.c)
 *   readiness       all that the client set up is there, and what share of the items (delivery.c)
 *   not observable  what fails here says nothing of the machine: no miss, no silence and no verdict
 *                   counts, no failed connection is told, ALL_LOST is not given. Ends when
 *                   the machine is connected or answers (monitor.c)
 *
 * Verdict and operator mode outlive a link, the rest begins anew with each. Only a machine that is
 * UP can be active: no word of anybody makes a dead machine serve.
 *
 * The order of decision between two machines that are UP; the first line that differs counts
 *
 *   1  FORCED before all others; MAINTENANCE behind all others       the operator's word
 *   2  no missed ping and no silent callbacks before the contrary    a machine that answers
 *   3  the last status said RUNNING, or none was asked yet
 *   4  not BAD before BAD; of two BAD the lower score                the monitor's verdict
 *   5  not damped before damped, ready before not ready              the policy of return
 *   6  the preferred machine, then the lower rank                    the place in the list
 *
 * By it the successor of a *lost* machine is chosen, in the step in which it is lost. An active
 * machine that is UP is left by the table (a dash: doesn't matter; fit: below)
 *
 *   active machine         another machine                  then
 *   ---------------------  -------------------------------  -----------------------------------
 *   any                    an operator's SWITCH goes there  goes (OPERATOR), or REFUSE
 *   FORCED                 -                                stays
 *   any other              FORCED, well, delay over         goes (RETURN)
 *   any other              the partners are there, fit      goes (LINKED); not if SWITCH keeps
 *   MAINTENANCE            fit                              goes (MAINTENANCE)
 *   callbacks silent       fit                              goes (SILENT)
 *   answers, not RUNNING   fit                              goes (NOT_RUNNING)
 *   verdict BAD            fit                              goes (VERDICT)
 *   not in the list        fit                              goes (REMOVED)
 *   any of these five      none is fit                      stays, NO_BETTER_MACHINE once (F-06),
 *                                                           or REMOVED_SERVES
 *   none of these five     home, well, delay over           goes (RETURN), as the policy says
 *   none of these five     anything else                    stays (F-07: a verdict GOOD, too)
 *
 * *Fit* (rm_failover_objection says NONE): UP, in the list, not in maintenance, observable, its
 * last ping answered with RUNNING, callbacks not silent, verdict not BAD, ready. *Well*: fit, and
 * `rise` pings answered in a row; for a FORCED machine verdict, silence and observation don't
 * count. *Ready*: READY was reported, and ready_percent of the items are accepted. *Home*: by
 * policy PRIMARY the preferred machine or the one of rank 1, by BEST each one in front of the
 * active in the order of line 1 and 6.
 *
 * Cold mode knows of the others only what operator and monitor say. A fault, a SWITCH or a partner
 * makes it end the link that works (DISCONNECTED), SEARCHING, and try that machine next. For a
 * fault a machine is tried that has not failed, and has not been left for a fault, since the active
 * one was last well: so of several bad machines each is tried once, and then the best that could be
 * had stays.
 *
 * A machine in maintenance keeps its link, and is active rather than none: at the start, in a
 * search and in cold mode's round (there one with a BAD verdict, too) it comes when each other one
 * has failed.
 *
 * SWITCH is refused with the reason to a machine that isn't fit. is_forced makes the
 * machine FORCED, whatever is known against it; it must be UP (cold mode: connects it). Where a
 * SWITCH has gone, it keeps: no return, no partner leads away, only loss, fault or another word;
 * AUTOMATIC ends that.
 *
 * A return goes to a machine that is well and has been so for the return delay (well_since_ms
 * starts again when any of it ceases); each return that fails doubles the delay (0 counts as 1 s),
 * to at most 5 minutes, until one has held for 10 minutes. Leaving it for a fault is failing, too.
 * A machine that was promoted flap_limit times within flap_window_ms is *damped*: told once, not
 * returned to until the oldest of these promotions is out of the window. No return in cold mode
 * (RM-139), where a SWITCH has gone, while `acknowledge` holds it, nor after following the
 * partners: who leads, returns (until AUTOMATIC, or LINKED to 0: the leader is gone).
 *
 * *Partners* are the sessions that are to be on the same machine: those of the same redundant
 * server in other processes (design.md 2) and those of linked servers (CX-05); who follows whom is
 * not decided here. Each promotion of another machine than the last one is reported by
 * TELL_PARTNERS, but what partners told is not told back. LINKED to a machine that is not fit is
 * kept in mind until it is (told once), or until something is decided here, or LINKED to 0.
 *
 * CX-07: a promotion of another machine than the last one, not commanded: HOLD_WRITES until
 * ACKNOWLEDGE or a SWITCH gives RELEASE_WRITES, where the setting says so.
 *
 * CX-24: where every machine is another computer, the standbys are pinged whenever the active one
 * is, so that a network that is gone is seen on all at once and nobody is promoted in vain. When
 * all were lost by timeout or transport within one detection time, the event is NETWORK_LOST in
 * place of ALL_LOST.
 *
 * A step more than one interval and one timeout behind next_ms, or a clock that goes back by more
 * than a second (less is two threads that overtook each other): STARVED is told, at most each 10
 * minutes, and for one ping timeout nothing is decided on soft evidence: pings that are out have
 * that much more, attempts to connect at least that much, who was well has to be so from then on.
 * Hard evidence and commands count at once. When the clock goes back, all times go back with it.
 *
 * Active lost: the best machine that is UP is promoted in the same step; with none, SEARCHING: the
 * first that connects is promoted. ALL_LOST is given once per search, when every machine has
 * failed. Warm and hot: a machine that is DOWN has failed, one that was CONNECTING when the search
 * began gets that attempt; so ALL_LOST can come in the same step. Cold: the others are tried in
 * turn, beginning behind the lost one, and round again. A machine is tried again
 * reconnect_interval_ms after it was lost or its attempt failed, so a round of cold mode takes at
 * least that long. An attempt longer than connect_timeout_ms has failed, with the code of
 * ERROR_TIMEOUT.
 * A standby whose server runs and refuses (a connection limit, mostly) is left in peace: each
 * refusal doubles the time to the next attempt, to at most a minute. When the active machine is
 * lost, it is tried at once, and ALL_LOST waits for that attempt.
 *
 * Pings: the first right after UP, then one each ping_interval_ms from the last sending, one out
 * per link; SUSPECT brings the next one forward to now. Not answered within ping_timeout_ms: one
 * missed, and one more each ping_interval_ms while the same one stays out. A step that comes late
 * counts one.
 *
 * Evidence: a lost transport, a process that is gone and a shutdown request are hard, they end the
 * link at once. Soft evidence counts after `fall` in a row: a ping that is not answered within the
 * timeout ends the link; callbacks that are silent end a standby's link, and the active one's after
 * it was left; an answer that doesn't say RUNNING ends none. While a long call is out on the link,
 * an unanswered ping counts only after busy_grace_ms; when the call ends, the ping has one timeout
 * from then on, never more than the call had excused. A server that answers a ping with an error
 * has answered; it doesn't say RUNNING, nor that it isn't: the event gives the code.
 *
 * SETTINGS (RM-230): all are in force in that step. A time that runs meanwhile (to the next ping,
 * of a ping that is out and of its excuse by a long call, of an attempt, to the next attempt) grows
 * by what its setting grew by; a shorter one lets it end after one whole new time from now at the
 * latest, so nothing is missed or has failed only because a setting was changed.
 *
 *   changed                   what there is                    then
 *   ------------------------  -------------------------------  ------------------------------------
 *   fall                      silences, answers not RUNNING    at fault or not, as before; if not,
 *                                                              one more fact is needed
 *   rise, readyPercent        who is well                      judged anew; who still is, has been
 *                                                              so since then
 *   returnDelay               a delay that was doubled         is over; counts from well_since_ms
 *   returnPolicy, flapLimit,  the active machine, promotions   judged anew
 *     flapWindow
 *   acknowledge               a switch that waits for it       HOLD_WRITES or RELEASE_WRITES; with
 *                                                              NONE it waits for nobody
 *   is_linked to false        partners that were followed      forgotten
 *   startPolicy, preferred    -                                for a start; PREFER tells of it
 *   cold to warm or hot       machines that are DOWN           all are connected at once
 *   warm or hot to cold       links but the active machine's   end (DISCONNECTED); a place of the
 *                                                              partners not reached yet: forgotten
 *   warm to hot, hot to warm  -                                the driver's business
 *
 * A change of the mode leaves the active machine as it is; without one, cold mode keeps the best
 * that is UP, else the best-placed attempt.
 *
 * MACHINES (RM-230): another list. A machine's *number* is its name for as long as the state
 * machine lives, given in the order in which the machines came; its *rank* is its place in the
 * list, 1 is the primary, 0: it is in the list no more. So a machine that is in both lists keeps
 * all that is known of it, its link and what an operator has said, whatever its new rank; nothing
 * else is renumbered. The preferred machine, SWITCH and so on go by number, too. Whoever tells
 * users of a machine, or hears of one, goes by rank.
 *
 *   machine                    then
 *   -------------------------  -------------------------------------------------------------------
 *   new, or in the list again  begins as at START; in warm and hot mode it is connected at once
 *   moved                      stays what it is; a return to another home is the policy's business
 *   removed, a standby         its link ends (REMOVED, DISCONNECTED), no operator's word and no
 *                              verdict of it holds any more
 *   removed, the active one    the same words are forgotten; it is left for one that is fit, as for
 *                              a fault, and its link ends in that step. With none fit it goes on
 *                              serving, for nobody is better off without it, and is told once
 *                              (REMOVED_SERVES). Cold mode knows of no other whether it is fit: it
 *                              tries one that has not failed. Once left or lost it is never tried
 *                              again
 *
 * While no machine serves, all of the new list are tried at once. A number of rank 0 that is DOWN
 * may be given to another machine.
 *
 * Events: CONNECT_FAILED for the first failed attempt since the start or since the machine was UP
 * (RM-251), STANDBY_REFUSED likewise for the first refusal while another one is active; STATUS_LOST
 * when a link that was UP dies by ping or transport; DISCONNECTED only when we end a link that
 * works, at STOP and where cold mode leaves it (RM-248); CALLBACKS_SILENT and NOT_RUNNING when the
 * count reaches `fall`; CONNECTED and PROMOTED each time.
 *
 * Invariants (rm_failover_check):
 *   I1  active is 0 exactly when the phase is not SERVING
 *   I2  the active machine is UP
 *   I3  in cold mode at most one machine is CONNECTING or UP
 *   I4  in warm and hot mode, in STARTING, SERVING and SEARCHING, each machine is UP, CONNECTING or
 *       has a retry time
 *   I5  the generation never decreases, and grows by one with each PROMOTE
 *   I6  link numbers strictly increase
 *   I7  no PING is outstanding on a machine that is not UP
 *   I8  after STOP nothing is UP or CONNECTING and no action but DISCONNECT was given, and the
 *       DISCONNECTED events that tell of it
 *   I9  PROMOTE is never given for the machine that is active already, nor for one that isn't UP;
 *       cold mode may leave it for a fault in the same step
 *   I10 actions never overflow RM_FAILOVER_ACTIONS_MAX
 *   I11 at most one machine is FORCED
 *   I12 where a SWITCH keeps us is the active machine
 *   I13 an active machine that is UP is left only for one that is fit, but for OPERATOR (F-06); a
 *       FORCED one is returned to also with a BAD verdict or silent callbacks
 *   I14 a FORCED active machine that is UP stays active, unless its mode changes
 *   I15 writes are held exactly from HOLD_WRITES to RELEASE_WRITES
 *   I16 no return to a damped machine, unless it is FORCED
 *   I17 only cold mode in SEARCHING has a machine that is tried out of turn
 *   I18 while decisions are postponed, no machine is left on soft evidence
 *   I19 NO_BETTER_MACHINE is told only of an active machine that is at fault and stays
 *   I20 the last promotion is the last one in the history
 *   I21 the ranks are those from 1 on, each once; who has none is DOWN, or active
 *
 * Units: milliseconds of one monotonic clock that starts anywhere.
 * Ownership: the caller owns struct rm_failover; fixed size, no allocation, no pointers inside.
 * Threads: none of its own; one thread at a time per object.
 * Errors: none. Events that don't fit the state are ignored, and counted in `ignored`.
 * Source: design.md 4; RM-121, RM-130 .. RM-157, RM-230, F-01, F-02, F-05 .. F-07, F-09 .. F-12,
 * F-17, D2-08, D2-12 .. D2-14, CX-05 .. CX-07, CX-11, CX-13, CX-14, CX-18, CX-24, C-05, C-06.
 */
#ifndef RM_FAILOVER_H
#define RM_FAILOVER_H

#include <stdbool.h>
#include <stdint.h>

#include <rm/config.h>
#include <rm/event.h>

#define RM_FAILOVER_ACTIONS_MAX (RM_MACHINE_NUMBERS * 4 + 16)
#define RM_FAILOVER_HISTORY     32 /* promotions that are remembered */
#define RM_NEVER                UINT64_MAX

enum rm_failover_phase
{
    RM_PHASE_IDLE,
    RM_PHASE_STARTING,
    RM_PHASE_SERVING,
    RM_PHASE_SEARCHING,
    RM_PHASE_FAILED,
    RM_PHASE_STOPPED,
    RM_PHASE_COUNT
};

enum rm_connection
{
    RM_CONNECTION_DOWN,
    RM_CONNECTION_CONNECTING,
    RM_CONNECTION_UP,
    RM_CONNECTION_COUNT
};

/* Why a link ended or a machine was promoted; one word each in rm_cause_name. */
enum rm_cause
{
    RM_CAUSE_NONE,
    RM_CAUSE_START,          /* first machine of a new session */
    RM_CAUSE_CONNECT_FAILED, /* activation failed or timed out */
    RM_CAUSE_TRANSPORT,      /* a call said that the transport or the process is gone */
    RM_CAUSE_PING_TIMEOUT,   /* `fall` pings in a row unanswered */
    RM_CAUSE_SHUTDOWN,       /* the server asked its clients to leave (F-09) */
    RM_CAUSE_RETURN,         /* back to a better-placed machine (F-02) */
    RM_CAUSE_FOUND,          /* the first machine that could be connected again */
    RM_CAUSE_STOP,
    RM_CAUSE_REFUSED,     /* the standby's server took no further client */
    RM_CAUSE_OPERATOR,    /* commanded (D2-13, CX-06, CX-13, CX-14) */
    RM_CAUSE_MAINTENANCE, /* the active machine went into maintenance */
    RM_CAUSE_SILENT,      /* its callbacks ceased, though it answers (C-05) */
    RM_CAUSE_NOT_RUNNING, /* it answers, but its server state isn't RUNNING (CX-11) */
    RM_CAUSE_STATUS,      /* it answers, but its GetStatus fails */
    RM_CAUSE_VERDICT,     /* its monitor test is in error */
    RM_CAUSE_LINKED,      /* the partners have switched (CX-05) */
    RM_CAUSE_SETTINGS,    /* cold mode was set: it keeps one link */
    RM_CAUSE_REMOVED,     /* the machine is in the list no more */
    RM_CAUSE_COUNT
};

/* What the operator says of a machine. */
enum rm_operator_mode
{
    RM_OPERATOR_NORMAL,
    RM_OPERATOR_MAINTENANCE, /* is left, isn't returned to; active only where no other is fit */
    RM_OPERATOR_FORCED,      /* active whenever it is UP; at most one machine */
    RM_OPERATOR_COUNT
};

/* What the monitor's test says of a machine. */
enum rm_verdict
{
    RM_VERDICT_UNKNOWN, /* not tested: as good as GOOD */
    RM_VERDICT_GOOD,
    RM_VERDICT_BAD,
    RM_VERDICT_COUNT
};

/* Why a machine is not switched to; one sentence each in rm_refusal_text. */
enum rm_refusal
{
    RM_REFUSAL_NONE,
    RM_REFUSAL_NOT_SERVING, /* no machine is active */
    RM_REFUSAL_NO_MACHINE,  /* there is none of that number */
    RM_REFUSAL_NO_OTHER,    /* "another one" was asked for, and none is fit */
    RM_REFUSAL_ELSEWHERE,   /* another machine is FORCED */
    RM_REFUSAL_NOT_CONNECTED,
    RM_REFUSAL_MAINTENANCE,
    RM_REFUSAL_UNOBSERVABLE,
    RM_REFUSAL_NOT_ANSWERING, /* the last ping was missed, or none was answered yet */
    RM_REFUSAL_SILENT,
    RM_REFUSAL_NOT_RUNNING,
    RM_REFUSAL_VERDICT,
    RM_REFUSAL_NOT_READY,
    RM_REFUSAL_STATUS, /* comes with NOT_RUNNING: it answered GetStatus with an error */
    RM_REFUSAL_REMOVED,
    RM_REFUSAL_COUNT
};

/* Why a machine is to be asked for its status out of turn; a clause each in rm_suspicion_text. */
enum rm_suspicion
{
    RM_SUSPICION_LATE_CALL,    /* a call is out for longer than a ping may take */
    RM_SUSPICION_UNMATCHED,    /* hot mode: a standby has sent an update that it has not */
    RM_SUSPICION_PROCESS_GONE, /* its process, which is on this computer, has ended */
    RM_SUSPICION_COUNT
};

/* The settings that decide; taken from struct rm_server_config by rm_failover_settings_from. */
struct rm_failover_settings
{
    unsigned machine_count; /* numbers, from 1 on: 2 .. 15 at the beginning */
    enum rm_mode mode;
    enum rm_return_policy return_policy;
    uint32_t ping_interval_ms, ping_timeout_ms;
    uint32_t fall, rise;
    uint32_t return_delay_ms;
    uint32_t busy_grace_ms;
    uint32_t connect_timeout_ms;
    uint32_t reconnect_interval_ms;
    enum rm_start_policy start_policy;
    unsigned preferred;     /* D2-14, CX-18: at the beginning; 0 = none */
    uint32_t ready_percent; /* share of items accepted from which a machine counts as ready */
    uint32_t flap_limit;    /* promotions within the window that damp a machine; 0 = never */
    uint32_t flap_window_ms;
    enum rm_acknowledge acknowledge;
    bool is_linked;     /* has partners: sessions of the same server, or of linked ones (CX-05) */
    bool is_all_remote; /* CX-24: every machine is another computer */
};

enum rm_failover_event_kind
{
    RM_FAILOVER_START,
    RM_FAILOVER_TICK,           /* time has passed; at the latest at next_ms */
    RM_FAILOVER_CONNECTED,      /* link: the machine's server object is there */
    RM_FAILOVER_CONNECT_FAILED, /* link, code, is_refused */
    RM_FAILOVER_PING_ANSWERED,  /* link, is_running, code: an error of the server's own */
    RM_FAILOVER_LINK_LOST,      /* link, code: hard evidence; also while CONNECTING */
    RM_FAILOVER_SHUTDOWN,       /* link: IOPCShutdown */
    RM_FAILOVER_READY,          /* link: all that the client set up is there */
    RM_FAILOVER_BUSY,           /* link, is_busy: a long call is out, or none any more */
    RM_FAILOVER_SUSPECT,        /* link, suspicion: ask for its status now */
    RM_FAILOVER_STOP,
    RM_FAILOVER_CALLBACKS,  /* link, is_silent: what should deliver is silent; or has delivered */
    RM_FAILOVER_ITEMS,      /* link, percent: share of the client's items that it accepts */
    RM_FAILOVER_VERDICT,    /* machine, verdict, score: the monitor's test, on change */
    RM_FAILOVER_OBSERVABLE, /* machine, is_unobservable: whether this place can see it at all */
    RM_FAILOVER_OPERATOR_MODE, /* machine, mode */
    RM_FAILOVER_SWITCH,        /* machine (0 = the best other one), is_forced: active from now on */
    RM_FAILOVER_AUTOMATIC,     /* the operator's switches and FORCED are over, the policy decides */
    RM_FAILOVER_PREFER,        /* machine: is in front of all others; 0 = the order of numbers */
    RM_FAILOVER_ACKNOWLEDGE,   /* the operator has seen the switch (CX-07) */
    RM_FAILOVER_LINKED,   /* machine: the partners have promoted it; 0: whom we followed is gone */
    RM_FAILOVER_SETTINGS, /* settings: in force from now on; as many machines as before */
    RM_FAILOVER_MACHINES, /* machine_count, ranks: the list from now on */
    RM_FAILOVER_EVENT_COUNT
};

struct rm_failover_event
{
    enum rm_failover_event_kind kind;
    unsigned machine;     /* its number, where the event is about one */
    uint32_t link;        /* its number */
    uint32_t code;        /* HRESULT bits; no failure code counts as RPC_S_SERVER_UNAVAILABLE */
    bool is_running;      /* PING_ANSWERED: the server's state is RUNNING */
    bool is_busy;         /* BUSY */
    bool is_refused;      /* CONNECT_FAILED: the server itself said no, it can be reached */
    bool is_silent;       /* CALLBACKS */
    bool is_forced;       /* SWITCH: whatever is known against that machine, so long as it is UP */
    bool is_unobservable; /* OBSERVABLE */
    uint32_t percent;     /* ITEMS: 0 .. 100 */
    enum rm_verdict verdict;     /* VERDICT */
    uint32_t score;              /* VERDICT, BAD: how bad, say the weight of the items in error */
    enum rm_operator_mode mode;  /* OPERATOR_MODE */
    enum rm_suspicion suspicion; /* SUSPECT */
    struct rm_failover_settings settings; /* SETTINGS */
    unsigned machine_count;               /* MACHINES: as before, or more of them */
    uint8_t ranks[RM_MACHINE_NUMBERS];    /* MACHINES: [0] is machine 1's; 0 = not in the list */
};

enum rm_failover_action_kind
{
    RM_ACTION_CONNECT,    /* machine, link: activate the server; report CONNECTED or _FAILED */
    RM_ACTION_DISCONNECT, /* machine, link, cause: the link is over; release it in the background.
                             Given for every link that was CONNECTING or UP, exactly once,
                             also after a CONNECT_FAILED or LINK_LOST that you reported */
    RM_ACTION_PING,       /* machine, link: GetStatus; report PING_ANSWERED or LINK_LOST */
    RM_ACTION_PROMOTE,    /* machine, link, generation, cause */
    RM_ACTION_ALL_LOST,   /* no machine answers: tell the client's subscriptions once (F-10) */
    RM_ACTION_FAIL,       /* code: creation fails (F-11) */
    RM_ACTION_EVENT,      /* event, machine, code: for the event log */
    RM_ACTION_REFUSE,     /* machine, refusal: the commanded switch is not made */
    RM_ACTION_TELL_PARTNERS,  /* machine: report LINKED to those that are to follow */
    RM_ACTION_HOLD_WRITES,    /* fail the client's writes from now on (CX-07) */
    RM_ACTION_RELEASE_WRITES, /* let them pass again */
    RM_ACTION_COUNT
};

struct rm_failover_action
{
    enum rm_failover_action_kind kind;
    unsigned machine;
    uint32_t link;
    uint32_t generation;
    uint32_t code;
    enum rm_cause cause;
    enum rm_event_id event;
    enum rm_refusal refusal;
};

struct rm_failover_actions
{
    unsigned count;
    struct rm_failover_action items[RM_FAILOVER_ACTIONS_MAX];
};

struct rm_failover_machine
{
    unsigned rank; /* place in the list, 1 = primary; 0 = in it no more */
    enum rm_connection connection;
    uint32_t link;          /* of the present or the last connection; 0 = never */
    int health;             /* > 0: pings answered in a row; < 0: missed in a row */
    bool is_ready;          /* all that the client set up is there */
    uint32_t ready_percent; /* share of its items that were accepted */
    uint32_t silences;      /* reports of silent callbacks in a row */
    uint32_t stalls;        /* answers in a row that did not say RUNNING, at most `fall` */
    enum rm_operator_mode mode;
    enum rm_verdict verdict;
    uint32_t score;           /* of a BAD verdict */
    bool is_unobservable;     /* what fails here says nothing about the machine */
    bool is_damped;           /* as told; is not returned to */
    bool is_running;          /* last answered status said RUNNING */
    uint32_t status_code;     /* ... or was an error, this one; 0 = it wasn't */
    bool is_busy;             /* a long call is out */
    bool has_failed;          /* not UP since it failed; each search gives a new chance to those
                                 that were CONNECTING (cold: to all but the lost one) */
    bool is_spent;            /* cold: left for a fault since the active machine was well last */
    bool is_failure_told;     /* RM-251: told on transition only */
    bool is_refusal_told;     /* STANDBY_REFUSED likewise */
    uint32_t refusals;        /* in a row, as a standby */
    uint32_t last_code;       /* of the last failure */
    enum rm_cause last_cause; /* why it went down last */
    uint64_t lost_at_ms;      /* RM_NEVER = not since it was UP */
    uint64_t connect_started_ms;
    uint64_t retry_at_ms;   /* RM_NEVER = none */
    uint64_t ping_due_ms;   /* when the next ping is to be sent */
    uint64_t ping_sent_ms;  /* RM_NEVER = none is out */
    uint64_t miss_due_ms;   /* when that ping counts as missed, or once more; busy apart */
    uint64_t well_since_ms; /* UP, RUNNING, READY and `rise` answered since; RM_NEVER = not */
};

struct rm_promotion
{
    uint64_t at_ms;
    unsigned machine; /* 0 = none yet */
    enum rm_cause cause;
};

struct rm_failover
{
    struct rm_failover_settings settings;
    enum rm_failover_phase phase;
    unsigned active; /* 0 = none */
    uint32_t generation;
    uint32_t last_link;  /* the last link number given out */
    uint32_t start_code; /* the primary's code, for FAIL (F-11) */
    bool is_all_lost_told;
    uint32_t return_delay_ms;          /* as doubled by failed returns (F-02) */
    uint64_t returned_at_ms;           /* RM_NEVER = the last promotion was no return */
    enum rm_cause last_cause;          /* of the last promotion */
    uint32_t switches[RM_CAUSE_COUNT]; /* to another machine, by cause */
    uint64_t promoted_at_ms;
    uint64_t next_ms;     /* when the next TICK is wanted; RM_NEVER = none */
    uint64_t now_ms;      /* of the last step */
    uint32_t ignored;     /* events that did not fit: late ones, mostly */
    unsigned last_active; /* the last machine that was active; 0 = none yet */
    unsigned preferred;   /* 0 = none */
    unsigned chosen;      /* the active machine where an operator's switch keeps it; or 0 */
    unsigned sought;      /* cold: the machine that is to be tried next; 0 = in turn */
    enum rm_cause sought_cause;
    unsigned tried;     /* cold: the machine behind which the next one's turn is; 0 = none yet */
    unsigned linked;    /* where the partners are and we are not yet; or 0 */
    bool is_split_told; /* that we can't follow there */
    bool is_following;  /* the last promotion was the partners': theirs is the return, too */
    bool is_no_better_told;   /* F-06: told on transition only */
    bool is_unacknowledged;   /* CX-07: a switch that no operator has seen */
    uint64_t tilt_until_ms;   /* nothing is decided on soft evidence until then; 0 = all is well */
    uint64_t starved_told_ms; /* RM_NEVER = never */
    struct rm_promotion history[RM_FAILOVER_HISTORY];        /* a ring */
    struct rm_failover_machine machines[RM_MACHINE_NUMBERS]; /* [0] is machine 1 */
};

/* Of a session's settings: its machines have ranks. */
void rm_failover_settings_from(struct rm_failover_settings *settings,
                               const struct rm_server_config *server);

void rm_failover_init(struct rm_failover *failover, const struct rm_failover_settings *settings);

/* One step. *actions is emptied first; the orders in it are to be carried out in their sequence. */
void rm_failover_step(struct rm_failover *failover, const struct rm_failover_event *event,
                      uint64_t now_ms, struct rm_failover_actions *actions);

/* CX-07: the client's writes fail until an operator acknowledges the switch. */
bool rm_failover_holds_writes(const struct rm_failover *failover);

/* The machine that a start waits for before it takes another one; 0: the first that comes. */
unsigned rm_failover_first(const struct rm_failover *failover);

/* The machine of that rank; 0: there is none. */
unsigned rm_failover_machine_of_rank(const struct rm_failover *failover, unsigned rank);

/* What is known against a machine, the first in the order of decision; NONE = it is fit. */
enum rm_refusal rm_failover_objection(const struct rm_failover *failover, unsigned machine);

/* The number of the first invariant that does not hold, or 0. `before` is the state in front of
 * the step and may be NULL; `actions` those of the step and may be NULL. For tests. */
unsigned rm_failover_check(const struct rm_failover *failover, const struct rm_failover *before,
                           const struct rm_failover_actions *actions);

const char *rm_phase_name(enum rm_failover_phase phase);
const char *rm_connection_name(enum rm_connection connection);
const char *rm_cause_name(enum rm_cause cause); /* "transport lost", "ping timeout" .. */
const char *rm_operator_mode_name(enum rm_operator_mode mode);
const char *rm_verdict_name(enum rm_verdict verdict);
const char *rm_suspicion_text(enum rm_suspicion suspicion); /* "a call is out for .." */
const char *rm_refusal_text(enum rm_refusal refusal);       /* a clause: "it is not connected" .. */

#endif
