#include "link/link_work.h"

#include <string.h>

#include "link/link.h"
#include "module/module.h"
#include "session/session.h"

void rm_link_abandon(const struct rm_link *link, struct rm_abandoned *record)
{
    record->server = link->server;
    rm_abandoned_enter(record, link->session->number, link->machine, rm_module_now_ms());
}

void rm_link_work_begin(struct rm_link *link, struct rm_link_work *work)
{
    memset(work, 0, sizeof(*work));
    if (link->is_dead)
        rm_link_abandon(link, &work->abandoned);
    else
        rm_list_append(&link->works, &work->node);
}

void rm_link_work_end(struct rm_link_work *work)
{
    rm_list_remove(&work->node);
    rm_abandoned_leave(&work->abandoned);
}

void rm_link_work_abandon_all(struct rm_link *link)
{
    while (!rm_list_is_empty(&link->works))
    {
        struct rm_link_work *work = RM_LIST_ENTRY(link->works.next, struct rm_link_work, node);

        rm_list_remove(&work->node);
        rm_link_abandon(link, &work->abandoned);
    }
}

void rm_link_awaited_begin(struct rm_link *link)
{
    if (link->is_given_up)
        return;
    link->awaited++;
    link->session->awaited++;
}

void rm_link_awaited_end(struct rm_link *link)
{
    if (link->is_given_up)
        return;
    link->awaited--;
    link->session->awaited--;
    rm_session_wake_waiters(link->session);
}

void rm_link_awaited_give_up(struct rm_link *link)
{
    link->session->awaited -= link->awaited;
    link->awaited = 0;
    link->is_given_up = true;
    rm_session_wake_waiters(link->session);
}
