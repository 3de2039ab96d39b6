/* The status section: slots across processes, and copies that are never torn. */
#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include <windows.h>

#include <rm/difference.h>
#include <rm/failover.h>
#include <rm/status_section_map.h>

static const wchar_t instance[] = L"test";
static struct rm_status_map map;

static int setup(void **state)
{
    (void)state;
    return rm_status_section_open_writer(&map, instance) == RM_OK ? 0 : -1;
}

static int teardown(void **state)
{
    (void)state;
    rm_status_section_close(&map);
    return 0;
}

static void test_reader_without_section(void **state)
{
    (void)state;
    struct rm_status_map reader;
    assert_int_equal(rm_status_section_open_reader(&reader, RM_STATUS_SCOPE_GLOBAL, L"none"),
                     RM_E_NOT_FOUND);
    assert_null(reader.section);
    rm_status_section_close(&reader);
}

static void test_claim_and_release(void **state)
{
    (void)state;
    struct rm_status_slot copy;
    struct rm_status_map reader;
    struct rm_status_slot *first = rm_status_slot_claim(&map, 1, "A.1");
    struct rm_status_slot *second = rm_status_slot_claim(&map, 2, "B.1");
    assert_non_null(first);
    assert_non_null(second);
    assert_ptr_not_equal(first, second);

    assert_int_equal(rm_status_section_open_reader(&reader, RM_STATUS_SCOPE_GLOBAL, instance),
                     RM_OK);
    size_t index = (size_t)(first - map.section->slots);
    assert_true(rm_status_slot_read(&reader.section->slots[index], &copy));
    assert_string_equal(copy.server, "A.1");
    assert_string_equal(copy.process_name, "status_test.exe");
    assert_int_equal(copy.process_id, GetCurrentProcessId());
    assert_int_equal(copy.session, 1);
    assert_true(copy.started_at >= copy.process_started && copy.process_started > 0);
    assert_true(rm_status_slot_is_alive(&copy));
    rm_status_section_close(&reader);

    rm_status_slot_release(first);
    assert_int_equal(first->process_id, 0);
    assert_int_equal(first->sequence % 2, 0);
    assert_ptr_equal(rm_status_slot_claim(&map, 3, "C.1"), first);
    rm_status_slot_release(first);
    rm_status_slot_release(second);
    rm_status_slot_release(NULL);
}

static DWORD run_child(void)
{
    wchar_t command[] = L"status_test.exe --exit";
    wchar_t path[MAX_PATH];
    STARTUPINFOW startup = {.cb = sizeof startup};
    PROCESS_INFORMATION process;
    GetModuleFileNameW(NULL, path, MAX_PATH);
    assert_true(
        CreateProcessW(path, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process));
    WaitForSingleObject(process.hProcess, INFINITE);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return process.dwProcessId;
}

/* A slot whose owner ended, orderly or in the middle of a write, is free; so is one whose process
 * id belongs to a process that was started at another time. */
static void test_slot_of_a_dead_process(void **state)
{
    (void)state;
    struct rm_status_slot *slot = rm_status_slot_claim(&map, 1, "A.1");
    uint32_t dead = run_child();
    for (int is_torn = 0; is_torn <= 1; is_torn++)
    {
        slot->process_id = dead;
        slot->sequence = slot->sequence + (is_torn != 0 ? 1u : 0u);
        assert_false(rm_status_slot_is_alive(slot));
        uint32_t sequence = slot->sequence;
        assert_ptr_equal(rm_status_slot_claim(&map, 2, "B.1"), slot);
        assert_int_equal(slot->sequence % 2, 0);
        assert_true(slot->sequence > sequence);
        assert_int_equal(slot->process_id, GetCurrentProcessId());
    }
    slot->process_started--;
    assert_false(rm_status_slot_is_alive(slot));
    assert_ptr_equal(rm_status_slot_claim(&map, 3, "C.1"), slot);
    assert_true(rm_status_slot_is_alive(slot));
    rm_status_slot_release(slot);
}

static struct rm_status_slot *claim_with_machine(uint64_t session, const char *host)
{
    struct rm_status_slot *slot = rm_status_slot_claim(&map, session, "A.1");
    strcpy(slot->machines[1].host, host);
    strcpy(slot->machines[1].progid, "Own.1");
    return slot;
}

/* Long calls of others count for the same machine only, wherever it stands, and while they live. */
static void test_busy_elsewhere(void **state)
{
    (void)state;
    struct rm_status_slot *own = claim_with_machine(1, "plant-a");
    struct rm_status_slot *other = claim_with_machine(2, "PLANT-A");
    own->machines[1].long_calls = 1;
    assert_false(rm_status_is_busy_elsewhere(&map, own, 2));
    other->machines[0] = other->machines[1];
    other->machines[0].long_calls = 1;
    assert_true(rm_status_is_busy_elsewhere(&map, own, 2));
    assert_false(rm_status_is_busy_elsewhere(&map, own, 1)); /* of which nothing is known */
    strcpy(other->machines[0].progid, "Own.2");
    assert_false(rm_status_is_busy_elsewhere(&map, own, 2));
    other->machines[1].long_calls = 2;
    assert_true(rm_status_is_busy_elsewhere(&map, own, 2));
    other->process_id = run_child();
    assert_false(rm_status_is_busy_elsewhere(&map, own, 2));
    other->process_id = GetCurrentProcessId();
    assert_true(rm_status_is_busy_elsewhere(&map, own, 2));
    rm_status_slot_release(other);
    assert_false(rm_status_is_busy_elsewhere(&map, own, 2));
    rm_status_slot_release(own);
}

