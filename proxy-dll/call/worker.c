#include "call/worker.h"

#include "call/address_wait.h"
#include "module/memory.h"
#include "module/module.h"

#define IDLE_MS 5000 /* an idle worker ends after this */

struct worker
{
    struct worker *next_idle;
    struct rm_job *job;
    volatile LONG has_job; /* what an idle worker waits on */
};

static SRWLOCK pool_lock = SRWLOCK_INIT; /* protects the idle list and each idle worker's job */
static struct worker *idle;              /* the one that became idle last comes first */

static bool leave_idle_list(struct worker *worker)
{
    struct worker **link;
    bool was_idle = false;

    AcquireSRWLockExclusive(&pool_lock);
    for (link = &idle; *link; link = &(*link)->next_idle)
    {
        if (*link == worker)
        {
            *link = worker->next_idle;
            was_idle = true;
            break;
        }
    }
    ReleaseSRWLockExclusive(&pool_lock);
    return was_idle;
}

static void worker_main(void *argument)
{
    struct worker *worker = argument;

    for (;;)
    {
        struct rm_job *job = worker->job;

        worker->job = NULL;
        job->run(job);

        AcquireSRWLockExclusive(&pool_lock);
        worker->has_job = 0;
        worker->next_idle = idle;
        idle = worker;
        ReleaseSRWLockExclusive(&pool_lock);

        if (!rm_address_wait(&worker->has_job, 0, IDLE_MS) && leave_idle_list(worker))
            break;
        rm_address_wait(&worker->has_job, 0, INFINITE);
    }
    rm_free(worker);
}

bool rm_worker_submit(struct rm_job *job)
{
    struct worker *worker;

    AcquireSRWLockExclusive(&pool_lock);
    worker = idle;
    if (worker)
    {
        idle = worker->next_idle;
        worker->job = job;
        InterlockedExchange(&worker->has_job, 1);
    }
    ReleaseSRWLockExclusive(&pool_lock);
    if (worker)
    {
        rm_address_wake(&worker->has_job);
        return true;
    }

    worker = rm_alloc_zero(1, sizeof(*worker));
    if (!worker)
        return false;
    worker->job = job;
    if (rm_module_start_thread(worker_main, worker, RM_THREAD_STACK_BYTES))
        return true;
    rm_free(worker);
    return false;
}

static void client_job_main(void *argument)
{
    struct rm_job *job = argument;

    job->run(job);
}

bool rm_worker_submit_client(struct rm_job *job)
{
    return rm_module_start_thread(client_job_main, job, 0);
}
