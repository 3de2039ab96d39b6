#include "meter.h"

#include <windows.h>
#include <winternl.h>
#include <tlhelp32.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#define HEAPS_MAX        64
#define SIZES            4096 /* larger blocks are counted by their size / SIZE_STEP below */
#define INFORMATION_MAX  (64u << 20)
#define EXTENDED_HANDLES 64 /* SystemExtendedHandleInformation */

/* One row of that information, as Windows and Wine lay it out. */
struct handle_row
{
    void *object;
    ULONG_PTR process;
    ULONG_PTR handle;
    ULONG access;
    USHORT creator, type;
    ULONG attributes, reserved;
};

struct handle_table
{
    ULONG_PTR count, reserved;
    struct handle_row rows[];
};

typedef NTSTATUS(WINAPI *query_function)(ULONG kind, void *buffer, ULONG size, ULONG *needed);

static struct handle_table *read_handle_table(void)
{
    query_function query = (query_function)(void (*)(void))GetProcAddress(
        GetModuleHandleW(L"ntdll.dll"), "NtQuerySystemInformation");

    for (ULONG size = 1u << 16; query && size <= INFORMATION_MAX; size *= 2)
    {
        ULONG needed = 0;
        struct handle_table *table = malloc(size);
        if (!table)
            return NULL;
        if (query(EXTENDED_HANDLES, table, size, &needed) >= 0)
            return table;
        free(table);
    }
    return NULL;
}

static void count_handle(const struct handle_row *row, USHORT event_type, struct meter *meter)
{
    DWORD flags;

    meter->handles++;
    if (row->type == event_type)
        meter->events++;
    else if (!GetNamedPipeInfo((HANDLE)row->handle, &flags, NULL, NULL, NULL))
        meter->others++;
    else if (flags & PIPE_SERVER_END)
        meter->callers++;
    else
        meter->connections++;
}

static bool is_own(const struct handle_row *row)
{
    return row->process == GetCurrentProcessId();
}

static void count_handles(struct meter *meter)
{
    static HANDLE sample; /* an event that is kept to see how the table calls the type of events */
    struct handle_table *table;
    USHORT event_type = 0;

    if (!sample)
        sample = CreateEventW(NULL, TRUE, FALSE, NULL);
    table = read_handle_table();
    for (ULONG_PTR i = 0; table && i < table->count; i++)
        if (is_own(&table->rows[i]) && table->rows[i].handle == (ULONG_PTR)sample)
            event_type = table->rows[i].type;
    for (ULONG_PTR i = 0; table && i < table->count; i++)
        if (is_own(&table->rows[i]))
            count_handle(&table->rows[i], event_type, meter);
    free(table);
}

/* Kinds are told by the access that comes with creating them: an event has 0x1F0003, a mutex and a
 * semaphore 0x1F0001 and 0x1F0003, a thread 0x1FFFFF. */
static void print_handles(void)
{
    struct handle_table *table = read_handle_table();
    ULONG_PTR count = table ? table->count : 0;

    for (ULONG_PTR i = 0; i < count; i++)
    {
        size_t same = 0;
        if (!is_own(&table->rows[i]))
            continue;
        for (ULONG_PTR k = i; k < count; k++)
        {
            if (is_own(&table->rows[k]) && table->rows[k].access == table->rows[i].access &&
                table->rows[k].type == table->rows[i].type)
            {
                same++;
                if (k > i)
                    table->rows[k].process = 0;
            }
        }
        printf("type=%u access=0x%08lX handles=%zu\n", table->rows[i].type,
               (unsigned long)table->rows[i].access, same);
    }
    free(table);
}

static size_t count_threads(void)
{
    HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
    THREADENTRY32 entry = {.dwSize = sizeof(entry)};
    size_t count = 0;

    if (snapshot == INVALID_HANDLE_VALUE)
        return 0;
    for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry))
        count += entry.th32OwnerProcessID == GetCurrentProcessId();
    CloseHandle(snapshot);
    return count;
}

/* Calls `visit` for each block in use of each heap. */
static void walk_heaps(void (*visit)(size_t size, void *context), void *context)
{
    HANDLE heaps[HEAPS_MAX];
    DWORD count = GetProcessHeaps(HEAPS_MAX, heaps);

    for (DWORD i = 0; i < count && i < HEAPS_MAX; i++)
    {
        PROCESS_HEAP_ENTRY entry = {.lpData = NULL};
        if (!HeapLock(heaps[i]))
            continue;
        while (HeapWalk(heaps[i], &entry))
            if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY)
                visit(entry.cbData, context);
        HeapUnlock(heaps[i]);
    }
}

static void add_block(size_t size, void *context)
{
    struct meter *meter = context;

    meter->blocks++;
    meter->bytes += size;
}

void meter_read(struct meter *meter)
{
    *meter = (struct meter){.threads = count_threads()};
    count_handles(meter);
    walk_heaps(add_block, meter);
}

static void add_size(size_t size, void *context)
{
    size_t *counts = context;

    counts[size < SIZES ? size : SIZES]++;
}

void meter_print_sizes(void)
{
    static size_t counts[SIZES + 1];

    memset(counts, 0, sizeof(counts));
    walk_heaps(add_size, counts);
    for (size_t size = 0; size <= SIZES; size++)
        if (counts[size])
            printf("size=%zu%s blocks=%zu\n", size, size == SIZES ? "+" : "", counts[size]);
    print_handles();
}