/* Its owner has entered its process id but not yet its start time. */
static void test_slot_being_claimed(void **state)
{
    (void)state;
    struct rm_status_slot *slot = rm_status_slot_claim(&map, 1, "A.1");
    uint64_t started = slot->process_started;
    slot->sequence = slot->sequence + 1u;
    slot->process_started = started - 1;
    struct rm_status_slot *other = rm_status_slot_claim(&map, 2, "B.1");
    assert_ptr_not_equal(other, slot);
    slot->process_started = started;
    slot->sequence = slot->sequence + 1u;
    rm_status_slot_release(other);
    rm_status_slot_release(slot);
}

static void test_all_slots_taken(void **state)
{
    (void)state;
    static struct rm_status_slot *slots[RM_STATUS_SLOTS];
    for (unsigned i = 0; i < RM_STATUS_SLOTS; i++)
    {
        slots[i] = rm_status_slot_claim(&map, i + 1, "A.1");
        assert_non_null(slots[i]);
    }
    assert_null(rm_status_slot_claim(&map, 999, "A.1"));
    for (unsigned i = 0; i < RM_STATUS_SLOTS; i++)
    {
        rm_status_slot_release(slots[i]);
    }
}

#define CLAIMS 200

static volatile LONG owners[RM_STATUS_SLOTS];
static volatile LONG conflicts;

static DWORD WINAPI claim_often(void *argument)
{
    (void)argument;
    for (unsigned i = 0; i < CLAIMS; i++)
    {
        struct rm_status_slot *slot = rm_status_slot_claim(&map, i + 1, "A.1");
        size_t index = (size_t)(slot - map.section->slots);
        if (slot == NULL || InterlockedIncrement(&owners[index]) != 1)
        {
            InterlockedIncrement(&conflicts);
        }
        InterlockedDecrement(&owners[index]);
        rm_status_slot_release(slot);
    }
    return 0;
}

static void test_claims_never_meet(void **state)
{
    (void)state;
    HANDLE threads[4];
    for (int i = 0; i < 4; i++)
    {
        threads[i] = CreateThread(NULL, 0, claim_often, NULL, 0, NULL);
    }
    WaitForMultipleObjects(4, threads, TRUE, INFINITE);
    for (int i = 0; i < 4; i++)
    {
        CloseHandle(threads[i]);
    }
    assert_int_equal(conflicts, 0);
}

#define WRITES 20000

static volatile LONG is_stopped;

static DWORD WINAPI write_often(void *argument)
{
    struct rm_status_slot *slot = argument;
    for (uint32_t i = 1; !is_stopped; i++)
    {
        rm_status_slot_write_begin(slot);
        slot->group_count = i;
        slot->updates_forwarded = i;
        for (unsigned k = 0; k < RM_STATUS_EVENTS; k++)
        {
            slot->events[k].number = i;
        }
        rm_status_slot_write_end(slot);
        /* Long enough for a copy to begin, rarely long enough for it to end. */
        for (uint32_t spin = 0; spin < i % 64 * 32; spin++)
        {
            YieldProcessor();
        }
    }
    return 0;
}

static void test_copies_are_never_torn(void **state)
{
    (void)state;
    struct rm_status_slot *slot = rm_status_slot_claim(&map, 1, "A.1");
    static struct rm_status_slot copy;
    HANDLE thread = CreateThread(NULL, 0, write_often, slot, 0, NULL);
    ULONGLONG started = GetTickCount64();
    copy.group_count = 0;
    while (copy.group_count < WRITES && GetTickCount64() - started < 20000)
    {
        if (rm_status_slot_read(slot, &copy))
        {
            assert_int_equal(copy.updates_forwarded, copy.group_count);
            for (unsigned k = 0; k < RM_STATUS_EVENTS; k++)
            {
                assert_int_equal(copy.events[k].number, copy.group_count);
            }
        }
    }
    InterlockedExchange(&is_stopped, 1);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    assert_true(copy.group_count >= WRITES);
    rm_status_slot_release(slot);
}

static DWORD WINAPI write_for_a_while(void *argument)
{
    struct rm_status_slot *slot = argument;
    Sleep(100);
    rm_status_slot_write_end(slot);
    return 0;
}

