#include "session/chores.h"

#include "delivery/data_sink.h"
#include "module/memory.h"
#include "session/session.h"

struct rm_chore
{
    struct rm_chore *next;
    struct rm_data_sink *sink;
    DWORD thread;
};

void rm_session_add_chore(struct rm_session *session, struct rm_data_sink *sink, DWORD thread)
{
    struct rm_chore *chore = rm_alloc_zero(1, sizeof(*chore));
    bool is_too_late;

    if (!chore)
        return;
    chore->sink = sink;
    chore->thread = thread;
    rm_session_lock(session);
    is_too_late = session->are_chores_over;
    chore->next = session->chores;
    session->chores = chore;
    session->chore_count++;
    rm_session_unlock(session);
    if (is_too_late)
        rm_session_drop_chores(session);
}

/* Of one thread; 0 = of any. */
static struct rm_chore *take_chore(struct rm_session *session, DWORD thread)
{
    struct rm_chore **link, *chore = NULL;

    rm_session_lock(session);
    for (link = &session->chores; *link; link = &(*link)->next)
    {
        if (!thread || (*link)->thread == thread)
        {
            chore = *link;
            *link = chore->next;
            session->chore_count--;
            break;
        }
    }
    rm_session_unlock(session);
    return chore;
}

void rm_session_run_chores(struct rm_session *session)
{
    struct rm_chore *chore;

    if (!session->chore_count)
        return;
    while ((chore = take_chore(session, GetCurrentThreadId())) != NULL)
    {
        rm_data_sink_cut_off(chore->sink);
        rm_data_sink_release(chore->sink);
        rm_free(chore);
    }
}

void rm_session_drop_chores(struct rm_session *session)
{
    struct rm_chore *chore;

    rm_session_lock(session);
    session->are_chores_over = true;
    rm_session_unlock(session);
    while ((chore = take_chore(session, 0)) != NULL)
    {
        rm_data_sink_leave_table(chore->sink);
        rm_data_sink_release(chore->sink);
        rm_free(chore);
    }
}
