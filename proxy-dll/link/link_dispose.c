#include "link/link.h"

#include <string.h>

#include "call/call.h"
#include "call/worker.h"
#include "delivery/data_sink.h"
#include "delivery/shutdown_sink.h"
#include "link/link_work.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/session.h"

struct dispose_job
{
    struct rm_job job;
    struct rm_link *link;
    bool is_polite;
};

static void release_interface(void *interface_pointer)
{
    if (interface_pointer)
        IUnknown_Release((IUnknown *)interface_pointer);
}

void rm_link_group_dispose(struct rm_link_group *taken, bool is_link_dead)
{
    int i;

    if (taken->sink)
    {
        if (!is_link_dead)
            IConnectionPoint_Unadvise(taken->point, taken->cookie);
        rm_data_sink_dispose(taken->sink);
    }
    release_interface(taken->point);
    for (i = 0; i < RM_GROUP_INTERFACE_COUNT; i++)
        release_interface(taken->interfaces[i]);
    rm_free(taken->name);
    rm_free(taken->items);
    rm_free(taken->added);
    rm_free(taken->orphans);
    rm_group_unhold(taken->group);
    memset(taken, 0, sizeof(*taken));
}

/* Takes one group out of the dead link. false: there are no more. */
static bool take_a_group(struct rm_link *link, struct rm_link_group *taken)
{
    DWORD slot;

    for (slot = 0; slot < link->group_slots; slot++)
    {
        if (link->groups[slot].group && rm_link_group_detach(link, link->groups[slot].group, taken))
            return true;
    }
    return false;
}

static void dispose_groups(struct rm_link *link, bool is_polite)
{
    IOPCServer *server = (IOPCServer *)link->interfaces[RM_SERVER_OPCSERVER];

    for (;;)
    {
        struct rm_link_group taken;
        OPCHANDLE real;
        bool found, is_public;

        rm_session_lock(link->session);
        found = take_a_group(link, &taken);
        rm_session_unlock(link->session);
        if (!found)
            break;
        real = taken.real;
        is_public = rm_link_group_is_public(&taken);
        rm_link_group_dispose(&taken, !is_polite);
        if (is_polite && server && real && !is_public)
            IOPCServer_RemoveGroup(server, real, FALSE);
    }
}

static void dispose(struct rm_link *link, bool is_polite)
{
    int i;

    rm_process_watch_end(&link->process_watch); /* that it ends now is no news */
    dispose_groups(link, is_polite);
    if (link->shutdown_point)
    {
        if (is_polite)
            IConnectionPoint_Unadvise(link->shutdown_point, link->shutdown_cookie);
        IConnectionPoint_Release(link->shutdown_point);
        link->shutdown_point = NULL;
    }
    if (link->shutdown_sink)
        rm_shutdown_sink_dispose(link->shutdown_sink);
    link->shutdown_sink = NULL;
    for (i = 0; i < RM_SERVER_INTERFACE_COUNT; i++)
    {
        release_interface(link->interfaces[i]);
        link->interfaces[i] = NULL;
    }
}

static void run_dispose(struct rm_job *job)
{
    struct dispose_job *dispose_job = (struct dispose_job *)job;
    struct rm_link *link = dispose_job->link;
    struct rm_session *session = link->session;
    struct rm_link_work work;

    rm_session_lock(session);
    rm_link_work_begin(link, &work); /* even a final Release to a server that hangs may stay out */
    rm_session_unlock(session);
    /* To a write that is still out the server shall not answer that its group is gone. */
    if (dispose_job->is_polite && link->has_last_moment)
        Sleep(RM_LAST_MOMENT_MS);
    dispose(link, dispose_job->is_polite);
    rm_session_lock(session);
    rm_link_work_end(&work);
    rm_link_awaited_end(link);
    rm_session_unlock(session);
    rm_link_release(link);
    rm_free(job);
}

void rm_link_dispose(struct rm_link *link, bool is_polite)
{
    struct dispose_job *job = rm_alloc_zero(1, sizeof(*job));

    if (job)
    {
        job->job.run = run_dispose;
        job->link = link;
        job->is_polite = is_polite;
        if (rm_worker_submit(&job->job))
            return;
        rm_free(job);
    }
    /* Without memory or a thread the server's objects are given up rather than waited for. */
    rm_process_watch_end(&link->process_watch);
    rm_session_lock(link->session);
    rm_link_awaited_end(link);
    rm_session_unlock(link->session);
}
