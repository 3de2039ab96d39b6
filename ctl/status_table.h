/* ctl/status_table.h: the state of all redundant servers as a table, for somebody who has to see at
 * a glance what is wrong.
 *
 * Units: milliseconds of a monotonic clock for `now_ms`.
 * Ownership: the caller owns the lists; the table gets copies of all texts.
 * Threads: one.
 * Errors: none.
 * Source: issue 3 item 7.
 */
#ifndef RM_CTL_STATUS_TABLE_H
#define RM_CTL_STATUS_TABLE_H

#include "status_source.h"
#include "table.h"

struct status_server;

struct status_moment
{
    struct status_list list;
    uint64_t now_ms;
};

struct status_service;

/* Replaces the table's lines. `before` is an earlier moment, from which rates are computed; its
 * list is empty at first. */
void status_table_fill(struct table *table, const struct status_moment *now,
                       const struct status_moment *before, const struct status_service *service);

/* A line for each machine of one redundant server that clients have open. */
void status_table_add_machines(struct table *table, const struct status_server *server);

/* A line for each machine of which the service has found something wrong. */
void status_table_add_monitor(struct table *table, const struct status_server *server);

/* How many machines its sessions have, and how many of these are up for one of them at least. */
void status_count_machines(const struct status_server *server, unsigned *machines, unsigned *up);

#endif
