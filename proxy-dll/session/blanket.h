/* session/blanket.h: the security that a client has asked for by IClientSecurity::SetBlanket.
 *
 * For a client our objects are proxies, so it may say for each interface in whose name and how
 * protected its calls are to be made. That is part of the shadow: it is said to the active link's
 * proxy, and to those of each link that comes later. A level below packet integrity is raised
 * (C-13) where the machine has not refused that, unless the client wants no authentication at all.
 *
 * Units: none.
 * Ownership: a blanket is reference counted and doesn't change. It owns copies of all that it was
 *   made from: the client may discard its own (the identity is a secret, session/secret.h), and
 * with static cloaking the thread's token of that moment. struct rm_blankets belongs to a session
 * or a group; rm_blankets_clear gives back what is in it. Threads: a blanket: any. struct
 * rm_blankets: the session's lock. rm_blanket_apply: a worker. Errors: HRESULTs as
 * CoSetProxyBlanket gives them. Source: design.md 7; C-13; docs/decisions/0006-blankets.md.
 */
#ifndef RM_BLANKET_H
#define RM_BLANKET_H

#include <stdbool.h>
#include <windows.h>
#include <objbase.h>

#define RM_BLANKETS_MAX 16 /* interfaces of one object */

struct rm_activation_api;
struct rm_blanket;

/* The parameters of IClientSecurity::SetBlanket. */
struct rm_blanket_order
{
    DWORD authentication, authorization;
    OLECHAR *principal; /* NULL, a text, or COLE_DEFAULT_PRINCIPAL */
    DWORD level, impersonation;
    void
        *identity; /* NULL, SEC_WINNT_AUTH_IDENTITY in any of its forms, or COLE_DEFAULT_AUTHINFO */
    DWORD capabilities;
};

/* On the client's thread. E_INVALIDARG: the identity is none. RPC_S_UNKNOWN_AUTHN_SERVICE: what the
 * identity looks like depends on the service, and we don't know that one's. */
HRESULT rm_blanket_new(const struct rm_blanket_order *order, struct rm_blanket **blanket_out);
struct rm_blanket *rm_blanket_hold(struct rm_blanket *blanket);
void rm_blanket_release(struct rm_blanket *blanket); /* NULL is fine */

bool rm_blanket_is_cloaked(const struct rm_blanket *blanket);

/* Leaves the thread without a token. */
HRESULT rm_blanket_apply(const struct rm_blanket *blanket, const struct rm_activation_api *api,
                         IUnknown *proxy, bool is_level_refused);

/* What holds for the interfaces of one object; by enum rm_server_interface or rm_group_interface.
 */
struct rm_blankets
{
    struct rm_blanket *of[RM_BLANKETS_MAX]; /* NULL: the client has said nothing */
    DWORD revision;                         /* raised by each change; 0: nothing was ever said */
    volatile LONG *cloaked;                 /* counts those with cloaking, of the whole session */
};

/* For each interface whose bit is set. */
void rm_blankets_put(struct rm_blankets *blankets, unsigned mask, struct rm_blanket *blanket);
void rm_blankets_clear(struct rm_blankets *blankets);

#endif
