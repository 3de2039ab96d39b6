/* rm/liveness.h: whether one subscription of a link still delivers, and what is to be done to know.
 *
 * Callbacks may die while every call is answered. So a group that should deliver and is silent is
 * asked for one: a refresh from the machine's cache, whose answer is a callback. Only one that is
 * not answered is silence; a value that doesn't change is none. Nothing is asked while callbacks
 * come by themselves, be it a keep-alive.
 *
 *   from       when                                             to
 *   ---------  -----------------------------------------------  -------------------------------
 *   any        it should not deliver                            IDLE
 *   any other  a callback came                                  QUIET
 *   IDLE       it should deliver                                FIRST
 *   FIRST      no callback within rate + timeout (C-04)         WANTED
 *   QUIET      no callback for the quiet time (C-05)            WANTED
 *   WANTED     the call for a refresh goes out                  ASKING
 *   WANTED     there is nothing that could be asked for         QUIET, not silent
 *   ASKING     the call came back well                          ASKED
 *   ASKING     it was refused                                   QUIET: that is no silence
 *   ASKING     the machine knows of no sink of ours             TRYING
 *   ASKING     no callback within timeout, but for mercy        TRYING
 *   ASKED      likewise                                         TRYING
 *   TRYING     a callback would have come through to us         SILENT is told; WANTED, or ASKING
 *                                                               while that call is still out
 *
 * Quiet time: one and a half times the keep-alive time where the client has set one, and not
 * before, since a refresh would take the place of its keep-alive; check_ms where the machine keeps
 * our own (rm_liveness_keep_alive); else check_ms or rate + timeout, whichever is longer, so that
 * what a refresh brings is never more frequent than the client's update rate.
 *
 * Mercy: while a long call is out on the link, for busy_grace_ms at most, and while the client
 * keeps a callback, silence doesn't count; it has one timeout from the end of that. Where callbacks
 * come in the client's own apartment, they may be held up there unseen: only a call through it that
 * was sent after the timeout, and came back, shows that there was nothing to come (TRYING).
 *
 * Each SILENT is one question that was not answered, so what follows is asked at once, and counts.
 *
 * Units: milliseconds of a clock that never steps back.
 * Ownership: none.  Threads: the caller's lock; pure.  Errors: none.
 * Source: design.md 3.5, 3.7; C-04, C-05; reference 7.4, 7.6, 7.7.
 */
#ifndef RM_LIVENESS_H
#define RM_LIVENESS_H

#include <stdbool.h>
#include <stdint.h>

/* A shorter check_ms counts as this: the machines have other things to do. */
#define RM_LIVENESS_CHECK_MIN_MS 250

enum rm_liveness_phase
{
    RM_LIVENESS_IDLE,   /* it should not deliver */
    RM_LIVENESS_FIRST,  /* its first callback is awaited */
    RM_LIVENESS_QUIET,  /* it has delivered; nothing is expected before due_ms */
    RM_LIVENESS_WANTED, /* it is to be asked for a refresh as soon as its turn comes */
    RM_LIVENESS_ASKING, /* the call for that is out */
    RM_LIVENESS_ASKED,  /* it has come back */
    RM_LIVENESS_TRYING, /* the answer is late; can one come through to us? */
    RM_LIVENESS_PHASE_COUNT
};

/* How the call for a refresh ended. */
enum rm_liveness_answer
{
    RM_LIVENESS_SENT,    /* a callback is to be expected */
    RM_LIVENESS_REFUSED, /* by the machine, or there is nothing to ask for: none will come */
    RM_LIVENESS_UNKNOWN  /* the machine says that nobody is to get callbacks */
};

enum rm_liveness_news
{
    RM_LIVENESS_NO_NEWS,
    RM_LIVENESS_SILENT, /* it should deliver and doesn't; each time that was found */
    RM_LIVENESS_WELL    /* it was silent and isn't any more */
};

/* One link's settings. */
struct rm_liveness_terms
{
    uint32_t check_ms; /* 0: nothing is watched */
    uint32_t timeout_ms;
    uint32_t busy_grace_ms;
};

/* What is seen of a group at one moment. */
struct rm_liveness_view
{
    bool should_deliver;           /* active and enabled there, with a sink of ours */
    bool has_delivered;            /* any callback came since the last look */
    bool is_busy;                  /* a long call is out on the link */
    bool is_held_up;               /* the client keeps a callback and does not return */
    uint32_t rate_ms;              /* update rate */
    uint32_t client_keep_alive_ms; /* the client's own, as the machine has revised it; 0: none */
    uint32_t own_keep_alive_ms;    /* ours, likewise; 0: the machine keeps none */
    uint64_t through_ms;           /* when the last call that came through the client's apartment
                                      was sent; now, where callbacks don't come in it */
};

/* All zero is IDLE. */
struct rm_liveness
{
    enum rm_liveness_phase phase;
    bool is_first;  /* no callback since it should deliver */
    bool is_silent; /* as told */
    bool is_out;    /* a call for a refresh; one at a time */
    uint64_t due_ms;
    uint64_t asked_ms; /* when the call went out */
};

/* The keep-alive time to be set where the client has set none; 0: none. */
uint32_t rm_liveness_keep_alive(const struct rm_liveness_terms *terms);

/* A first callback is demanded, as from a group that begins (C-04). */
void rm_liveness_demand(struct rm_liveness *watch);

/* Time has passed, or something was delivered. */
enum rm_liveness_news rm_liveness_look(struct rm_liveness *watch,
                                       const struct rm_liveness_terms *terms,
                                       const struct rm_liveness_view *view, uint64_t now_ms);

/* When to look at the latest for the sake of a deadline; UINT64_MAX: none. */
uint64_t rm_liveness_due(const struct rm_liveness *watch);

/* Whether it is to be asked now. */
bool rm_liveness_is_wanted(const struct rm_liveness *watch);

/* Around the call for a refresh; the second one alone where there is nothing to ask for. */
void rm_liveness_ask(struct rm_liveness *watch, const struct rm_liveness_terms *terms,
                     uint64_t now_ms);
void rm_liveness_answer(struct rm_liveness *watch, const struct rm_liveness_terms *terms,
                        const struct rm_liveness_view *view, enum rm_liveness_answer answer,
                        uint64_t now_ms);

/* How many groups may be asked at one look, of so many, if looks are so far apart: in check_ms each
 * gets its turn, and never all at once. */
uint32_t rm_liveness_turns(const struct rm_liveness_terms *terms, uint32_t groups,
                           uint32_t look_ms);

#endif
