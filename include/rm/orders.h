/* rm/orders.h: what operators have commanded of one redundant server on this computer.
 *
 * A record of state, not a queue: which machines are in maintenance, which one is forced, chosen or
 * preferred, and the numbers of the last commands that happen once. Each command raises `number`
 * and writes the record anew; a session looks at it now and then, compares it with what it has seen
 * last, and gets the events for its state machine. One that begins later takes over what still
 * holds. Machines go by their ranks. Beside that it has the last commands, with who gave them and
 * when: what is told of them comes from there. Stored as a block of RM_ORDERS_SIZE bytes: magic
 * "RMO2", then all fields, little endian. The administrators' part of the registry holds it until
 * the computer restarts; that alone decides who may command.
 *
 *   command       what holds afterwards                 a session that begins later
 *   SWITCH        chosen, until AUTOMATIC or SWITCH     begins there if it can
 *   ... forced    forced, until AUTOMATIC, or a         the same, whatever is known against it
 *                 forced SWITCH elsewhere
 *   AUTOMATIC     neither chosen nor forced             -
 *   MAINTENANCE   that machine's, until it is ended     the same
 *   PREFER        preferred, in place of the setting    the same
 *   ACKNOWLEDGE   -                                     has nothing to acknowledge
 *
 * Units: FILETIMEs as numbers.
 * Ownership: plain values; the caller's buffers.
 * Threads: none of its own.
 * Errors: rm_orders_decode trusts nothing: RM_E_INVALID, and *orders is as after rm_orders_init.
 * Source: D2-13, D2-14, CX-06, CX-07, CX-13, CX-14.
 */
#ifndef RM_ORDERS_H
#define RM_ORDERS_H

#include <rm/config.h>
#include <rm/failover.h>
#include <rm/status.h>

#define RM_ORDERS_USER_SIZE 96
#define RM_ORDERS_TEXT_SIZE (RM_ORDERS_USER_SIZE + 64)
#define RM_ORDERS_KEPT      8
#define RM_ORDERS_SIZE                                                                             \
    (4 + 4 * 9 + (RM_PROGID_MAX + 1) + RM_ORDERS_KEPT * (8 + 12 + RM_ORDERS_USER_SIZE))
#define RM_ORDERS_EVENTS_MAX (RM_MACHINES_MAX + 5)
#define RM_ORDERS_AS_SET     UINT32_MAX /* preferred: what the settings say */

enum rm_order
{
    RM_ORDER_SWITCH, /* machine (0 = the best other one), is_forced */
    RM_ORDER_AUTOMATIC,
    RM_ORDER_MAINTENANCE_ON,  /* machine */
    RM_ORDER_MAINTENANCE_OFF, /* machine */
    RM_ORDER_PREFER,          /* machine; 0 = none; RM_ORDERS_AS_SET */
    RM_ORDER_ACKNOWLEDGE,
    RM_ORDER_COUNT
};

struct rm_command
{
    enum rm_order order;
    uint32_t machine;
    bool is_forced;
};

struct rm_commanded
{
    struct rm_command command;
    uint64_t given_at;
    char user[RM_ORDERS_USER_SIZE]; /* "PLANT\\anna" */
};

struct rm_orders
{
    uint32_t number;                        /* of the last command; 0 = there was none */
    uint32_t maintenance;                   /* bit n - 1: machine n */
    uint32_t forced;                        /* machine; 0 = none */
    uint32_t chosen;                        /* the same */
    uint32_t preferred;                     /* machine, 0 or RM_ORDERS_AS_SET */
    uint32_t switch_number, switch_machine; /* the last one, over or not */
    uint32_t automatic_number;
    uint32_t acknowledge_number;
    char server[RM_PROGID_MAX + 1];           /* ProgID */
    struct rm_commanded last[RM_ORDERS_KEPT]; /* command n at (n - 1) % RM_ORDERS_KEPT */
};

void rm_orders_init(struct rm_orders *orders);

/* Whether there can be such a command of a server with so many machines. */
bool rm_command_is_valid(const struct rm_command *command, unsigned machine_count);

/* "switch to machine 2" */
void rm_command_words(const struct rm_command *command, char *text, size_t size);

/* One more command. `user` is cut where it is too long. */
void rm_orders_add(struct rm_orders *orders, const struct rm_command *command, const char *user,
                   uint64_t now);

/* Command number `number`; NULL: there is none, or it is not kept any more. */
const struct rm_commanded *rm_orders_get(const struct rm_orders *orders, uint32_t number);

/* "switch to machine 2 (user PLANT\\anna)" */
void rm_commanded_text(const struct rm_commanded *commanded, char text[RM_ORDERS_TEXT_SIZE]);

/* Who commanded a promotion of that time and cause; NULL: nobody did, or it isn't known any more.
 */
const char *rm_orders_by_whom(const struct rm_orders *orders, enum rm_cause cause,
                              uint64_t promoted_at);

/* No session has carried the last command out, a SWITCH: what held before it holds again. */
void rm_orders_take_back(struct rm_orders *orders, const struct rm_orders *before);

/* Another list of machines (RM-230): ranks[r] is the new rank of the machine that had rank r, 0 =
 * it is in the list no more: what was said of it is over. No command is given by that. */
void rm_orders_renumber(struct rm_orders *orders, const unsigned ranks[RM_MACHINES_MAX + 1]);

/* What a session does that has seen `before` (NULL: it is about to begin), in this sequence.
 * `preferred` is the setting. Answers how many events there are. */
unsigned rm_orders_events(const struct rm_orders *before, const struct rm_orders *now,
                          unsigned preferred,
                          struct rm_failover_event events[RM_ORDERS_EVENTS_MAX]);

void rm_orders_encode(const struct rm_orders *orders, uint8_t bytes[RM_ORDERS_SIZE]);
enum rm_status rm_orders_decode(const uint8_t *bytes, size_t size, struct rm_orders *orders);

#endif
