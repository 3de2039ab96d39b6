/* group.h: one group of the client, with its items, its callback and what is read and written.
 *
 * Life: open (AddGroup, AddItems), advise, read and write, unadvise, close. A group that is no
 * subscription is inactive: reads and writes work, data does not come.
 *
 * Ownership: struct rm_group belongs to the client; it is never freed while the process lives
 * (sink.h). `ids` outlive the group.
 * Threads: open, advise, unadvise, close in the thread that connected; reads and writes there in a
 * single-threaded apartment, in any of the multithreaded one; rm_group_read_one in any callback.
 * Errors: HRESULTs of the calls as they came; E_OUTOFMEMORY.
 */
#ifndef PROBE_GROUP_H
#define PROBE_GROUP_H

#include <opc/opcda.h>

#include "probe.h"

#define RM_GROUP_READ_ITEMS 5 /* at most so many at once in the read loop */

struct rm_group
{
    struct rm_probe *probe;
    OPCHANDLE client_handle;
    bool is_subscription;
    size_t first; /* client handles of its items: first .. first + count - 1 */
    size_t count;
    bool *refused; /* per item: AddItems said no */

    IOPCItemMgt *items;
    IOPCSyncIO *sync;
    IOPCAsyncIO2 *async;
    IConnectionPoint *point;
    DWORD cookie;
    OPCHANDLE server_handle;
    DWORD revised_rate_ms;
    struct rm_sink *sink;

    bool is_open;                       /* protected by probe->lock: callbacks may use `sync` */
    LONG numbers[RM_TRANSACTIONS_RING]; /* protected by it: what the last ones wrote, by id */
    OPCHANDLE *handles;                 /* of the items that were taken */
    DWORD taken_count;
};

/* Fill in probe, client_handle, is_subscription, first and count before. */
HRESULT rm_group_open(struct rm_group *group, IOPCServer *server, const char *const *ids);

HRESULT rm_group_advise(struct rm_group *group);

HRESULT rm_group_read(struct rm_group *group, OPCDATASOURCE source);
HRESULT rm_group_read_async(struct rm_group *group);
HRESULT rm_group_refresh(struct rm_group *group, OPCDATASOURCE source);
HRESULT rm_group_write(struct rm_group *group, LONG number);
HRESULT rm_group_write_async(struct rm_group *group, LONG number);

/* From inside a callback: reads the first item from the cache, if the group is still open. */
void rm_group_read_one(struct rm_group *group);

/* Count one value that was read, one number that was written. */
void rm_group_note_read_value(struct rm_group *group, WORD quality, HRESULT error);
void rm_group_note_written(struct rm_group *group, LONG number, HRESULT error);

/* The same of the asynchronous write that had this transaction id. */
void rm_group_note_answered(struct rm_group *group, DWORD transaction, HRESULT error);

/* All that were taken. */
HRESULT rm_group_remove_items(struct rm_group *group);

void rm_group_unadvise(struct rm_group *group);

/* Releases everything and removes the group from the server. */
void rm_group_close(struct rm_group *group, IOPCServer *server);

#endif
