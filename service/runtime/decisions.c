#include "runtime/decisions.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/agreement.h>
#include <rm/text.h>

#define DETAIL_SIZE 256

/* The sessions that decide together: all of a redundant server, or of a link group. */
struct circle
{
    struct circle *next;
    int link_group;                 /* 0: of the server alone */
    char server[RM_PROGID_MAX + 1]; /* link_group 0 */
    unsigned agreed;                /* 0 = none */
};

struct rm_decisions
{
    struct rm_decisions_terms terms;
    struct circle *circles;
    struct rm_registered **members; /* of the circle at hand, by process; array of room */
    struct rm_agreement_session *votes;
    size_t room;
};

/* ---- circles ------------------------------------------------------------------------------- */

static bool is_of(const struct circle *circle, int link_group, const char *server)
{
    return circle->link_group == link_group &&
           (link_group || _stricmp(circle->server, server) == 0);
}

static int link_group_of(const struct rm_decisions *decisions, const char *server)
{
    return decisions->terms.link_group(decisions->terms.context, server);
}

static struct circle *find_circle(const struct rm_decisions *decisions, const char *server)
{
    int link_group = link_group_of(decisions, server);
    struct circle *circle = decisions->circles;

    while (circle && !is_of(circle, link_group, server))
        circle = circle->next;
    return circle;
}

/* NULL: nothing is known of that server, or no memory. */
static struct circle *make_circle(struct rm_decisions *decisions, const char *server)
{
    int link_group = link_group_of(decisions, server);
    struct circle *circle = find_circle(decisions, server);

    if (circle || link_group < 0)
        return circle;
    circle = calloc(1, sizeof *circle);
    if (!circle)
        return NULL;
    circle->link_group = link_group;
    if (!link_group)
        rm_text_fit(circle->server, sizeof circle->server, server);
    circle->next = decisions->circles;
    decisions->circles = circle;
    return circle;
}

/* ---- its members --------------------------------------------------------------------------- */

static uint32_t process_of(const struct rm_registered *entry)
{
    return rm_pipe_peer_hello(entry->peer)->process_id;
}

static int by_process(const void *one, const void *other)
{
    uint32_t a = process_of(*(struct rm_registered *const *)one);
    uint32_t b = process_of(*(struct rm_registered *const *)other);

    return (a > b) - (a < b);
}

static bool make_room(struct rm_decisions *decisions, size_t count)
{
    void *members, *votes;

    if (count <= decisions->room)
        return true;
    members = realloc(decisions->members, count * sizeof *decisions->members);
    if (members)
        decisions->members = members;
    votes = realloc(decisions->votes, count * sizeof *decisions->votes);
    if (votes)
        decisions->votes = votes;
    if (!members || !votes)
        return false;
    decisions->room = count;
    return true;
}

/* The number of a server is the place of its first session. */
static uint32_t server_number(const struct rm_decisions *decisions, size_t i)
{
    uint32_t number = 0;

    while (_stricmp(decisions->members[number]->session.server,
                    decisions->members[i]->session.server) != 0)
        number++;
    return number;
}

static size_t collect(struct rm_decisions *decisions, const struct circle *circle)
{
    struct rm_registered *entry;
    size_t count = 0;

    if (!make_room(decisions, decisions->terms.sessions->count))
        return 0;
    for (entry = decisions->terms.sessions->first; entry; entry = entry->next)
    {
        const char *server = entry->session.server;

        if (entry->is_located && is_of(circle, link_group_of(decisions, server), server))
            decisions->members[count++] = entry;
    }
    if (count)
        qsort(decisions->members, count, sizeof *decisions->members, by_process);
    for (size_t i = 0; i < count; i++)
    {
        entry = decisions->members[i];
        decisions->votes[i] = (struct rm_agreement_session){.process = process_of(entry),
                                                            .server = server_number(decisions, i),
                                                            .machine = entry->machine,
                                                            .moved = entry->moved,
                                                            .is_following = entry->is_following,
                                                            .is_trusted = entry->is_trusted};
    }
    return count;
}

/* ---- what they agree on -------------------------------------------------------------------- */

static void tell(const struct rm_registered *entry, unsigned machine)
{
    struct rm_wire_message message = {.type = RM_WIRE_AGREED};

    message.body.agreed.session = entry->session.session;
    message.body.agreed.machine = machine;
    rm_pipe_peer_send(entry->peer, &message);
}

/* The processes that have moved to that machine; each once. */
static void name_movers(const struct rm_decisions *decisions, size_t count, unsigned machine,
                        char detail[DETAIL_SIZE])
{
    uint32_t last = 0;
    size_t used = 0;

    detail[0] = 0;
    for (size_t i = 0; i < count && used < DETAIL_SIZE; i++)
    {
        const struct rm_registered *entry = decisions->members[i];
        const struct rm_wire_hello *process = rm_pipe_peer_hello(entry->peer);

        if (entry->moved != machine || process->process_id == last)
            continue;
        last = process->process_id;
        used += (size_t)snprintf(detail + used, DETAIL_SIZE - used, "%s%s (%u)",
                                 used ? " and " : "", process->program, process->process_id);
    }
}

