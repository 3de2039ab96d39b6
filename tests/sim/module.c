#include "module.h"
#include "apartment.h"
#include "clock.h"
#include "gate.h"
#include "log.h"

#include <objbase.h>

#define IDLE_AT_START_MS 15000
/* A class object that all clients share stays a little, as the next client may be on its way. */
#define LINGER_MS 1000
/* The last release must be answered before the process is gone. Under Wine 8 a client whose call is
 * out when the server's process ends keeps all its RPC connections to that process for ever. */
#define ANSWER_MS 250

static struct sim_options options_of_process;
static int64_t start_ms;
static volatile LONG object_count;
static volatile LONG objects_ever;
static volatile LONG deadline_ms; /* tick count; 0: none */

const struct sim_options *sim_module_options(void)
{
    return &options_of_process;
}

void sim_module_set_options(const struct sim_options *options)
{
    options_of_process = *options;
    start_ms = sim_clock_now();
}

int64_t sim_module_start_ms(void)
{
    return start_ms;
}

/* WaitOnAddress and the like would need the address of each change: one event is enough here. */
static HANDLE changed_event(void)
{
    static HANDLE event;
    if (event == NULL)
    {
        HANDLE created = CreateEventW(NULL, FALSE, FALSE, NULL);
        if (InterlockedCompareExchangePointer(&event, created, NULL) != NULL)
        {
            CloseHandle(created);
        }
    }
    return event;
}

void sim_module_add_object(void)
{
    InterlockedIncrement(&objects_ever);
    InterlockedIncrement(&object_count);
    CoAddRefServerProcess();
}

void sim_module_remove_object(void)
{
    CoReleaseServerProcess();
    if (InterlockedDecrement(&object_count) == 0)
    {
        SetEvent(changed_event());
    }
}

void sim_module_expect_client(void)
{
    InterlockedExchange(&objects_ever, 0);
    /* COM stops activations of a process without such references; never given back, as the
     * process ends by its own rule. */
    CoAddRefServerProcess();
}

void sim_module_end_within(DWORD time_ms)
{
    LONG deadline = (LONG)(GetTickCount() + time_ms);
    InterlockedExchange(&deadline_ms, deadline != 0 ? deadline : 1);
    SetEvent(changed_event());
}

/* How long to wait for the next change; 0: end now. */
static DWORD time_left(DWORD now, DWORD idle_since)
{
    const struct sim_options *options = sim_module_options();
    DWORD left = INFINITE;
    if (object_count == 0)
    {
        DWORD idle = deadline_ms != 0     ? ANSWER_MS
                     : objects_ever == 0  ? IDLE_AT_START_MS
                     : options->is_single ? ANSWER_MS
                                          : LINGER_MS;
        DWORD passed = now - idle_since;
        left = passed >= idle ? 0 : idle - passed;
        if (!options->is_embedded && deadline_ms == 0)
        {
            left = INFINITE; /* started by hand: stays until somebody ends it */
        }
    }
    if (deadline_ms != 0)
    {
        LONG rest = deadline_ms - (LONG)now;
        DWORD limit = rest > 0 ? (DWORD)rest : 0;
        left = limit < left ? limit : left;
    }
    return left;
}

void sim_module_run(void)
{
    DWORD idle_since = GetTickCount();
    bool was_idle = true;
    while (true)
    {
        sim_gate_wait();
        DWORD now = GetTickCount();
        bool is_idle = object_count == 0;
        if (is_idle && !was_idle)
        {
            idle_since = now;
        }
        was_idle = is_idle;
        DWORD left = time_left(now, idle_since);
        if (left == 0)
        {
            break;
        }
        DWORD result = sim_apartment_wait(changed_event(), left);
        /* All objects went away and one came back between two looks: the idle time starts anew. */
        was_idle = was_idle && result != WAIT_OBJECT_0;
    }
    sim_log("stop: %ld objects were held", object_count);
}
