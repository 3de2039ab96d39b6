#include "heap.h"

DWORD heap_in_use(void)
{
    PROCESS_HEAP_ENTRY entry = {0};
    HANDLE heap = GetProcessHeap();
    DWORD bytes = 0;

    HeapLock(heap);
    while (HeapWalk(heap, &entry))
    {
        if (entry.wFlags & PROCESS_HEAP_ENTRY_BUSY)
            bytes += entry.cbData;
    }
    HeapUnlock(heap);
    return bytes;
}
