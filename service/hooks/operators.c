#include <hooks/operators.h>

#include <stdio.h>

#define NAME_MAX_SIZE 256

bool rm_operators_sid(BYTE sid[SECURITY_MAX_SID_SIZE])
{
    wchar_t computer[MAX_COMPUTERNAME_LENGTH + 1], name[NAME_MAX_SIZE], domain[NAME_MAX_SIZE];
    DWORD length = MAX_COMPUTERNAME_LENGTH + 1, size = SECURITY_MAX_SID_SIZE;
    SID_NAME_USE use;
    if (!GetComputerNameW(computer, &length))
    {
        return false;
    }
    _snwprintf(name, NAME_MAX_SIZE, L"%ls\\" RM_OPERATORS_GROUP, computer);
    length = NAME_MAX_SIZE;
    return LookupAccountNameW(NULL, name, sid, &size, domain, &length, &use) && use == SidTypeAlias;
}
