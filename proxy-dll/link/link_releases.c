/* Objects that the client has let go of: their servers are told by one worker of the link, so that
 * a client that drops hundreds at once doesn't make hundreds of threads, and a server that hangs
 * keeps one of them only. */
#include "call/call.h"
#include "link/link.h"
#include "link/link_work.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/session.h"

struct rm_link_object
{
    struct rm_link_object *next;
    IUnknown *object;
};

struct release_job
{
    struct rm_job job;
    struct rm_link *link;
};

/* NULL: that was all, and whoever brings the next one starts anew. */
static struct rm_link_object *take_first(struct rm_link *link)
{
    struct rm_link_object *first;

    rm_session_lock(link->session);
    first = link->objects_first;
    if (first)
        link->objects_first = first->next;
    else
        link->is_releasing = false;
    rm_session_unlock(link->session);
    return first;
}

static void release_all(struct rm_link *link)
{
    struct rm_link_object *first;

    while ((first = take_first(link)))
    {
        IUnknown_Release(first->object);
        rm_free(first);
    }
}

static HRESULT run_release(struct rm_call *call, struct rm_link *link)
{
    (void)call;
    release_all(link);
    return S_OK;
}

static const struct rm_call_class release_class = {
    .kind = RM_CALL_IDEMPOTENT, .name = "IUnknown::Release", .run = run_release};

static void run_release_job(struct rm_job *job)
{
    struct release_job *release = CONTAINING_RECORD(job, struct release_job, job);
    struct rm_session *session = release->link->session;
    struct rm_link_work work;

    rm_session_lock(session);
    rm_link_work_begin(release->link, &work);
    rm_session_unlock(session);
    release_all(release->link);
    rm_session_lock(session);
    rm_link_work_end(&work);
    rm_session_unlock(session);
    rm_link_release(release->link);
    rm_free(release);
}

static bool start_on_dead_link(struct rm_link *link)
{
    struct release_job *release = rm_alloc_zero(1, sizeof(*release));

    if (!release)
        return false;
    release->job.run = run_release_job;
    release->link = link;
    rm_link_add_ref(link);
    if (rm_worker_submit(&release->job))
        return true;
    rm_link_release(link);
    rm_free(release);
    return false;
}

/* As a call while the link lives: one that is not answered makes somebody look at the machine. */
static bool start(struct rm_link *link)
{
    struct rm_call *call = link->is_dead ? NULL : rm_call_new(sizeof(*call), &release_class);

    return (call && rm_call_start(link->session, link, call)) || start_on_dead_link(link);
}

void rm_link_release_later(struct rm_link *link, IUnknown *object)
{
    struct rm_link_object *last = object ? rm_alloc_zero(1, sizeof(*last)) : NULL;
    bool is_first;

    if (!last)
        return; /* without memory it is rather leaked than waited for */
    last->object = object;
    rm_session_lock(link->session);
    if (link->objects_first)
        link->objects_last->next = last;
    else
        link->objects_first = last;
    link->objects_last = last;
    is_first = !link->is_releasing;
    link->is_releasing = true;
    rm_session_unlock(link->session);
    if (is_first && !start(link))
    {
        rm_session_lock(link->session);
        link->is_releasing = false; /* the next one tries again */
        rm_session_unlock(link->session);
    }
}
