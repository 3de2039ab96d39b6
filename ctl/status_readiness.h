/* ctl/status_readiness.h: how ready a machine is to take over, in words.
 *
 * What several sessions say of a machine becomes one sentence: the least ready one counts, for
 * that is who would notice a switch.
 *
 * Units: microseconds.
 * Ownership: the caller's.
 * Threads: one.
 * Errors: none.
 * Source: C-07; design.md 3.6; issue 6.
 */
#ifndef RM_CTL_STATUS_READINESS_H
#define RM_CTL_STATUS_READINESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct rm_status_machine;
struct rm_status_slot;
struct status_server;

/* Of the sessions that are connected to it; NULL: none is. */
const struct rm_status_machine *status_least_ready(const struct status_server *server,
                                                   unsigned machine);

/* Whether there is anything that an engineer should look at. */
bool status_is_imperfect(const struct rm_status_machine *machine);

/* "98 % (3 of 150 items refused, 2 differ, 1 has bad quality)" */
void status_readiness_words(const struct rm_status_machine *machine, char *text, size_t size);

/* "buffer 12 updates, 0.3 % full, 0 dropped", of all sessions where the machine is a standby in
 * hot mode; false: it is in none. */
struct status_buffer
{
    uint64_t updates, dropped;
    double percent; /* how full, the fullest */
};
bool status_buffer_of(const struct status_server *server, unsigned machine,
                      struct status_buffer *buffer);
void status_buffer_words(const struct status_buffer *buffer, char *text, size_t size);

/* The machine's clock minus the active machine's; false: it is that, or one of the two is not
 * known. */
bool status_skew_to_active(const struct rm_status_slot *slot, unsigned machine, int64_t *skew_us);

/* Of the first session that knows it. */
bool status_skew_of(const struct status_server *server, unsigned machine, int64_t *skew_us);

#endif
