/* ctl/status_switch.h: the last switch of a redundant server, and who commanded it.
 *
 * Sessions that are there say it themselves; of those that have gone the service knows it.
 *
 * Units: FILETIMEs as numbers.
 * Ownership: the caller's struct.
 * Threads: one.
 * Errors: false: there was none, or nobody knows of it.
 * Source: D2-13.
 */
#ifndef RM_CTL_STATUS_SWITCH_H
#define RM_CTL_STATUS_SWITCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <rm/failover.h>
#include <rm/orders.h>
#include <rm/wire.h>

struct status_server;

struct status_switch
{
    uint64_t at;
    unsigned machine;
    enum rm_cause cause;
    uint32_t process_id;
    char process[RM_WIRE_NAME_SIZE];
    char by[RM_ORDERS_USER_SIZE]; /* who commanded it; "": nobody, or that isn't known any more */
};

bool status_last_switch(const struct status_server *server, struct status_switch *last);

/* ", automatic", ", commanded by PLANT\anna"; "" for a session's first machine. */
#define STATUS_BY_SIZE (RM_ORDERS_USER_SIZE + 32)
void status_switch_by(const struct status_switch *last, char text[STATUS_BY_SIZE]);

#endif
