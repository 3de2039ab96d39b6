/* keeper.h: holds on to one object of every interface of a machine, and gives it one sink.
 *
 * Wine (8.0) takes an interface away from RPC when its last object goes, and can wait for ever when
 * a call of it ends at that moment. While somebody holds an object of each, that does not happen.
 *
 * Ownership: keeper_drop gives everything back.
 * Threads: one.  Errors: an interface that the server has not is left out.
 */
#ifndef CONFORMANCE_KEEPER_H
#define CONFORMANCE_KEEPER_H

#include <unknwn.h>

#define KEEPER_OBJECTS 48

struct keeper
{
    IUnknown *objects[KEEPER_OBJECTS];
    int count;
};

/* `group` has items. */
void keeper_hold(struct keeper *keeper, IUnknown *server, IUnknown *group);
void keeper_drop(struct keeper *keeper);

#endif
