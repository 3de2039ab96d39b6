/* watch/watch_group_internal.h: what watch_group.c and watch_items.c share.
 *
 * Units: none.  Ownership, Threads, Errors, Source: watch/watch_group.h.
 */
#ifndef RM_WATCH_GROUP_INTERNAL_H
#define RM_WATCH_GROUP_INTERNAL_H

#include "watch/watch_group.h"

#define HRESULT_GIVEN_UP HRESULT_FROM_WIN32(RPC_S_CALL_CANCELLED)

/* A call goes out; false: HRESULT_GIVEN_UP instead. */
bool rm_watch_group_call(const struct rm_watch_group *group);

/* It came back: with hr, or with HRESULT_GIVEN_UP, for nobody listens any more. */
HRESULT rm_watch_group_back(const struct rm_watch_group *group, HRESULT hr);

/* Those that the server has, or those that it hasn't; which has room for all. */
DWORD rm_watch_group_pick(const struct rm_watch_group *group, bool is_added,
                          struct rm_watch_group_item **which);

/* Those that the server hasn't. */
HRESULT rm_watch_group_add_items(struct rm_watch_group *group);

#endif
