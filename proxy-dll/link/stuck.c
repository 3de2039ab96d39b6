#include "link/stuck.h"

#include <ctype.h>
#include <windows.h>

#define KEYS_MAX 64

static SRWLOCK lock = SRWLOCK_INIT; /* protects the table; a leaf */
static struct
{
    unsigned key, count;
} table[KEYS_MAX];

static unsigned hash(unsigned key, const char *text)
{
    for (; *text; text++)
        key = (key ^ (unsigned)tolower((unsigned char)*text)) * 16777619u;
    return key * 16777619u;
}

unsigned rm_stuck_key(const char *host, const char *progid)
{
    return hash(hash(2166136261u, host), progid);
}

static void change(unsigned key, int by)
{
    int i, free_row = -1;

    AcquireSRWLockExclusive(&lock);
    for (i = 0; i < KEYS_MAX; i++)
    {
        if (table[i].count && table[i].key == key)
            break;
        if (!table[i].count && free_row < 0)
            free_row = i;
    }
    if (i == KEYS_MAX && by > 0)
        i = free_row;
    if (i >= 0 && i < KEYS_MAX)
    {
        table[i].key = key;
        table[i].count += (unsigned)by;
    }
    ReleaseSRWLockExclusive(&lock);
}

void rm_stuck_enter(unsigned key)
{
    change(key, 1);
}

void rm_stuck_leave(unsigned key)
{
    change(key, -1);
}

bool rm_stuck_has(unsigned key)
{
    bool found = false;
    int i;

    AcquireSRWLockExclusive(&lock);
    for (i = 0; i < KEYS_MAX; i++)
        found = found || (table[i].count && table[i].key == key);
    ReleaseSRWLockExclusive(&lock);
    return found;
}
