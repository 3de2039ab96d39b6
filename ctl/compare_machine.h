/* ctl/compare_machine.h: one machine's server, as an OPC client sees it: what is in a branch, and
 * what it says of items.
 *
 * Servers may hang, so each machine has a thread that alone calls it: the main thread gives an
 * order, and waits for all machines no longer than each call may take. A machine that doesn't
 * answer is given up for good, its thread left behind, and never looked at again.
 *
 * A branch is listed with IOPCBrowse where `browses_3` says so, else with
 * IOPCBrowseServerAddressSpace; data types and access rights come from ValidateItems, hundreds of
 * items at a time, in an inactive group of our own.
 *
 * Units: milliseconds.
 * Ownership: the caller owns struct compare_machine; list is filled by the machine's thread and
 *   the caller's after each order. One that is given up keeps all that it has until the process
 *   ends.
 * Threads: the main thread calls; what an order writes belongs to the machine's thread until
 *   compare_wait has seen it done.
 * Errors: result and failed_call of each order.
 * Source: reference 5.2 .. 5.4, 6.2; issue 6.
 */
#ifndef RM_CTL_COMPARE_MACHINE_H
#define RM_CTL_COMPARE_MACHINE_H

#include <windows.h>

#include <rm/branch_list.h>
#include <rm/config.h>

#include "ctl.h"

struct compare_connection; /* COM stays in compare_opc.c */

enum compare_order
{
    COMPARE_CONNECT,
    COMPARE_LIST,  /* what is at `place` into `list`, and what the server says of its items */
    COMPARE_CHECK, /* the items of `list`: what the server says of them */
    COMPARE_LEAVE
};

/* A place in the address space: how each of the two interfaces gets there. */
struct compare_place
{
    const char *id;   /* IOPCBrowse: the branch's item ID; "" = the root */
    const char *name; /* the other: down from the level above; where level is 0, the name given */
    unsigned level;   /* 0 = where the comparison begins */
};

struct compare_machine
{
    unsigned number;
    const char *host;
    const struct rm_machine_config *config;
    const char *progid;

    /* The order. */
    enum compare_order order;
    struct compare_place place;
    bool browses_3;

    /* Its outcome. */
    uint32_t result;         /* HRESULT; of LIST and CHECK, too */
    const char *failed_call; /* static; NULL = none */
    enum rm_status list_status;
    struct rm_branch_list list; /* sorted */
    bool has_list;              /* of LIST: it is whole; of CHECK: always */
    bool offers_3, offers_2;    /* CONNECT */

    /* Between the threads. */
    HANDLE thread, wanted, done;
    volatile LONG call_began; /* a tick with its lowest bit set; 0 = no call is out */
    const char *volatile call;
    bool is_busy;     /* the main thread's: an order is out */
    bool is_given_up; /* it doesn't answer */
    bool is_lost;     /* it is out of the comparison */
    bool is_told;     /* that it is given up */
    unsigned failures;
    struct compare_connection *connection;
};

/* false: no thread or event could be made. */
bool compare_machine_start(struct compare_machine *machine);

void compare_give(struct compare_machine *machine, enum compare_order order);

/* Waits until each machine has carried out its order or is given up; false: Ctrl+C. `tell` is
 * called about four times a second. */
bool compare_wait(struct compare_machine *machines, unsigned count, DWORD timeout_ms,
                  void (*tell)(void *context), void *context);

/* compare_opc.c, on the machine's thread. */
void compare_carry_out(struct compare_machine *machine);

#endif