/* A session doesn't vanish because its writer has lost the processor in the middle. */
static void test_slow_writer_is_waited_for(void **state)
{
    (void)state;
    static struct rm_status_slot copy;
    struct rm_status_slot *slot = rm_status_slot_claim(&map, 1, "A.1");
    rm_status_slot_write_begin(slot);
    slot->group_count = 7;
    HANDLE thread = CreateThread(NULL, 0, write_for_a_while, slot, 0, NULL);
    assert_false(rm_status_slot_read(slot, &copy));
    assert_true(rm_status_slot_read_patiently(slot, &copy));
    assert_int_equal(copy.group_count, 7);
    WaitForSingleObject(thread, INFINITE);
    CloseHandle(thread);
    rm_status_slot_write_begin(slot);
    assert_false(rm_status_slot_read_patiently(slot, &copy));
    rm_status_slot_write_end(slot);
    rm_status_slot_release(slot);
}

static void test_events_and_texts(void **state)
{
    (void)state;
    static struct rm_status_slot copy;
    struct rm_status_slot *slot = rm_status_slot_claim(&map, 1, "A.1");
    char text[RM_STATUS_TEXT + 10];
    memset(text, 'x', sizeof text);
    memcpy(text + RM_STATUS_TEXT - 2, "\xc3\xa4", 2); /* would be cut in two */
    text[sizeof text - 1] = '\0';
    rm_status_slot_write_begin(slot);
    for (uint64_t number = 1; number <= RM_STATUS_EVENTS + 1; number++)
    {
        rm_status_slot_add_event(slot, number, number * 10, RM_EVENT_STATUS_LOST, text);
    }
    rm_status_slot_write_end(slot);
    assert_true(rm_status_slot_read(slot, &copy));
    assert_int_equal(copy.events[0].number, RM_STATUS_EVENTS + 1);
    assert_int_equal(copy.events[1].number, 2);
    assert_int_equal(copy.events[0].severity, RM_SEVERITY_ERROR);
    assert_int_equal(strlen(copy.events[0].text), RM_STATUS_TEXT - 2);
    rm_status_slot_release(slot);
}

/* Nothing in a copy is beyond its bounds, whatever stands in the section. */
static void test_nonsense_is_cleaned(void **state)
{
    (void)state;
    static struct rm_status_slot copy;
    struct rm_status_slot *slot = rm_status_slot_claim(&map, 1, "A.1");
    size_t behind = offsetof(struct rm_status_slot, session);
    memset((char *)slot + behind, 0xff, sizeof *slot - behind);
    slot->server[0] = '\x1b';
    assert_true(rm_status_slot_read(slot, &copy));
    assert_int_equal(copy.server[0], '?');
    assert_int_equal(strlen(copy.server), RM_PROGID_MAX);
    assert_true(copy.machine_count <= RM_MACHINES_MAX && copy.active <= copy.machine_count);
    assert_true(copy.mode < RM_MODE_COUNT && copy.phase < RM_PHASE_COUNT);
    assert_true(copy.last_cause < RM_CAUSE_COUNT);
    assert_true(copy.machines[14].connection < RM_CONNECTION_COUNT);
    assert_true(copy.events[63].severity < RM_SEVERITY_COUNT);
    assert_int_equal(strlen(copy.events[63].text), RM_STATUS_TEXT - 1);
    assert_int_equal(copy.difference_count, RM_STATUS_DIFFERENCES);
    assert_int_equal(copy.differences[63].kind, RM_DIFFERENCE_NONE);
    assert_int_equal(copy.differences[63].machine, 0);
    assert_int_equal(strlen(copy.differences[63].name), RM_STATUS_ITEM - 1);
    rm_status_slot_release(slot);
}

static void test_other_layout_is_refused(void **state)
{
    (void)state;
    struct rm_status_map other;
    map.section->version = RM_STATUS_VERSION + 1;
    assert_int_equal(rm_status_section_open_reader(&other, RM_STATUS_SCOPE_GLOBAL, instance),
                     RM_E_VERSION);
    assert_int_equal(rm_status_section_open_writer(&other, instance), RM_E_VERSION);
    assert_null(other.section);
    map.section->version = RM_STATUS_VERSION;
}

int main(int count, char **words)
{
    if (count > 1 && strcmp(words[1], "--exit") == 0)
    {
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reader_without_section),
        cmocka_unit_test_setup_teardown(test_claim_and_release, setup, teardown),
        cmocka_unit_test_setup_teardown(test_slot_of_a_dead_process, setup, teardown),
        cmocka_unit_test_setup_teardown(test_busy_elsewhere, setup, teardown),
        cmocka_unit_test_setup_teardown(test_slot_being_claimed, setup, teardown),
        cmocka_unit_test_setup_teardown(test_all_slots_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(test_claims_never_meet, setup, teardown),
        cmocka_unit_test_setup_teardown(test_copies_are_never_torn, setup, teardown),
        cmocka_unit_test_setup_teardown(test_slow_writer_is_waited_for, setup, teardown),
        cmocka_unit_test_setup_teardown(test_events_and_texts, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nonsense_is_cleaned, setup, teardown),
        cmocka_unit_test_setup_teardown(test_other_layout_is_refused, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
