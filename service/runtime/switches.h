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

#include <rm/status_section_map.h>
#include <rm/wire.h>

struct rm_switch
{
    struct rm_switch *next;
    struct rm_wire_server_row row; /* only what is said of the switch */
};

struct rm_switches
{
    struct rm_status_map map;
    struct rm_switch *first;
};

/* As long as it is open the section is the computer's: also clients of ordinary users, who may not
 * make that, are seen by all. */
void rm_switches_open(struct rm_switches *switches, const char *instance);

/* To be called about once a second. */
void rm_switches_look(struct rm_switches *switches);

/* NULL: none was seen. */
const struct rm_switch *rm_switches_find(const struct rm_switches *switches, const char *server);

void rm_switches_clear(struct rm_switches *switches);

#endif
