#include "delivery/group_job.h"

#include "call/worker.h"
#include "module/memory.h"
#include "session/shadow.h"

struct group_job
{
    struct rm_job job;
    struct rm_group *group; /* holds it */
    void (*run)(struct rm_group *, void *);
    void *context;
};

static void run_job(struct rm_job *job)
{
    struct group_job *group_job = (struct group_job *)job;

    group_job->run(group_job->group, group_job->context);
    rm_group_unhold(group_job->group);
    rm_free(job);
}

bool rm_group_job_submit(struct rm_group *group, void (*run)(struct rm_group *, void *),
                         void *context)
{
    struct group_job *job = rm_alloc_zero(1, sizeof(*job));

    if (!job)
        return false;
    job->job.run = run_job;
    job->group = group;
    job->run = run;
    job->context = context;
    rm_group_hold(group);
    if (rm_worker_submit_client(&job->job))
        return true;
    InterlockedDecrement(&group->holds); /* it is in the table: not the last */
    rm_free(job);
    return false;
}
