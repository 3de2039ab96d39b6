/* server.h: one server object: a client's session with the simulated machine.
 *
 * Groups, names, browse position, locale and the shutdown sink belong to this object alone.
 *
 * Ownership: `refs` counts COM references; when they are gone the groups are removed. `holds` keeps
 * the memory for groups that clients still hold (they answer E_FAIL then).
 * Threads: any. Lock order: server, group, device; journal and log last. Nobody outside is called
 * with one of them held.
 * Errors: HRESULTs of OPC.
 * Source: OPC DA 2.05a, OPC Common 1.0.
 */
#ifndef SIM_SERVER_H
#define SIM_SERVER_H

#include "connection.h"
#include "device.h"

#include <opc/opccomn.h>
#include <opc/opcda.h>
#include <opc/opcsec.h>

struct sim_group;

struct sim_server
{
    IOPCServer IOPCServer_iface;
    IOPCCommon IOPCCommon_iface;
    IOPCBrowseServerAddressSpace IOPCBrowseServerAddressSpace_iface;
    IOPCItemProperties IOPCItemProperties_iface;
    IOPCBrowse IOPCBrowse_iface;
    IOPCItemIO IOPCItemIO_iface;
    IOPCServerPublicGroups IOPCServerPublicGroups_iface;
    IPersistFile IPersistFile_iface;
    IOPCSecurityNT IOPCSecurityNT_iface;
    IOPCSecurityPrivate IOPCSecurityPrivate_iface;
    struct sim_connection connection; /* IOPCShutdown */
    LONG refs;
    LONG holds;
    HANDLE ended;            /* set when the session is over */
    struct sim_server *next; /* in the process's list; protected by the list's lock */

    SRWLOCK lock; /* protects all below, and the names of the groups */
    struct sim_group *groups;
    DWORD group_count;
    LCID locale;
    wchar_t *client_name;
    const struct sim_node *position;
    FILETIME last_update;
    wchar_t *saved_name; /* the client's name as the configuration file has it; NULL: none */
    wchar_t *file;       /* of the configuration; NULL: none yet */
    bool is_logged_on;   /* with a user of this server's own */
};

extern const IOPCServerVtbl sim_server_server_vtable;
extern const IOPCCommonVtbl sim_server_common_vtable;
extern const IOPCBrowseServerAddressSpaceVtbl sim_server_browse_vtable;
extern const IOPCItemPropertiesVtbl sim_server_properties_vtable;

HRESULT sim_server_create(REFIID iid, void **object);

/* The three methods that all its interfaces share. */
HRESULT sim_server_query(struct sim_server *server, REFIID iid, void **object);
ULONG sim_server_add_ref(struct sim_server *server);
ULONG sim_server_release(struct sim_server *server);

void sim_server_hold(struct sim_server *server);
void sim_server_unhold(struct sim_server *server);

/* Data was sent to the client. */
void sim_server_note_update(struct sim_server *server);

/* Puts a new group into the list under `name` (NUL: one is made up), taking over the caller's
 * internal reference; OPC_E_DUPLICATENAME, E_FAIL when the server is gone. */
HRESULT sim_server_insert_group(struct sim_server *server, struct sim_group *group,
                                const wchar_t *name);
HRESULT sim_server_rename_group(struct sim_server *server, struct sim_group *group,
                                const wchar_t *name);

/* Takes it out of the list, and the list's internal reference with it; false if it isn't there. */
bool sim_server_take_group(struct sim_server *server, struct sim_group *group);

/* RemoveGroup and RemovePublicGroup: each only for groups of that kind. */
HRESULT sim_server_remove_group(struct sim_server *server, DWORD handle, bool is_public,
                                bool is_forced);

bool sim_server_is_locale(LCID locale);

/* Holds all server objects of this process, at most so many; returns how many. */
int sim_server_hold_all(struct sim_server **all, int capacity);

/* Asks the clients of all server objects of this process to leave. */
void sim_server_shut_down_all(const wchar_t *reason);

#endif
