#include "module/snapshot_watch.h"

#include "module/filetime.h"
#include "module/installation.h"
#include "module/module.h"

#define LOOK_MS 250

/* A second write within one tick of the clock leaves the same time behind. */
#define RECENT_100NS (1000ll * RM_FILETIME_PER_MS)

static SRWLOCK watch_lock = SRWLOCK_INIT; /* protects look_ms and written_100ns; only tried */
static ULONGLONG look_ms;                 /* when the next look is due */
static LONGLONG written_100ns;
static volatile LONG changes = 1;

/* 0: there is no such key. */
static LONGLONG last_write_100ns(void)
{
    FILETIME time = {0, 0};
    HKEY key;

    if (rm_installation_open_key(L"\\Snapshot", &key))
        return 0;
    RegQueryInfoKeyW(key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, &time);
    RegCloseKey(key);
    return rm_filetime_number(&time);
}

static void look(void)
{
    LONGLONG now_100ns, last_100ns = last_write_100ns();
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    now_100ns = rm_filetime_number(&now);
    if (!last_100ns)
        return;
    if (last_100ns != written_100ns ||
        (now_100ns >= last_100ns && now_100ns - last_100ns < RECENT_100NS))
        InterlockedIncrement(&changes);
    written_100ns = last_100ns;
}

LONG rm_snapshot_watch_changes(void)
{
    if (TryAcquireSRWLockExclusive(&watch_lock))
    {
        if (rm_module_now_ms() >= look_ms)
        {
            look();
            look_ms = rm_module_now_ms() + LOOK_MS;
        }
        ReleaseSRWLockExclusive(&watch_lock);
    }
    return changes;
}
