/* hooks/command.h: giving an operator's command to the sessions of an enabled server.
 *
 * rmctl does it where there is no service, and the service for everybody else: the record that the
 * sessions read is the same (hooks/orders_store.h).
 *
 * Units: FILETIMEs as numbers.
 * Ownership: the caller's struct.
 * Threads: one writer at a time, as for the store.
 * Errors: false, and a sentence that says what is wrong and what to do.
 * Source: D2-13, D2-14, CX-07.
 */
#ifndef RM_HOOKS_COMMAND_H
#define RM_HOOKS_COMMAND_H

#include <rm/orders.h>

#include <hooks/class_info.h>

#define RM_COMMAND_ERROR_SIZE 512

struct rm_command_target
{
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    unsigned machine_count;
    struct rm_orders now;
};

bool rm_command_open(const char *progid, struct rm_command_target *target,
                     char error[RM_COMMAND_ERROR_SIZE]);

/* What was given meanwhile, to others. */
bool rm_command_refresh(struct rm_command_target *target, char error[RM_COMMAND_ERROR_SIZE]);

/* Stores it; target->now is as stored. */
bool rm_command_give(struct rm_command_target *target, const struct rm_command *command,
                     const char *user, uint64_t now, char error[RM_COMMAND_ERROR_SIZE]);

/* No session has carried out command `number`, the last one: what held before it holds again. One
 * that isn't the last any more is left alone, which is a success. */
bool rm_command_take_back(struct rm_command_target *target, uint32_t number,
                          const struct rm_orders *before, char error[RM_COMMAND_ERROR_SIZE]);

#endif
