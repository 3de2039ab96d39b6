/* link/activation.h: how a real server is started and how its interfaces are secured.
 *
 * Every activation and every proxy asks for packet integrity, never less than the host process has
 * (C-13). Only CLSCTX_LOCAL_SERVER and CLSCTX_REMOTE_SERVER are used, so we never find ourselves.
 * Where a server refuses packet integrity the host's default is tried once; that is remembered and
 * told.
 *
 * Units: none.
 * Ownership: interfaces[] gets references of the calling thread's apartment.
 * Threads: a worker in the multithreaded apartment; may block without end.
 * Errors: the HRESULT of COM; interfaces[] is all NULL then.
 * Source: design.md 6, 7; C-13; reference 8; platform.md 4.
 */
#ifndef RM_ACTIVATION_H
#define RM_ACTIVATION_H

#include <stdbool.h>
#include <windows.h>
#include <objbase.h>

#include <rm/config.h>

#include "link/link.h"

/* The functions of COM that activation uses; a test puts a recording fake in their place. */
struct rm_activation_api
{
    HRESULT(WINAPI *create_instance)
    (REFCLSID, IUnknown *, DWORD, COSERVERINFO *, DWORD, MULTI_QI *);
    HRESULT(WINAPI *set_blanket)
    (IUnknown *, DWORD, DWORD, OLECHAR *, DWORD, DWORD, RPC_AUTH_IDENTITY_HANDLE, DWORD);
    HRESULT(WINAPI *clsid_from_progid)(LPCOLESTR, LPCLSID);
    HRESULT(WINAPI *query_blanket)
    (IUnknown *, DWORD *, DWORD *, LPOLESTR *, DWORD *, DWORD *, RPC_AUTH_IDENTITY_HANDLE *,
     DWORD *);
};

extern const struct rm_activation_api rm_activation_system;

struct rm_activation
{
    const struct rm_activation_api *api;
    const struct rm_machine_config *machine;
    const char *progid;        /* of the server there */
    CLSID own_clsid;           /* the class that the client asked for; used where progid is its */
    bool is_own_progid;        /* the machine's ProgID is the redundant server's */
    bool is_integrity_refused; /* out: the host's default was used */
    bool is_cloaked;           /* out: COM makes the calls in the name of the thread's token; else
                                  always in the process's name, whatever token a thread has */
};

/* Whether a host name means this computer: "localhost", a loopback address, or its own name. */
bool rm_activation_is_local(const char *host);

HRESULT rm_activate(struct rm_activation *activation,
                    IUnknown *interfaces[RM_SERVER_INTERFACE_COUNT]);

/* Asks for packet integrity on one more interface of a server (groups, connection points). */
void rm_secure_proxy(const struct rm_activation_api *api, IUnknown *interface_pointer);

#endif
