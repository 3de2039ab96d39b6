#include <hooks/change_lock.h>

#include <sddl.h>

static const wchar_t name[] = L"Global\\RedundancyMaster.Settings";

/* SYSTEM and administrators have full access; others may take the lock: they may have settings
 * files of their own. */
static HANDLE open_lock(void)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, NULL, FALSE};
    HANDLE lock = OpenMutexW(SYNCHRONIZE | MUTEX_MODIFY_STATE, FALSE, name);
    if (lock != NULL)
    {
        return lock;
    }
    ConvertStringSecurityDescriptorToSecurityDescriptorW(
        L"D:P(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x100001;;;AU)", SDDL_REVISION_1,
        &attributes.lpSecurityDescriptor, NULL);
    lock = CreateMutexW(&attributes, FALSE, name);
    DWORD error = GetLastError();
    LocalFree(attributes.lpSecurityDescriptor);
    SetLastError(error);
    return lock;
}

DWORD rm_change_lock(DWORD timeout_ms, HANDLE *lock)
{
    *lock = open_lock();
    if (*lock == NULL)
    {
        return GetLastError();
    }
    DWORD waited = WaitForSingleObject(*lock, timeout_ms);
    if (waited == WAIT_OBJECT_0 || waited == WAIT_ABANDONED)
    {
        return ERROR_SUCCESS;
    }
    DWORD error = waited == WAIT_TIMEOUT ? WAIT_TIMEOUT : GetLastError();
    CloseHandle(*lock);
    *lock = NULL;
    return error;
}

void rm_change_unlock(HANDLE lock)
{
    if (lock != NULL)
    {
        ReleaseMutex(lock);
        CloseHandle(lock);
    }
}
