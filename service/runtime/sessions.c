#include "runtime/sessions.h"

#include <stdlib.h>

#include <rm/text.h>

static struct rm_registered **place_of(struct rm_registered_list *list,
                                       const struct rm_pipe_peer *peer, uint32_t session)
{
    struct rm_registered **place = &list->first;

    while (*place && ((*place)->peer != peer || (*place)->session.session != session))
        place = &(*place)->next;
    return place;
}

enum rm_status rm_registered_enter(struct rm_registered_list *list, struct rm_pipe_peer *peer,
                                   const struct rm_wire_session *session, uint64_t now)
{
    struct rm_registered **place = place_of(list, peer, session->session);
    struct rm_registered *entry;

    if (*place)
        return RM_OK;
    if (list->count == RM_SESSIONS_MAX)
        return RM_E_TOO_LARGE;
    entry = calloc(1, sizeof *entry);
    if (!entry)
        return RM_E_NO_MEMORY;
    entry->peer = peer;
    entry->session = *session;
    rm_text_clean(entry->session.server);
    entry->begun = now;
    *place = entry;
    list->count++;
    return RM_OK;
}

struct rm_registered *rm_registered_find(const struct rm_registered_list *list,
                                         const struct rm_pipe_peer *peer, uint32_t session)
{
    struct rm_registered *entry = list->first;

    while (entry && (entry->peer != peer || entry->session.session != session))
        entry = entry->next;
    return entry;
}

static void remove_at(struct rm_registered_list *list, struct rm_registered **place)
{
    struct rm_registered *entry = *place;

    *place = entry->next;
    list->count--;
    free(entry);
}

void rm_registered_leave(struct rm_registered_list *list, const struct rm_pipe_peer *peer,
                         uint32_t session)
{
    struct rm_registered **place = place_of(list, peer, session);

    if (*place)
        remove_at(list, place);
}

void rm_registered_leave_all(struct rm_registered_list *list, const struct rm_pipe_peer *peer)
{
    struct rm_registered **place = &list->first;

    while (*place)
    {
        if (!peer || (*place)->peer == peer)
            remove_at(list, place);
        else
            place = &(*place)->next;
    }
}
