/* Orders for machines that may never answer. */
#include "compare_machine.h"
#include "stop.h"

#define LOOK_MS 250

static DWORD WINAPI serve(void *argument)
{
    struct compare_machine *machine = argument;
    bool is_over = false;
    while (!is_over)
    {
        WaitForSingleObject(machine->wanted, INFINITE);
        is_over = machine->order == COMPARE_LEAVE;
        compare_carry_out(machine);
        SetEvent(machine->done);
    }
    return 0;
}

bool compare_machine_start(struct compare_machine *machine)
{
    machine->wanted = CreateEventW(NULL, FALSE, FALSE, NULL);
    machine->done = CreateEventW(NULL, TRUE, FALSE, NULL);
    machine->thread = machine->wanted != NULL && machine->done != NULL
                          ? CreateThread(NULL, 0, serve, machine, 0, NULL)
                          : NULL;
    return machine->thread != NULL;
}

void compare_give(struct compare_machine *machine, enum compare_order order)
{
    machine->order = order;
    machine->is_busy = true;
    ResetEvent(machine->done);
    SetEvent(machine->wanted);
}

static bool is_late(const struct compare_machine *machine, DWORD timeout_ms)
{
    LONG began = machine->call_began;
    return began != 0 && GetTickCount() - (DWORD)began > timeout_ms;
}

/* Collects what is done, gives up who is late; the events of those that are still busy go to
 * handles[]. */
static DWORD look(struct compare_machine *machines, unsigned count, DWORD timeout_ms,
                  HANDLE handles[RM_MACHINES_MAX])
{
    DWORD busy = 0;
    for (unsigned i = 0; i < count; i++)
    {
        struct compare_machine *machine = &machines[i];
        if (!machine->is_busy)
        {
            continue;
        }
        machine->is_busy = WaitForSingleObject(machine->done, 0) != WAIT_OBJECT_0;
        if (machine->is_busy && is_late(machine, timeout_ms))
        {
            machine->is_given_up = machine->is_lost = true;
            machine->is_busy = false;
        }
        if (machine->is_busy)
        {
            handles[busy++] = machine->done;
        }
    }
    return busy;
}

bool compare_wait(struct compare_machine *machines, unsigned count, DWORD timeout_ms,
                  void (*tell)(void *context), void *context)
{
    HANDLE handles[RM_MACHINES_MAX + 1];
    DWORD busy;
    while ((busy = look(machines, count, timeout_ms, handles)) > 0)
    {
        HANDLE stop = stop_event();
        DWORD waits = busy;
        if (stop != NULL)
        {
            handles[waits++] = stop;
        }
        if (WaitForMultipleObjects(waits, handles, FALSE, LOOK_MS) == WAIT_OBJECT_0 + busy)
        {
            return false;
        }
        tell(context);
    }
    return true;
}
