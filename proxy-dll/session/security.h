/* session/security.h: who a client has said it is, by IOPCSecurityNT and IOPCSecurityPrivate, and
 * how that is said to a server.
 *
 * It is part of the shadow: a machine that becomes active later must know it before it is asked for
 * groups and items. A password is a secret (session/secret.h): in clear it is on the heap of the
 * call that brings it to a server, as long as that takes.
 *
 * Units: none.
 * Ownership: a session owns its struct rm_security; rm_security_clear frees what is in it.
 * Threads: struct rm_security is protected by the session's lock; credentials don't change and may
 *   be read by any thread that owns them; calls to servers are made on workers.
 * Errors: NULL: no memory, or a system without CryptProtectMemory, which no supported one is;
 *   HRESULTs of the server.
 * Source: design.md 3.3, 7; reference 3.25, 3.26, 7.15.4.
 */
#ifndef RM_SECURITY_H
#define RM_SECURITY_H

#include <stdbool.h>
#include <opc/opcsec.h>

#include "session/secret.h"

struct rm_security
{
    struct rm_secret *credentials; /* NULL: nobody is logged on */
    DWORD logon_revision;          /* raised by each Logon and Logoff */
    HANDLE user;         /* token of the thread that called ChangeUser; NULL: the process's */
    DWORD user_revision; /* raised by each ChangeUser */
};

/* Name and password. */
struct rm_secret *rm_credentials_new(const WCHAR *user, const WCHAR *password);

/* On a worker: Logon. The password goes over the wire in clear unless the channel is private, and
 * the client can't see to that, so this does, unless the machine has refused to go that far. */
HRESULT rm_credentials_log_on(const struct rm_secret *credentials, IOPCSecurityPrivate *real,
                              bool is_level_refused);

/* On a worker: ChangeUser, in the name of the thread's token if there is one. */
HRESULT rm_security_change_user(IOPCSecurityNT *real, bool is_level_refused);

void rm_security_clear(struct rm_security *security);

#endif
