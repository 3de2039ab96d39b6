/* server/server_methods.h: methods of IOPCServer that live in files of their own, and what both
 * GetErrorString share.
 *
 * Units: milliseconds.
 * Ownership: results are the caller's; texts by the COM allocator.
 * Threads: the client's. Parameters have been checked by the caller.
 * Errors: HRESULTs; RM_CALL_REPEAT from those that call the server.
 * Source: reference 3.1, 7.9.2.
 */
#ifndef RM_SERVER_METHODS_H
#define RM_SERVER_METHODS_H

#include "server/server_object.h"

/* server/server_groups.c */
HRESULT rm_server_add_group(struct rm_server_object *server, const WCHAR *name, BOOL is_active,
                            DWORD rate_ms, OPCHANDLE client, LONG *time_bias, FLOAT *deadband,
                            DWORD lcid, OPCHANDLE *handle, DWORD *revised_ms, REFIID iid,
                            IUnknown **group_out);
HRESULT rm_server_group_by_name(struct rm_server_object *server, const WCHAR *name, REFIID iid,
                                IUnknown **group_out);

/* server/server_public_groups.c: of those that the client works with. false: there is none of that
 * name; else *hr says how the query went. Not locked, on the client's thread. */
bool rm_server_public_group_by_name(struct rm_session *session, const WCHAR *name, REFIID iid,
                                    IUnknown **group_out, HRESULT *hr);

/* server/server_enum_groups.c; none that is to be repeated */
HRESULT rm_server_enum_groups(struct rm_server_object *server, OPCENUMSCOPE scope, REFIID iid,
                              IUnknown **enumerator_out);

/* server/server_remove_group.c */
HRESULT rm_server_remove_group(struct rm_server_object *server, OPCHANDLE handle, BOOL is_forced);
HRESULT rm_server_remove_public_group(struct rm_server_object *server, OPCHANDLE handle,
                                      BOOL is_forced);

/* server/server_public_groups.c: the groups of the active machine, by its own names and in its own
 * order. */
struct rm_group_names
{
    DWORD count;
    WCHAR **texts; /* COM allocator's */
    bool is_null;  /* the machine said that there are none by giving no enumerator */
};
HRESULT rm_server_group_names(struct rm_server_object *server, OPCENUMSCOPE scope,
                              struct rm_group_names *names);
void rm_group_names_clear(struct rm_group_names *names);

/* server/error_text.c: the system's text for a code, for when no machine can be asked. lcid 0 is
 * the system's own. E_INVALIDARG: it has none. */
HRESULT rm_error_text(HRESULT code, LCID lcid, WCHAR **text_out);

#endif
