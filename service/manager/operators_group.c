#include <manager/operators_group.h>

#include <windows.h>
#include <lm.h>
#include <stdbool.h>

#include <hooks/operators.h>

static wchar_t name[] = RM_OPERATORS_GROUP;
static wchar_t comment[] = L"May switch redundant OPC servers, and put machines into maintenance: "
                           L"rmctl switch, prefer, maintenance, acknowledge, automatic.";

/* By what decides about rights, too. */
static bool is_there(void)
{
    BYTE sid[SECURITY_MAX_SID_SIZE];
    return rm_operators_sid(sid);
}

DWORD rm_operators_group_make(enum rm_operators_group *done)
{
    LOCALGROUP_INFO_1 group = {name, comment};
    *done = RM_OPERATORS_NOTHING;
    if (is_there())
    {
        return ERROR_SUCCESS;
    }
    DWORD error = NetLocalGroupAdd(NULL, 1, (BYTE *)&group, NULL);
    if (error == NERR_Success)
    {
        *done = is_there() ? RM_OPERATORS_DONE : RM_OPERATORS_NO_SUCH;
    }
    return error;
}

static DWORD is_empty(bool *answer)
{
    BYTE *members = NULL;
    DWORD count = 0, total = 0;
    DWORD error = NetLocalGroupGetMembers(NULL, name, 0, &members, MAX_PREFERRED_LENGTH, &count,
                                          &total, NULL);
    if (members != NULL)
    {
        NetApiBufferFree(members);
    }
    *answer = error == NERR_Success && count == 0 && total == 0;
    return error;
}

static DWORD is_as_made(bool *answer)
{
    BYTE *info = NULL;
    DWORD error = NetLocalGroupGetInfo(NULL, name, 1, &info);
    *answer = false;
    if (error == NERR_Success && info != NULL)
    {
        const LOCALGROUP_INFO_1 *group = (const void *)info;
        *answer = group->lgrpi1_comment != NULL && wcscmp(group->lgrpi1_comment, comment) == 0;
    }
    if (info != NULL)
    {
        NetApiBufferFree(info);
    }
    return error;
}

DWORD rm_operators_group_remove(enum rm_operators_group *done)
{
    bool has_nobody, is_ours = false;
    *done = RM_OPERATORS_NOTHING;
    if (!is_there())
    {
        return ERROR_SUCCESS;
    }
    *done = RM_OPERATORS_KEPT;
    DWORD error = is_empty(&has_nobody);
    if (error == NERR_Success)
    {
        error = is_as_made(&is_ours);
    }
    if (error != NERR_Success || !has_nobody || !is_ours)
    {
        return error;
    }
    error = NetLocalGroupDel(NULL, name);
    if (error == NERR_Success)
    {
        *done = RM_OPERATORS_DONE;
    }
    return error;
}
