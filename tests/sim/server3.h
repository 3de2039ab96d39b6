/* server3.h: the interfaces of a server object beyond OPC DA 2.05a, where the options give it some.
 *
 * Ownership, threads, errors: as server.h says.
 * Source: OPC DA 2.05a and 3.0, OPC Security 1.0.
 */
#ifndef SIM_SERVER3_H
#define SIM_SERVER3_H

#include "server.h"

extern const IOPCBrowseVtbl sim_server_browse3_vtable;
extern const IOPCItemIOVtbl sim_server_io_vtable;
extern const IOPCServerPublicGroupsVtbl sim_server_public_vtable;
extern const IPersistFileVtbl sim_server_persist_vtable;
extern const IOPCSecurityNTVtbl sim_server_security_nt_vtable;
extern const IOPCSecurityPrivateVtbl sim_server_security_private_vtable;

void sim_server3_init(struct sim_server *server);

/* The server's interface of that IID, without a reference; NULL: it has none. */
void *sim_server3_find(struct sim_server *server, REFIID iid);

/* True for interfaces of 2.05a that a server of 3.0 only, or of what is required only, hasn't got.
 */
bool sim_server3_is_left_out(REFIID iid);

#endif
