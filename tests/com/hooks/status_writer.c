/* status_writer SERVER STOP_FILE [crash|other|wide|hot]: a session in the status section as the DLL
 * would have it, for tests of rmctl status. Prints "ready" once it is there; ends when STOP_FILE
 * exists.
 *
 *   (nothing)  machine 1 is lost, machine 2 is active
 *   crash      the same, and it ends without giving the slot back
 *   other      both machines are up, machine 1 is active
 *   hot        both machines are up in hot mode, and machine 2 lacks and differs
 *   wide       15 machines with long names, none is up, the longest texts that there can be
 */
#include <stdio.h>
#include <string.h>
#include <windows.h>

#include <rm/difference.h>
#include <rm/failover.h>
#include <rm/quirk.h>
#include <rm/status_section_map.h>
#include <rm/text.h>

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
    machine->ready_percent = 100;
    machine->latency_us = 1500;
    machine->skew_us = -2500;
    rm_text_fit(machine->host, sizeof machine->host, "opc-\xc3\xa4");
    rm_text_fit(machine->progid, sizeof machine->progid, progid);
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

static void fill_other(struct rm_status_slot *slot)
{
    rm_status_slot_write_begin(slot);
    slot->active = 1;
    slot->last_cause = RM_CAUSE_START;
    set_machine(&slot->machines[0], RM_CONNECTION_UP, "First.1");
    slot->machines[0].last_cause = 0;
    slot->machines[0].last_code = 0;
    slot->machines[0].items = 1000;
    slot->machines[0].refused_items = 3;
    slot->machines[0].ready_percent = 99;
    slot->machines[1].is_ready = 0;
    rm_status_slot_write_end(slot);
}

static void add_difference(struct rm_status_slot *slot, enum rm_difference_kind kind, uint32_t here,
                           uint32_t there, const char *name)
{
    struct rm_status_difference *difference = &slot->differences[slot->difference_count++];
    difference->machine = 2;
    difference->kind = (uint32_t)kind;
    difference->here = here;
    difference->there = there;
    rm_text_fit(difference->name, sizeof difference->name, name);
}

static void fill_hot(struct rm_status_slot *slot)
{
    rm_status_slot_write_begin(slot);
    slot->mode = RM_MODE_HOT;
    slot->active = 1;
    set_machine(&slot->machines[0], RM_CONNECTION_UP, "First.1");
    slot->machines[0].is_skew_known = 1;
    struct rm_status_machine *machine = &slot->machines[1];
    machine->is_skew_known = 1;
    machine->skew_us = -1300;
    machine->ready_percent = 98;
    machine->items = 150;
    machine->refused_items = 3;
    machine->differing_items = 2;
    machine->bad_items = 1;
    machine->difference_count = 6;
    machine->buffer_updates = 12;
    machine->buffer_bytes = 1 << 20;
    machine->buffer_bytes_max = 32 << 20;
    machine->buffer_dropped = 5;
    machine->quirks = RM_QUIRK_FORGETS_ITEMS | RM_QUIRK_STAYS_ACTIVE | RM_QUIRK_NO_KEEP_ALIVE;
    machine->add_limit = 30;
    machine->add_us = 12000;
    add_difference(slot, RM_DIFFERENCE_REFUSED, 0, 0xC0040007u, "Pump \"1\"");
    add_difference(slot, RM_DIFFERENCE_RIGHTS, 3, 1, "Pump.\xc3\xa4");
    rm_status_slot_write_end(slot);
}

static void fill_wide(struct rm_status_slot *slot)
{
    char text[RM_STATUS_TEXT];
    memset(text, 'w', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    rm_status_slot_write_begin(slot);
    slot->active = 0;
    slot->phase = RM_PHASE_SEARCHING;
    slot->machine_count = RM_MACHINES_MAX;
    for (unsigned i = 0; i < RM_MACHINES_MAX; i++)
    {
        struct rm_status_machine *machine = &slot->machines[i];
        set_machine(machine, RM_CONNECTION_DOWN, text);
        memcpy(machine->host, text, sizeof machine->host - 1);
        machine->last_cause = RM_CAUSE_SHUTDOWN;
        machine->last_code = 0x800706BAu;
    }
    slot->item_count = UINT32_MAX;
    slot->updates_forwarded = UINT64_MAX;
    memcpy(slot->process_name, text, sizeof slot->process_name - 1);
    rm_status_slot_add_event(slot, 3, now(), RM_EVENT_ALL_LOST, text);
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
    const char *kind = count > 3 ? words[3] : "";
    fill(slot);
    if (strcmp(kind, "other") == 0)
    {
        fill_other(slot);
    }
    if (strcmp(kind, "hot") == 0)
    {
        fill_hot(slot);
    }
    if (strcmp(kind, "wide") == 0)
    {
        fill_wide(slot);
    }
    printf("ready\n");
    fflush(stdout);
    ULONGLONG started = GetTickCount64();
    while (GetFileAttributesA(words[2]) == INVALID_FILE_ATTRIBUTES &&
           GetTickCount64() - started < WAIT_LIMIT_MS)
    {
        Sleep(20);
    }
    rm_status_slot_write_begin(slot);
    rm_status_slot_add_event(slot, 4, now(), RM_EVENT_DISCONNECTED, "Disconnected, says the test.");
    rm_status_slot_write_end(slot);
    if (strcmp(kind, "crash") != 0)
    {
        rm_status_slot_release(slot);
    }
    rm_status_section_close(&map);
    return 0;
}
