/* ctl/orders.h: giving a command to the sessions of one enabled server, and what they made of it.
 *
 * Units: none.
 * Ownership: struct orders is the caller's and owns nothing.
 * Threads: one.
 * Errors: printed; the result is the exit status.
 * Source: D2-13, D2-14, CX-06, CX-07, CX-14.
 */
#ifndef RM_CTL_ORDERS_H
#define RM_CTL_ORDERS_H

#include <hooks/command.h>

#include "ctl.h"

struct orders
{
    const char *progid;
    const wchar_t *instance; /* rmctl's */
    struct rm_command_target target;
    struct rm_orders before; /* the command that was given */

    /* Of the sessions that were open, once the command was given. */
    size_t sessions, deaf; /* all; those that have not seen it in time */
};

/* For the ProgID that the command line names. */
enum ctl_exit orders_open(struct ctl *ctl, struct orders *orders);

/* Gives the command, by way of the service where it runs, and waits, some seconds at most, until
 * the sessions have seen it. */
enum ctl_exit orders_give(struct ctl *ctl, struct orders *orders, enum rm_order order,
                          uint32_t machine, bool is_forced);

/* How many sessions have seen it. */
void orders_report(struct ctl *ctl, const struct orders *orders);

/* The same, and who has refused the switch and why. One that all have refused is taken back. */
enum ctl_exit orders_report_switch(struct ctl *ctl, struct orders *orders, unsigned machine,
                                   bool is_forced);

/* A note for each session that goes on with this machine for want of another one. */
void orders_warn_active(struct ctl *ctl, const struct orders *orders, unsigned machine);

#endif
