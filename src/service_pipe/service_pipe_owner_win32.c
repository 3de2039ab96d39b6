#include "service_pipe_internal.h"

#include <windows.h>
#include <aclapi.h>

static bool is_well_known(PSID owner, WELL_KNOWN_SID_TYPE kind)
{
    return IsWellKnownSid(owner, kind) != FALSE;
}

/* What this user makes is owned by it, or by administrators where it is one. */
static bool is_own(PSID owner)
{
    union
    {
        TOKEN_USER user;
        TOKEN_OWNER owner;
        BYTE room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } own;
    DWORD size;
    HANDLE token;
    bool is_equal;

    if (!OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
    {
        return false;
    }
    is_equal = GetTokenInformation(token, TokenUser, &own, sizeof own, &size) &&
               EqualSid(own.user.User.Sid, owner);
    is_equal = is_equal || (GetTokenInformation(token, TokenOwner, &own, sizeof own, &size) &&
                            EqualSid(own.owner.Owner, owner));
    CloseHandle(token);
    return is_equal;
}

/* 0: there is no such service, or it doesn't run. */
static DWORD process_of_service(const wchar_t *service_name)
{
    SERVICE_STATUS_PROCESS status = {.dwProcessId = 0};
    DWORD size;
    SC_HANDLE manager = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service =
        manager != NULL ? OpenServiceW(manager, service_name, SERVICE_QUERY_STATUS) : NULL;

    if (service != NULL && !QueryServiceStatusEx(service, SC_STATUS_PROCESS_INFO, (BYTE *)&status,
                                                 sizeof status, &size))
    {
        status.dwProcessId = 0;
    }
    if (service != NULL)
    {
        CloseServiceHandle(service);
    }
    if (manager != NULL)
    {
        CloseServiceHandle(manager);
    }
    return status.dwProcessId;
}

/* Only administrators have services installed, and the pipe has the service's name. */
static bool is_service(void *pipe, const wchar_t *name)
{
    const wchar_t *service_name = wcsrchr(name, L'\\');
    ULONG server = 0;

    return service_name != NULL && GetNamedPipeServerProcessId(pipe, &server) && server != 0 &&
           process_of_service(service_name + 1) == server;
}

bool rm_service_pipe_is_trusted(void *pipe, const wchar_t *name)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    PSID owner = NULL;
    bool is_trusted = false;

    if (GetSecurityInfo(pipe, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL,
                        NULL, &descriptor) == ERROR_SUCCESS)
    {
        is_trusted =
            owner != NULL && (is_well_known(owner, WinLocalSystemSid) ||
                              is_well_known(owner, WinBuiltinAdministratorsSid) || is_own(owner));
        LocalFree(descriptor);
    }
    return is_trusted || is_service(pipe, name);
}
