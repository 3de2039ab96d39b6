/* runtime/commands.h: operators' commands: given by way of the service, and told in the log.
 *
 * The record in the registry (hooks/orders_store.h) is what sessions follow. The service writes it
 * for those whom it lets; administrators may write it without the service. Whoever wrote it, the
 * service tells each command once, with who gave it and when, as an event of its own: sessions do
 * not, there are many of them, and any program could.
 *
 * Units: none.
 * Ownership: rm_commands_clear frees.
 * Threads: the service's one.
 * Errors: answered to the peer.
 * Source: D2-13, D2-14, CX-06, CX-07; docs/decisions/0007-who-is-active.md.
 */
#ifndef RM_RUNTIME_COMMANDS_H
#define RM_RUNTIME_COMMANDS_H

#include <pipe/pipe_server.h>

#include "runtime/event_logs.h"

struct rm_commanded_switch;

struct rm_commands
{
    struct rm_event_logs *logs;
    struct rm_commanded_switch *first; /* what may have to be taken back */
};

/* COMMAND and TAKE_BACK, of a peer that has the right to them. */
void rm_commands_give(struct rm_commands *commands, struct rm_pipe_peer *peer,
                      const struct rm_wire_message *request);
void rm_commands_take_back(struct rm_commands *commands, struct rm_pipe_peer *peer,
                           const struct rm_wire_message *request);

/* Tells what was commanded since. To be called about once a second. */
void rm_commands_tell(struct rm_commands *commands);

void rm_commands_clear(struct rm_commands *commands);

#endif
