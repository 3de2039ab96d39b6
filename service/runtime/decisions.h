/* runtime/decisions.h: the sessions of a redundant server, or of linked ones, follow the same
 * machine: who is where, what they agree on (rm/agreement.h), and telling those who are elsewhere.
 *
 * What a session said first is where it is; only from then on it can have moved. So a service that
 * comes back moves nobody.
 *
 * Units: none.
 * Ownership: the list of sessions is the caller's and lives longer.
 * Threads: the service's one.
 * Errors: without memory nobody is told: each session decides for itself.
 * Source: design.md 2 (shared decisions), CX-05, F-12.
 */
#ifndef RM_RUNTIME_DECISIONS_H
#define RM_RUNTIME_DECISIONS_H

#include <rm/event.h>

#include "runtime/sessions.h"

struct rm_decisions;

struct rm_decisions_terms
{
    struct rm_registered_list *sessions;
    void *context;
    /* 0: it is linked with none; -1: there is no such redundant server. */
    int (*link_group)(void *context, const char *server);
    /* Bit n - 1: the service itself has lost machine n of that server. */
    uint32_t (*lost)(void *context, const char *server);
    /* `detail`: who has moved the others, "hmi.exe (12) and trend.exe (13)". */
    void (*agreed)(void *context, const char *server, unsigned machine, const char *detail);
};

struct rm_decisions *rm_decisions_new(const struct rm_decisions_terms *terms);
void rm_decisions_free(struct rm_decisions *decisions); /* NULL is allowed */

/* A session has begun: says to it where the others are, if there are any. */
void rm_decisions_begin(struct rm_decisions *decisions, struct rm_registered *entry);

/* A session says where it is. */
void rm_decisions_active(struct rm_decisions *decisions, struct rm_registered *entry,
                         const struct rm_wire_active *active);

/* Sessions have come, moved or gone, or the service has lost a machine: tells who is to follow.
 * NULL is allowed. */
void rm_decisions_look(struct rm_decisions *decisions);

/* Where the sessions of that server are; 0: not known. */
unsigned rm_decisions_where(const struct rm_decisions *decisions, const char *server);

#endif
