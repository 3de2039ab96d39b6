#include "switch.h"
#include "../sim/faultarea.h"

#define WAIT_MS 5000

static bool has_done(const struct sim_process *process, LONG generation)
{
    HANDLE handle = sim_fault_area_open_process(process);
    bool is_alive = handle != NULL && WaitForSingleObject(handle, 0) == WAIT_TIMEOUT;
    if (handle != NULL)
    {
        CloseHandle(handle);
    }
    return !is_alive || process->disconnected - generation >= 0;
}

bool switch_away(const char *machine, void (*pause)(void))
{
    struct sim_fault_area area;
    if (!sim_fault_area_open(machine, &area))
    {
        return false;
    }
    sim_fault_area_lock(&area);
    area.state->disconnect = area.state->generation + 1;
    area.state->disconnected_objects = SIM_OBJECTS_ALL;
    LONG generation = InterlockedIncrement(&area.state->generation);
    sim_fault_area_unlock(&area);
    bool is_done = true;
    DWORD start = GetTickCount();
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        struct sim_process *process = &area.state->processes[i];
        if (process->pid == 0)
        {
            continue;
        }
        HANDLE wake = sim_fault_area_wake_event(&area, process->pid);
        SetEvent(wake);
        CloseHandle(wake);
        while (!has_done(process, generation) && GetTickCount() - start < WAIT_MS)
        {
            pause(); /* the server lets go of sinks, which this thread may have to answer */
        }
        is_done = is_done && has_done(process, generation);
    }
    sim_fault_area_close(&area);
    return is_done;
}

bool switch_kill(const char *machine)
{
    struct sim_fault_area area;
    HANDLE killed[SIM_PROCESSES_MAX];
    int count = 0;
    bool is_done = true;
    if (!sim_fault_area_open(machine, &area))
    {
        return false;
    }
    sim_fault_area_lock(&area);
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        struct sim_process *process = &area.state->processes[i];
        HANDLE handle = sim_fault_area_open_process(process);
        if (handle != NULL)
        {
            TerminateProcess(handle, SIM_KILLED);
            killed[count++] = handle;
        }
        process->pid = 0;
    }
    sim_fault_area_unlock(&area);
    for (int i = 0; i < count; i++)
    {
        is_done = WaitForSingleObject(killed[i], WAIT_MS) == WAIT_OBJECT_0 && is_done;
        CloseHandle(killed[i]);
    }
    sim_fault_area_close(&area);
    return is_done && count > 0;
}

int switch_clients(const char *machine)
{
    struct sim_fault_area area;
    int clients = 0;
    if (!sim_fault_area_open(machine, &area))
    {
        return -1;
    }
    for (int i = 0; i < SIM_PROCESSES_MAX; i++)
    {
        clients += area.state->processes[i].pid != 0 ? (int)area.state->processes[i].clients : 0;
    }
    sim_fault_area_close(&area);
    return clients;
}
