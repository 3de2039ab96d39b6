/* link/readiness.h: how ready a machine is to take over, known while all is well.
 *
 * At the end of each round of synchronisation the machine is compared with the client's items:
 * which of them it has refused; and with the active machine: canonical data types and access
 * rights, which both have given as the results of AddItems; and in hot mode, whose data began with
 * bad quality and has stayed bad though the active machine's is good. When another machine has
 * become active, or an item begins badly, there is a round for that alone.
 *
 * The share of the items that the machine has goes to the state machine, the figures and the first
 * differences into the status section, and what is new into events: some by name, the rest of the
 * round counted.
 *
 * Units: milliseconds.
 * Ownership: the link owns its readiness, and that its list; rm_readiness_clear gives it back.
 * Threads: rm_readiness_is_wanted and _measure on the link's worker of synchronisation, session not
 *   locked; all else locked.
 * Errors: no memory: differences are counted, not listed.
 * Source: C-07; design.md 3.3, 4.
 */
#ifndef RM_READINESS_H
#define RM_READINESS_H

#include <stdbool.h>
#include <windows.h>

#include <rm/status_section.h>

struct rm_link;
struct rm_link_item;
struct rm_session;

#define RM_TOLD_MAX 5 /* differences of a kind that the events of one round name */

struct rm_readiness
{
    bool is_measured;
    DWORD items;                       /* that the client has */
    DWORD refused;                     /* of these the machine hasn't got */
    DWORD differing;                   /* it has them otherwise than the active one */
    DWORD bad;                         /* they began badly there */
    unsigned percent;                  /* that the machine has, as the state machine knows it */
    DWORD differences;                 /* all that were found */
    DWORD listed;                      /* of these */
    struct rm_status_difference *list; /* NULL = none */
};

/* Whether this round is to measure: not if there will be another one, not while clients wait for
 * the link to catch up, and not again so soon. Not locked. */
bool rm_readiness_is_wanted(struct rm_link *link);
void rm_readiness_measure(struct rm_link *link);

/* The event that the machine has refused an item; or one more to count. By the same worker, any
 * lock. */
void rm_readiness_tell_refused(struct rm_link *link, HRESULT hr, const WCHAR *item_id);

void rm_readiness_clear(struct rm_readiness *readiness);

/* Another machine has become active: all are to be compared with it. */
void rm_readiness_due_for_all(struct rm_session *session);

/* Starts a round where it is time for that. By the driver. */
void rm_readiness_watch(struct rm_link *link, ULONGLONG now_ms);

/* A standby has sent a value of an item. */
void rm_readiness_note_quality(struct rm_link *link, struct rm_link_item *link_item, HRESULT error,
                               WORD quality, ULONGLONG now_ms);

#endif