/* Once for each server that has somebody to follow. */
static void report(const struct rm_decisions *decisions, size_t count, unsigned machine,
                   const char *detail)
{
    const struct rm_decisions_terms *terms = &decisions->terms;

    for (size_t i = 0; i < count; i++)
    {
        size_t first = 0;

        if (decisions->members[i]->machine == machine || !decisions->members[i]->machine)
            continue;
        while (first < i && (decisions->votes[first].server != decisions->votes[i].server ||
                             decisions->members[first]->machine == machine ||
                             !decisions->members[first]->machine))
            first++;
        if (first == i)
            terms->agreed(terms->context, decisions->members[i]->session.server, machine, detail);
    }
}

static void agree(struct rm_decisions *decisions, struct circle *circle, size_t count,
                  unsigned machine)
{
    bool is_first = circle->agreed == 0;
    char detail[DETAIL_SIZE];

    name_movers(decisions, count, machine, detail);
    circle->agreed = machine;
    if (!is_first && machine && *detail)
        report(decisions, count, machine, detail);
    for (size_t i = 0; i < count; i++)
    {
        struct rm_registered *entry = decisions->members[i];

        entry->moved = 0;
        if (!is_first && machine && entry->machine && entry->machine != machine)
            tell(entry, machine);
    }
}

/* Whom they followed is gone: they are told once. */
static void set_free(const struct rm_decisions *decisions, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        struct rm_registered *entry = decisions->members[i];

        if (!entry->is_following || entry->is_set_free ||
            rm_agreement_is_led(decisions->votes, count, decisions->votes[i].process))
            continue;
        entry->is_set_free = true;
        tell(entry, 0);
    }
}

static void look_at(struct rm_decisions *decisions, struct circle *circle)
{
    size_t count = collect(decisions, circle);
    unsigned machine;
    uint32_t lost = 0;

    for (size_t i = 0; i < count; i++)
    {
        if (decisions->votes[i].server == i)
            lost |= decisions->terms.lost(decisions->terms.context,
                                          decisions->members[i]->session.server);
    }
    machine = rm_agreement_decide(decisions->votes, count, circle->agreed, lost);
    if (machine != circle->agreed)
        agree(decisions, circle, count, machine);
    set_free(decisions, count);
}

/* Settings have moved a session to another circle: it counts from now on where that one is. */
static void make_circles(struct rm_decisions *decisions)
{
    const struct rm_registered *entry = decisions->terms.sessions->first;

    for (; entry; entry = entry->next)
    {
        if (entry->is_located)
            make_circle(decisions, entry->session.server);
    }
}

void rm_decisions_look(struct rm_decisions *decisions)
{
    struct circle *circle;

    if (!decisions)
        return;
    make_circles(decisions);
    for (circle = decisions->circles; circle; circle = circle->next)
        look_at(decisions, circle);
}

void rm_decisions_begin(struct rm_decisions *decisions, struct rm_registered *entry)
{
    const struct circle *circle = make_circle(decisions, entry->session.server);

    if (circle && circle->agreed)
        tell(entry, circle->agreed);
}

void rm_decisions_active(struct rm_decisions *decisions, struct rm_registered *entry,
                         const struct rm_wire_active *active)
{
    struct circle *circle = make_circle(decisions, entry->session.server);
    unsigned machine = active->machine <= RM_MACHINES_MAX ? active->machine : 0;
    bool has_moved = entry->is_located && active->moves != entry->moves;
    bool is_found = entry->is_located && !has_moved && !entry->machine && machine;

    if (has_moved)
    {
        entry->moved = machine;
        entry->is_trusted = rm_pipe_peer_has_right(entry->peer, RM_WIRE_RIGHT_OPERATOR);
    }
    else if (machine != entry->moved)
        entry->moved = 0;
    entry->is_located = true;
    entry->machine = machine;
    entry->moves = active->moves;
    entry->is_following = active->is_following != 0;
    if (!entry->is_following)
        entry->is_set_free = false;
    if (!circle)
        return;
    look_at(decisions, circle);
    if (is_found && machine != circle->agreed)
        tell(entry, circle->agreed); /* the others have gone elsewhere meanwhile */
}

unsigned rm_decisions_where(const struct rm_decisions *decisions, const char *server)
{
    const struct circle *circle = find_circle(decisions, server);

    return circle ? circle->agreed : 0;
}

/* ---- its life ------------------------------------------------------------------------------ */

struct rm_decisions *rm_decisions_new(const struct rm_decisions_terms *terms)
{
    struct rm_decisions *decisions = calloc(1, sizeof *decisions);

    if (decisions)
        decisions->terms = *terms;
    return decisions;
}

void rm_decisions_free(struct rm_decisions *decisions)
{
    if (!decisions)
        return;
    while (decisions->circles)
    {
        struct circle *circle = decisions->circles;

        decisions->circles = circle->next;
        free(circle);
    }
    free(decisions->members);
    free(decisions->votes);
    free(decisions);
}
