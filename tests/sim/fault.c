#include "fault.h"
#include "disconnect.h"
#include "faultapply.h"
#include "faultarea.h"
#include "gate.h"
#include "itemfault.h"
#include "log.h"

#define SLOT_POLL_MS 1000 /* should a wake-up be lost, the fault comes that much later */

static struct sim_fault_area area;
static struct sim_process *volatile own_slot; /* NULL: not entered yet */
static HANDLE wake;
static HANDLE watching; /* the watcher runs */
static LONG shutdown_seen;
static LONG disconnect_seen;
static void (*shutdown_handler)(void);

/* Under Wine the process id that a shell could use is another one than Windows programs see. It is
 * asked from the kernel directly, as Wine has no call for it. */
static uint32_t host_process_id(void)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    if (ntdll == NULL || GetProcAddress(ntdll, "wine_get_version") == NULL)
    {
        return GetCurrentProcessId();
    }
#if defined(__x86_64__)
    long long result = 39; /* getpid */
    __asm__ volatile("syscall" : "+a"(result) : : "rcx", "r11", "memory");
    return (uint32_t)result;
#elif defined(__i386__)
    int result = 20; /* getpid */
    __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
    return (uint32_t)result;
#else
    return GetCurrentProcessId();
#endif
}

static struct sim_process *find_free_slot(void)
{
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        HANDLE owner = sim_fault_area_open_process(&area.state->processes[i]);
        if (owner == NULL)
        {
            return &area.state->processes[i];
        }
        CloseHandle(owner);
    }
    return NULL;
}

static void take_slot(struct sim_process *slot)
{
    FILETIME created = {0, 0}, exited, kernel, user;
    GetProcessTimes(GetCurrentProcess(), &created, &exited, &kernel, &user);
    *slot = (struct sim_process){
        .pid = GetCurrentProcessId(),
        .host_pid = host_process_id(),
        .created = ((uint64_t)created.dwHighDateTime << 32) | created.dwLowDateTime,
        .seen = area.state->generation,
        .shut_down = area.state->shutdown,
        .disconnected = area.state->disconnect,
    };
    own_slot = slot;
    shutdown_seen = area.state->shutdown;
    disconnect_seen = area.state->disconnect;
}

static DWORD WINAPI run_shutdown(void *generation)
{
    sim_gate_wait();
    shutdown_handler();
    InterlockedExchange(&own_slot->shut_down, (LONG)(INT_PTR)generation);
    return 0;
}

void sim_fault_stay_away(bool is_wanted)
{
    if (is_wanted)
    {
        sim_fault_area_lock(&area);
        area.state->is_refusing = 1;
        sim_fault_area_unlock(&area);
    }
}

void sim_fault_carry_out(uint32_t serial)
{
    struct sim_fault_state *state = area.state;
    int place = 0;
    sim_fault_area_lock(&area);
    while (place < SIM_RULES_MAX &&
           (state->rules[place].kind != SIM_RULE_ORDER || state->rules[place].serial != serial))
    {
        place++;
    }
    if (place == SIM_RULES_MAX)
    {
        sim_fault_area_unlock(&area);
        return;
    }
    struct sim_order order = state->orders[place];
    state->rules[place] = (struct sim_rule){.serial = ++state->next_serial};
    bool is_done = sim_fault_apply(&order, state) == SIM_APPLIED;
    sim_fault_area_publish(&area);
    sim_log("fault: %s at a call%s", sim_fault_apply_name(&order), is_done ? "" : " can't be done");
    sim_gate_update();
    sim_item_faults_update();
    sim_fault_apply_settle(&order);
}

void sim_fault_begin_shutdown(void)
{
    sim_log("fault: shutdown requested");
    HANDLE thread = CreateThread(NULL, 0, run_shutdown, (void *)(INT_PTR)shutdown_seen, 0, NULL);
    if (thread != NULL)
    {
        CloseHandle(thread);
    }
}

