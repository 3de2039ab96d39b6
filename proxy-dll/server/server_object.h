/* server/server_object.h: the server object that the client sees.
 *
 * Units: none.
 * Ownership: COM reference counting; the last Release closes the session.
 * Threads: any; the object aggregates the free-threaded marshaler.
 * Errors: HRESULTs.
 * Source: design.md 3.1; reference 2, 3.1, 9.
 */
#ifndef RM_SERVER_OBJECT_H
#define RM_SERVER_OBJECT_H

#include <opc/opccomn.h>
#include <opc/opcda.h>
#include <opc/opcsec.h>

#include "server/client_security.h"

struct rm_connection_point;
struct rm_session;

struct rm_server_object
{
    IOPCServer IOPCServer_iface; /* also the object's IUnknown */
    IOPCCommon IOPCCommon_iface;
    IOPCBrowseServerAddressSpace IOPCBrowseServerAddressSpace_iface;
    IOPCItemProperties IOPCItemProperties_iface;
    IConnectionPointContainer IConnectionPointContainer_iface;
    IOPCBrowse IOPCBrowse_iface;
    IOPCItemIO IOPCItemIO_iface;
    IPersistFile IPersistFile_iface; /* also IPersist */
    IOPCServerPublicGroups IOPCServerPublicGroups_iface;
    IOPCSecurityNT IOPCSecurityNT_iface;
    IOPCSecurityPrivate IOPCSecurityPrivate_iface;
    struct rm_client_security security;
    IUnknown *marshaler;                        /* free-threaded, aggregated */
    struct rm_connection_point *volatile point; /* NULL: never asked for */
    LONG refs;
    struct rm_session *session;

    SRWLOCK lock;            /* protects the client's shutdown sink */
    IUnknown *shutdown_sink; /* the client's; never called (F-09), kept for EnumConnections */
    DWORD shutdown_cookie, last_cookie;
};

extern const IOPCServerVtbl rm_server_opcserver_vtbl;
extern const IOPCCommonVtbl rm_server_common_vtbl;
extern const IOPCBrowseServerAddressSpaceVtbl rm_server_browse_vtbl;
extern const IOPCItemPropertiesVtbl rm_server_properties_vtbl;
extern const IConnectionPointContainerVtbl rm_server_points_vtbl;
extern const IOPCBrowseVtbl rm_server_browse3_vtbl;
extern const IOPCItemIOVtbl rm_server_item_io_vtbl;
extern const IPersistFileVtbl rm_server_persist_vtbl;
extern const IOPCServerPublicGroupsVtbl rm_server_public_groups_vtbl;
extern const IOPCSecurityNTVtbl rm_server_security_nt_vtbl;
extern const IOPCSecurityPrivateVtbl rm_server_security_private_vtbl;

/* Takes over the session. The object starts with one reference, which is returned as iid; if the
 * object hasn't got iid, it is gone again and the session closed. */
HRESULT rm_server_object_create(struct rm_session *session, REFIID iid, void **object_out);

/* The methods of IUnknown, for all interfaces of the object. */
HRESULT rm_server_object_query(struct rm_server_object *server, REFIID iid, void **out);
ULONG rm_server_object_add_ref(struct rm_server_object *server);
ULONG rm_server_object_release(struct rm_server_object *server);

#endif
