/* server/client_security.h: IClientSecurity, which each of our objects has, for to its client it is
 * a proxy: CoSetProxyBlanket and CoQueryProxyBlanket of an unmodified client must not fail.
 *
 * It is a member of the object; what is particular about the object, its class knows. A blanket is
 * one interface's, as COM has it. Objects behind which there is no proxy that lasts (enumerators,
 * the server's connection point) only remember it.
 *
 * Units: none.
 * Ownership: part of the object, whose references it counts; rm_client_security_clear at its end.
 * Threads: any.
 * Errors: E_INVALIDARG for what is no interface of the object; else what COM says of the active
 *   machine's proxy. CopyProxy: E_NOTIMPL, see docs/decisions/0006-blankets.md.
 * Source: design.md 7.
 */
#ifndef RM_CLIENT_SECURITY_H
#define RM_CLIENT_SECURITY_H

#include "session/blanket.h"

struct rm_client_security;

/* The parameters of IClientSecurity::QueryBlanket, and what they are when nobody has said more. */
struct rm_blanket_answer
{
    DWORD authentication, authorization;
    OLECHAR *principal; /* CoTaskMemFree */
    DWORD level, impersonation, capabilities;
};

struct rm_client_security_class
{
    /* The bits of the interfaces that are at this address; 0: none of the object's. */
    unsigned (*mask)(const struct rm_client_security *security, const IUnknown *proxy);
    /* Both NULL: it is only remembered. May give RM_CALL_REPEAT. */
    HRESULT (*set)(struct rm_client_security *security, unsigned mask, struct rm_blanket *blanket);
    HRESULT(*query)
    (struct rm_client_security *security, unsigned mask, struct rm_blanket_answer *answer);
};

struct rm_client_security
{
    IClientSecurity IClientSecurity_iface;
    IUnknown *outer; /* the object's; no reference */
    const struct rm_client_security_class *security_class;
    SRWLOCK lock;                        /* protects what is remembered */
    struct rm_blanket_answer remembered; /* where there is nothing to ask */
};

/* security_class NULL: an object with one interface, which is `outer`, and nothing behind it. */
void rm_client_security_init(struct rm_client_security *security, void *outer,
                             const struct rm_client_security_class *security_class);
void rm_client_security_clear(struct rm_client_security *security);

/* For a QueryInterface: true if iid was IClientSecurity; *out is a reference then. */
bool rm_client_security_query(struct rm_client_security *security, REFIID iid, void **out);

#endif