static DWORD WINAPI run_disconnect(void *generation)
{
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    sim_disconnect_release(sim_disconnect(area.state->disconnected_objects));
    InterlockedExchange(&own_slot->disconnected, (LONG)(INT_PTR)generation);
    CoUninitialize();
    return 0;
}

static void begin_disconnect(void)
{
    HANDLE thread =
        CreateThread(NULL, 0, run_disconnect, (void *)(INT_PTR)disconnect_seen, 0, NULL);
    if (thread != NULL)
    {
        CloseHandle(thread);
    }
}

void sim_fault_items_open(void)
{
    sim_item_faults_open(area.state);
}

void sim_fault_count_client(LONG difference)
{
    InterlockedExchangeAdd(&own_slot->clients, difference);
}

LONG sim_fault_clients(void)
{
    LONG clients = 0;
    sim_fault_area_lock(&area);
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        HANDLE owner = sim_fault_area_open_process(&area.state->processes[i]);
        if (owner != NULL)
        {
            clients += area.state->processes[i].clients;
            CloseHandle(owner);
        }
    }
    sim_fault_area_unlock(&area);
    return clients;
}

static void carry_out(LONG generation)
{
    static LONG was_hung;
    sim_gate_update();
    sim_item_faults_update();
    if (area.state->is_hung != was_hung)
    {
        was_hung = area.state->is_hung;
        sim_log("fault: %s", was_hung ? "hung, answers nothing" : "resumed");
    }
    if (area.state->shutdown != shutdown_seen)
    {
        shutdown_seen = area.state->shutdown;
        sim_fault_begin_shutdown();
    }
    if (area.state->disconnect != disconnect_seen)
    {
        disconnect_seen = area.state->disconnect;
        begin_disconnect();
    }
    InterlockedExchange(&own_slot->seen, generation);
}

/* Never passes the gate: a hung process must hear that it is resumed. */
static DWORD WINAPI watch(void *unused)
{
    (void)unused;
    SetEvent(watching);
    while (own_slot == NULL)
    {
        WaitForSingleObject(wake, SLOT_POLL_MS);
    }
    LONG known = own_slot->seen;
    while (true)
    {
        LONG generation = area.state->generation;
        if (generation != known)
        {
            carry_out(generation);
            known = generation;
        }
        WaitForSingleObject(wake, SLOT_POLL_MS);
    }
    return 0;
}

static bool start_watcher(void)
{
    wake = sim_fault_area_wake_event(&area, GetCurrentProcessId());
    watching = CreateEventW(NULL, FALSE, FALSE, NULL);
    HANDLE thread = CreateThread(NULL, 0, watch, NULL, 0, NULL);
    if (wake == NULL || watching == NULL || thread == NULL)
    {
        return false;
    }
    CloseHandle(thread);
    return WaitForSingleObject(watching, INFINITE) == WAIT_OBJECT_0;
}

/* Whoever is in the area is waited for by the console, so the watcher runs by then: a thread that
 * begins has to wait for modules that are being loaded, which a process that starts does a lot. */
enum sim_join sim_fault_join(const char *machine, void (*on_shutdown)(void))
{
    if (!sim_fault_area_open(machine, &area) || !start_watcher())
    {
        return SIM_JOIN_FAILED;
    }
    shutdown_handler = on_shutdown;
    enum sim_join outcome = SIM_JOIN_REFUSED;
    sim_fault_area_lock(&area);
    if (!area.state->is_refusing)
    {
        struct sim_process *slot = find_free_slot();
        outcome = slot != NULL ? SIM_JOIN_OK : SIM_JOIN_FAILED;
        if (slot != NULL)
        {
            sim_gate_open(area.state, slot);
            take_slot(slot);
        }
    }
    sim_fault_area_unlock(&area);
    SetEvent(wake);
    return outcome;
}

void sim_fault_leave(void)
{
    sim_fault_area_lock(&area);
    own_slot->pid = 0;
    sim_fault_area_unlock(&area);
}
