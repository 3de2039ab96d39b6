/* rm/agreement.h: which machine the sessions of several processes are to be on together.
 *
 * A *circle* is all sessions of a redundant server, or of all servers of a link group (CX-05). A
 * session whose own link dies does not ask: it goes to another machine at once and says so. It has
 * *moved* there, until the circle agrees again; the others follow when the circle agrees on that
 * machine. One process alone can't bring that about. The first line that holds counts:
 *
 *   moved to it                                  and
 *   -------------------------------------------  -----------------------------------------------
 *   two processes                                -
 *   one process                                  the service itself has lost the machine that was
 *                                                agreed on: its word is the second one
 *   one whose user may command a switch anyway   no session of its redundant server is left there:
 *                                                linked servers hear of it though they have
 *                                                nobody who could confirm
 *
 * Where no session is any more on the machine that was agreed on, it is the one that most processes
 * are on. Of several the one with the most processes, then the lower number.
 *
 * A session that only followed does not return by itself: those who *lead* do. With fewer than two
 * processes that lead, everybody leads.
 *
 * Units: none.
 * Ownership: plain values; arrays are the caller's, the sessions of a process stand together in
 *   them.
 * Threads: any; no state.
 * Errors: none.
 * Source: design.md 2 (shared decisions), CX-05.
 */
#ifndef RM_AGREEMENT_H
#define RM_AGREEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rm_agreement_session
{
    uint32_t process;  /* the same for all sessions of a process */
    uint32_t server;   /* the same for all sessions of a redundant server */
    unsigned machine;  /* active there; 0 = none */
    unsigned moved;    /* where it has gone by its own decision since the circle agreed; 0 = none */
    bool is_following; /* the others */
    bool is_trusted;   /* its user may command a switch */
};

/* The machine that the circle agrees on from now on; 0: there is none. `agreed` is the one until
 * now, `lost` what the service has lost: bit n - 1 for machine n. */
unsigned rm_agreement_decide(const struct rm_agreement_session *sessions, size_t count,
                             unsigned agreed, uint32_t lost);

/* Whether those who follow in that process are still led: by a session in it, or by two processes.
 */
bool rm_agreement_is_led(const struct rm_agreement_session *sessions, size_t count,
                         uint32_t process);

#endif
