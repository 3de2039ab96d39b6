/* subscription.h: one group of a client, with items of several types and a sink: set up, used,
 * given back.
 *
 * Units: milliseconds.
 * Ownership: subscription_open fills what subscription_close frees; the sink lives until the last
 *   reference to it is gone, so struct subscription has to stay where it is as long as the process.
 * Threads: open and close: one at a time; use and refresh: any. `updates` and `answers` are counted
 * by callbacks. Errors: the first HRESULT that failed.
 */
#ifndef SOAK_SUBSCRIPTION_H
#define SOAK_SUBSCRIPTION_H

#include <opc/opcda.h>

#define SUBSCRIPTION_ITEMS 40

struct subscription
{
    IOPCDataCallback IOPCDataCallback_iface;
    volatile LONG updates; /* values in data changes */
    volatile LONG answers; /* to asynchronous reads */

    OPCHANDLE group;
    IOPCItemMgt *items;
    IOPCSyncIO *sync;
    IOPCAsyncIO2 *async;
    IConnectionPoint *point;
    DWORD cookie;
    OPCHANDLE handles[SUBSCRIPTION_ITEMS];
};

/* `number` tells the groups of one server apart. */
HRESULT subscription_open(struct subscription *subscription, IOPCServer *server, unsigned number);

/* Reads all items from the cache, and asks for them asynchronously. */
HRESULT subscription_use(struct subscription *subscription);

/* Asks for all values by a callback. */
HRESULT subscription_refresh(struct subscription *subscription, DWORD transaction);

/* Whether it sends data. */
HRESULT subscription_set_active(struct subscription *subscription, BOOL is_active);

/* How long each data change keeps its server's thread from now on, so that those of several groups
 * meet. */
void subscription_hold_up(LONG time_ms);

void subscription_close(struct subscription *subscription, IOPCServer *server);

#endif
