/* IOPCSecurityNT and IOPCSecurityPrivate. Who is logged on makes no difference to the data; what a
 * client does is in the log. */
#include "difficulty.h"
#include "gate.h"
#include "log.h"
#include "server3.h"

#include <opc/opcerror.h>

#define USER     L"operator"
#define IN_CLEAR L"clear" /* for whom the channel is not private enough */
#define PASSWORD L"plant"

#define LOW_LEVEL_BUT_DONE ((HRESULT)0x00040303L)

static struct sim_server *impl_from_IOPCSecurityNT(IOPCSecurityNT *iface)
{
    return CONTAINING_RECORD(iface, struct sim_server, IOPCSecurityNT_iface);
}

static HRESULT STDMETHODCALLTYPE server_nt_QueryInterface(IOPCSecurityNT *iface, REFIID iid,
                                                          void **object)
{
    return sim_server_query(impl_from_IOPCSecurityNT(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE server_nt_AddRef(IOPCSecurityNT *iface)
{
    return sim_server_add_ref(impl_from_IOPCSecurityNT(iface));
}

static ULONG STDMETHODCALLTYPE server_nt_Release(IOPCSecurityNT *iface)
{
    return sim_server_release(impl_from_IOPCSecurityNT(iface));
}

static HRESULT STDMETHODCALLTYPE server_nt_IsAvailableNT(IOPCSecurityNT *iface, BOOL *is_available)
{
    (void)iface;
    if (is_available == NULL)
    {
        return E_POINTER;
    }
    *is_available = FALSE;
    SIM_ENTER(IOPCSecurityNT_IsAvailableNT);
    *is_available = TRUE;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE server_nt_QueryMinImpersonationLevel(IOPCSecurityNT *iface,
                                                                      DWORD *level)
{
    (void)iface;
    if (level == NULL)
    {
        return E_POINTER;
    }
    *level = 0;
    SIM_ENTER(IOPCSecurityNT_QueryMinImpersonationLevel);
    *level = RPC_C_IMP_LEVEL_IDENTIFY;
    return S_OK;
}

static bool is_logged_on(struct sim_server *server)
{
    AcquireSRWLockShared(&server->lock);
    bool is_private = server->is_logged_on;
    ReleaseSRWLockShared(&server->lock);
    return is_private;
}

static HRESULT STDMETHODCALLTYPE server_nt_ChangeUser(IOPCSecurityNT *iface)
{
    SIM_ENTER(IOPCSecurityNT_ChangeUser);
    if (is_logged_on(impl_from_IOPCSecurityNT(iface)))
    {
        return OPC_E_PRIVATE_ACTIVE;
    }
    sim_log("session: the Windows user may have changed");
    return S_OK;
}

const IOPCSecurityNTVtbl sim_server_security_nt_vtable = {
    server_nt_QueryInterface,
    server_nt_AddRef,
    server_nt_Release,
    server_nt_IsAvailableNT,
    server_nt_QueryMinImpersonationLevel,
    server_nt_ChangeUser,
};

static struct sim_server *impl_from_IOPCSecurityPrivate(IOPCSecurityPrivate *iface)
{
    return CONTAINING_RECORD(iface, struct sim_server, IOPCSecurityPrivate_iface);
}

static HRESULT STDMETHODCALLTYPE server_private_QueryInterface(IOPCSecurityPrivate *iface,
                                                               REFIID iid, void **object)
{
    return sim_server_query(impl_from_IOPCSecurityPrivate(iface), iid, object);
}

static ULONG STDMETHODCALLTYPE server_private_AddRef(IOPCSecurityPrivate *iface)
{
    return sim_server_add_ref(impl_from_IOPCSecurityPrivate(iface));
}

static ULONG STDMETHODCALLTYPE server_private_Release(IOPCSecurityPrivate *iface)
{
    return sim_server_release(impl_from_IOPCSecurityPrivate(iface));
}

static HRESULT STDMETHODCALLTYPE server_private_IsAvailablePriv(IOPCSecurityPrivate *iface,
                                                                BOOL *is_available)
{
    (void)iface;
    if (is_available == NULL)
    {
        return E_POINTER;
    }
    *is_available = FALSE;
    SIM_ENTER(IOPCSecurityPrivate_IsAvailablePriv);
    *is_available = TRUE;
    return S_OK;
}

/* Returns what was before. */
static bool set_logged_on(struct sim_server *server, bool is_private)
{
    AcquireSRWLockExclusive(&server->lock);
    bool was_private = server->is_logged_on;
    server->is_logged_on = is_private;
    ReleaseSRWLockExclusive(&server->lock);
    return was_private;
}

static HRESULT STDMETHODCALLTYPE server_private_Logon(IOPCSecurityPrivate *iface, LPCWSTR user,
                                                      LPCWSTR password)
{
    SIM_ENTER(IOPCSecurityPrivate_Logon);
    if (user == NULL || password == NULL)
    {
        return E_INVALIDARG;
    }
    bool is_in_clear = wcscmp(user, IN_CLEAR) == 0;
    if ((wcscmp(user, USER) != 0 && !is_in_clear) || wcscmp(password, PASSWORD) != 0)
    {
        sim_log("session: a logon was refused");
        return E_ACCESSDENIED; /* who was logged on before still is */
    }
    if (is_in_clear && !sim_difficulty_is_other_dialect())
    {
        return OPC_S_LOW_AUTHN_LEVEL;
    }
    set_logged_on(impl_from_IOPCSecurityPrivate(iface), true);
    sim_log("session: the operator has logged on");
    return is_in_clear ? LOW_LEVEL_BUT_DONE : S_OK;
}

static HRESULT STDMETHODCALLTYPE server_private_Logoff(IOPCSecurityPrivate *iface)
{
    SIM_ENTER(IOPCSecurityPrivate_Logoff);
    if (!set_logged_on(impl_from_IOPCSecurityPrivate(iface), false))
    {
        return E_FAIL;
    }
    sim_log("session: the operator has logged off");
    return S_OK;
}

const IOPCSecurityPrivateVtbl sim_server_security_private_vtable = {
    server_private_QueryInterface,  server_private_AddRef, server_private_Release,
    server_private_IsAvailablePriv, server_private_Logon,  server_private_Logoff,
};
