/* ctl/status_service.h: what the service adds to the state of redundant servers.
 *
 * A service that doesn't answer in time is one that isn't there: nothing here waits for longer than
 * a second, and after that not again for three.
 *
 * Units: milliseconds.
 * Ownership: struct status_service owns its rows; status_service_close frees.
 * Threads: one.
 * Errors: none are told: has_answered says whether there is anything.
 * Source: RM-190; design.md 5 (Health).
 */
#ifndef RM_CTL_STATUS_SERVICE_H
#define RM_CTL_STATUS_SERVICE_H

#include <wchar.h>

#include <rm/service_pipe.h>

struct status_server;

struct status_service
{
    const wchar_t *instance; /* rmctl's */
    struct rm_service_pipe *pipe;
    struct rm_wire_welcome welcome;
    uint64_t retry_ms; /* it is looked for again from then on */
    bool has_answered;
    bool has_stopped; /* it said that it would */

    /* arrays; room counts for both */
    struct rm_wire_server_row *servers;
    struct rm_wire_machine_row *machines;
    size_t server_count, server_room, machine_count, machine_room;
};

/* Asks, over the connection of the last time if it is still there. The struct is all zero at
 * first, but for the instance. */
void status_service_read(struct status_service *service);

/* Only looks whether it is there: for who looks often. */
void status_service_watch(struct status_service *service);
void status_service_close(struct status_service *service);

/* NULL: the service doesn't know it, or isn't there. */
const struct rm_wire_server_row *status_service_find(const struct status_service *service,
                                                     const char *progid);
const struct rm_wire_machine_row *status_service_machine(const struct status_service *service,
                                                         const char *progid, unsigned machine);

/* "in error: 2 of 3 items (Memory.I1, Memory.I2), score 2", "passed", "not tested now" .. */
#define STATUS_MONITOR_SIZE 512
void status_monitor_words(const struct rm_wire_machine_row *row,
                          const struct rm_wire_server_row *server, char text[STATUS_MONITOR_SIZE]);

/* "none", "connecting", "connected", "failed" */
const char *status_own_name(uint32_t own);

#endif
