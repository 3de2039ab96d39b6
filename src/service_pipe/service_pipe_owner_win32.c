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

bool rm_service_pipe_is_trusted(void *pipe)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;
    PSID owner = NULL;
    bool is_trusted;

    if (GetSecurityInfo(pipe, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL,
                        NULL, &descriptor) != ERROR_SUCCESS)
    {
        return false;
    }
    is_trusted =
        owner != NULL && (is_well_known(owner, WinLocalSystemSid) ||
                          is_well_known(owner, WinBuiltinAdministratorsSid) || is_own(owner));
    LocalFree(descriptor);
    return is_trusted;
}
