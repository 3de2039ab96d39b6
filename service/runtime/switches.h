/* runtime/switches.h: the last switch of each redundant server, by the sessions' status.
 *
 * Sessions publish theirs in shared memory (docs/decisions/0013-status-and-events.md), which goes
 * with them: this keeps it for whoever looks after that. A session's first machine is no switch.
 * What happens in the last second of a session's life may be missed.
 *
 * Units: FILETIMEs as numbers.
 * Ownership: rm_switches_clear frees.
 * Threads: the service's one.
 * Errors: none are told: what can't be read isn't known.
 * Source: RM-190; D2-13.
 */
#ifndef RM_RUNTIME_SWITCHES_H
#define RM_RUNTIME_SWITCHES_H

#include <rm/status_section.h>
#include <rm/wire.h>

struct rm_switch
{
    struct rm_switch *next;
    struct rm_wire_server_row row; /* only what is said of the switch */
};

struct rm_switches
{
    struct rm_switch *first;
};

/* What a session publishes of itself, at a look about once a second. */
void rm_switches_take(struct rm_switches *switches, const struct rm_status_slot *slot);

/* NULL: none was seen. */
const struct rm_switch *rm_switches_find(const struct rm_switches *switches, const char *server);

void rm_switches_clear(struct rm_switches *switches);

#endif
