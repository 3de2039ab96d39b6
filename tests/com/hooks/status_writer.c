/* status_writer SERVER STOP_FILE [crash]: a session in the status section as the DLL would have it,
 * for tests of rmctl status. Prints "ready" once it is there; ends when STOP_FILE exists. */
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include <rm/failover.h>
#include <rm/status_section_map.h>

#define WAIT_LIMIT_MS 30000

static uint64_t now(void)
{
    FILETIME time;
    GetSystemTimeAsFileTime(&time);
    return ((uint64_t)time.dwHighDateTime << 32) | time.dwLowDateTime;
}

static void set_machine(struct rm_status_machine *machine, enum rm_connection connection,
                        const char *progid)
{
    machine->connection = (uint32_t)connection;
    machine->is_ready = machine->is_running = connection == RM_CONNECTION_UP ? 1 : 0;
    machine->latency_us = 1500;
    machine->skew_us = -2500;
    rm_status_text_copy(machine->host, sizeof machine->host, "opc-\xc3\xa4");
    rm_status_text_copy(machine->progid, sizeof machine->progid, progid);
}

static void fill(struct rm_status_slot *slot)
{
    rm_status_slot_write_begin(slot);
    slot->mode = RM_MODE_WARM;
    slot->phase = RM_PHASE_SERVING;
    slot->active = 2;
    slot->generation = 2;
    slot->machine_count = 2;
    slot->last_cause = RM_CAUSE_TRANSPORT;
    slot->promoted_at = now();
    slot->group_count = 1;
    slot->item_count = 1000;
    set_machine(&slot->machines[0], RM_CONNECTION_DOWN, "First.1");
    slot->machines[0].last_cause = RM_CAUSE_TRANSPORT;
    slot->machines[0].last_code = 0x800706BAu;
    set_machine(&slot->machines[1], RM_CONNECTION_UP, "Second \"quoted\" \\.1");
    rm_status_slot_add_event(slot, 1, now(), RM_EVENT_CONNECTED, "Connected, says the test.");
    rm_status_slot_add_event(slot, 2, now(), RM_EVENT_PROMOTED, "Promoted, says the test.");
    rm_status_slot_write_end(slot);
}

int main(int count, char **words)
{
    struct rm_status_map map;
    if (count < 3 || rm_status_section_open_writer(&map, L"") != RM_OK)
    {
        return 1;
    }
    struct rm_status_slot *slot = rm_status_slot_claim(&map, 7, words[1]);
    if (slot == NULL)
    {
        return 1;
    }
    fill(slot);
    printf("ready\n");
    fflush(stdout);
    ULONGLONG started = GetTickCount64();
    while (GetFileAttributesA(words[2]) == INVALID_FILE_ATTRIBUTES &&
           GetTickCount64() - started < WAIT_LIMIT_MS)
    {
        Sleep(20);
    }
    rm_status_slot_write_begin(slot);
    rm_status_slot_add_event(slot, 3, now(), RM_EVENT_DISCONNECTED, "Disconnected, says the test.");
    rm_status_slot_write_end(slot);
    if (count < 4 || strcmp(words[3], "crash") != 0)
    {
        rm_status_slot_release(slot);
    }
    rm_status_section_close(&map);
    return 0;
}
