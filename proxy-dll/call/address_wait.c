#include "call/address_wait.h"

#include "module/module.h"

typedef BOOL(WINAPI *wait_function)(volatile void *, void *, SIZE_T, DWORD);
typedef void(WINAPI *wake_function)(void *);

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static wait_function system_wait;
static wake_function system_wake;

#define BUCKET_COUNT 32

static struct bucket
{
    SRWLOCK lock;
    CONDITION_VARIABLE changed;
} buckets[BUCKET_COUNT]; /* all zero is SRWLOCK_INIT and CONDITION_VARIABLE_INIT */

static BOOL CALLBACK look_up(PINIT_ONCE control, void *parameter, void **context)
{
    HMODULE kernel = GetModuleHandleW(L"kernelbase.dll");
    FARPROC wait = kernel ? GetProcAddress(kernel, "WaitOnAddress") : NULL;
    FARPROC wake = kernel ? GetProcAddress(kernel, "WakeByAddressAll") : NULL;

    (void)control;
    (void)parameter;
    (void)context;
    if (wait && wake)
    {
        system_wait = (wait_function)(void (*)(void))wait;
        system_wake = (wake_function)(void (*)(void))wake;
    }
    return TRUE;
}

static struct bucket *bucket_of(const volatile LONG *address)
{
    return &buckets[((ULONG_PTR)address >> 4) % BUCKET_COUNT];
}

static DWORD left_of(ULONGLONG until_ms)
{
    ULONGLONG now_ms = rm_module_now_ms();

    return now_ms >= until_ms ? 0 : (DWORD)(until_ms - now_ms);
}

bool rm_address_wait(volatile LONG *address, LONG undesired, DWORD timeout_ms)
{
    ULONGLONG until_ms = timeout_ms == INFINITE ? 0 : rm_module_now_ms() + timeout_ms;
    struct bucket *bucket = bucket_of(address);
    DWORD left = timeout_ms;

    InitOnceExecuteOnce(&once, look_up, NULL, NULL);
    while (InterlockedCompareExchange(address, 0, 0) == undesired)
    {
        if (timeout_ms != INFINITE && (left = left_of(until_ms)) == 0)
            return false;
        if (system_wait)
        {
            system_wait(address, &undesired, sizeof(undesired), left);
            continue;
        }
        AcquireSRWLockExclusive(&bucket->lock);
        if (*address == undesired)
            SleepConditionVariableSRW(&bucket->changed, &bucket->lock, left, 0);
        ReleaseSRWLockExclusive(&bucket->lock);
    }
    return true;
}

void rm_address_wake(volatile LONG *address)
{
    struct bucket *bucket = bucket_of(address);

    InitOnceExecuteOnce(&once, look_up, NULL, NULL);
    if (system_wake)
    {
        system_wake((void *)(ULONG_PTR)address);
        return;
    }
    /* Taking the lock orders us after a waiter that has seen the old value but doesn't sleep yet.
     */
    AcquireSRWLockExclusive(&bucket->lock);
    ReleaseSRWLockExclusive(&bucket->lock);
    WakeAllConditionVariable(&bucket->changed);
}
