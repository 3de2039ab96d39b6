#include "pipe/pipe_rights.h"

#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>

#include <hooks/wide.h>
#include <hooks/operators.h>

#define USER_MAX 256

PSECURITY_DESCRIPTOR rm_pipe_descriptor(void)
{
    PSECURITY_DESCRIPTOR descriptor = NULL;

    ConvertStringSecurityDescriptorToSecurityDescriptorW(RM_PIPE_ACCESS, SDDL_REVISION_1,
                                                         &descriptor, NULL);
    return descriptor;
}

/* Going on in a client's name would do things with the wrong rights. */
static void revert(void)
{
    if (!RevertToSelf())
    {
        abort();
    }
}

/* The peer's user, or NULL. Its rights are asked of the system, not of us. */
static HANDLE open_peer_token(HANDLE pipe)
{
    HANDLE token = NULL;

    if (!ImpersonateNamedPipeClient(pipe))
    {
        return NULL;
    }
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
    {
        token = NULL;
    }
    revert();
    return token;
}

static bool is_administrator(HANDLE token)
{
    BYTE room[SECURITY_MAX_SID_SIZE];
    DWORD size = sizeof room;
    BOOL is_member = FALSE;

    return CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, room, &size) &&
           CheckTokenMembership(token, room, &is_member) && is_member;
}

static bool is_operator(HANDLE token)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    BOOL is_member = FALSE;

    return rm_operators_sid(sid) && CheckTokenMembership(token, sid, &is_member) && is_member;
}

bool rm_pipe_has_right(HANDLE pipe, enum rm_wire_right right)
{
    HANDLE token;
    bool has_right = false;

    switch (right)
    {
    case RM_WIRE_RIGHT_ANYBODY: return true;
    case RM_WIRE_RIGHT_NOBODY:
    case RM_WIRE_RIGHT_COUNT: return false;
    case RM_WIRE_RIGHT_OPERATOR:
    case RM_WIRE_RIGHT_ADMINISTRATOR: break;
    }
    token = open_peer_token(pipe);
    if (token != NULL)
    {
        has_right =
            is_administrator(token) || (right == RM_WIRE_RIGHT_OPERATOR && is_operator(token));
        CloseHandle(token);
    }
    return has_right;
}

static bool name_user(HANDLE token, char *name, size_t size)
{
    union
    {
        TOKEN_USER user;
        BYTE room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } own;
    wchar_t account[USER_MAX], domain[USER_MAX], whole[2 * USER_MAX];
    DWORD length = sizeof own, account_length = USER_MAX, domain_length = USER_MAX;
    SID_NAME_USE use;

    if (!GetTokenInformation(token, TokenUser, &own, length, &length) ||
        !LookupAccountSidW(NULL, own.user.User.Sid, account, &account_length, domain,
                           &domain_length, &use))
    {
        return false;
    }
    swprintf(whole, sizeof whole / sizeof *whole, L"%ls%ls%ls", domain, *domain ? L"\\" : L"",
             account);
    return rm_utf8_from_wide(whole, name, size);
}

void rm_pipe_user(HANDLE pipe, char *name, size_t size)
{
    HANDLE token = open_peer_token(pipe);

    if (token == NULL || !name_user(token, name, size))
    {
        snprintf(name, size, "?");
    }
    if (token != NULL)
    {
        CloseHandle(token);
    }
}
