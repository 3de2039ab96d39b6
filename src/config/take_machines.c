/* take_machines.c: another list of machines while a session runs (RM-230). */
#include <rm/config.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "config_internal.h"

#define NAME_SIZE 160

void rm_server_rank_machines(struct rm_server_config *server)
{
    for (unsigned i = 0; i < server->machine_count; i++)
    {
        server->machines[i].rank = i + 1;
    }
}

unsigned rm_server_listed(const struct rm_server_config *server)
{
    unsigned count = 0;

    for (unsigned i = 0; i < server->machine_count; i++)
    {
        count += server->machines[i].rank != 0;
    }
    return count;
}

unsigned rm_server_machine_of_rank(const struct rm_server_config *server, unsigned rank)
{
    for (unsigned number = 1; rank != 0 && number <= server->machine_count; number++)
    {
        if (server->machines[number - 1].rank == rank)
        {
            return number;
        }
    }
    return 0;
}

/* A class id that was not known before, or isn't any more, makes no other server. */
static bool is_same_place(const struct rm_server_config *one, unsigned here,
                          const struct rm_server_config *other, unsigned there)
{
    const char *clsid = one->machines[here - 1].clsid;
    const char *other_clsid = other->machines[there - 1].clsid;

    return rm_text_same(one->machines[here - 1].host, other->machines[there - 1].host) &&
           rm_text_same(rm_server_machine_progid(one, here),
                        rm_server_machine_progid(other, there)) &&
           (!*clsid || !*other_clsid || rm_text_same(clsid, other_clsid));
}

/* Of two at one place, which only class ids tell apart, the one that is in the list. */
static unsigned find_known(const struct rm_server_config *server,
                           const struct rm_server_config *from, unsigned place)
{
    unsigned found = 0;

    for (unsigned number = 1; number <= server->machine_count; number++)
    {
        if (is_same_place(server, number, from, place) &&
            (!found || server->machines[number - 1].rank != 0))
        {
            found = number;
        }
    }
    return found;
}

/* One that was never given, or whose machine has been removed; not that of the active machine. */
static unsigned find_free(const struct rm_server_config *server, unsigned active,
                          const bool is_kept[RM_MACHINE_NUMBERS + 1])
{
    unsigned number = (unsigned)server->machine_count + 1;

    if (number <= RM_MACHINE_NUMBERS)
    {
        return number;
    }
    for (number = 1; number < RM_MACHINE_NUMBERS; number++)
    {
        if (server->machines[number - 1].rank == 0 && number != active && !is_kept[number])
        {
            break;
        }
    }
    return number;
}

static void name_machine(const struct rm_machine_config *machine, char name[NAME_SIZE])
{
    snprintf(name, NAME_SIZE, "%.70s%s%.80s", machine->host, *machine->progid ? "/" : "",
             machine->progid);
}

static void append_change(const struct rm_machine_config *machine, unsigned before, char *changes,
                          size_t size)
{
    size_t used = strlen(changes);
    char name[NAME_SIZE];
    char what[32] = "is removed";

    if (machine->rank != 0)
    {
        snprintf(what, sizeof what, before == 0 ? "is added as machine %u" : "is machine %u now",
                 machine->rank);
    }
    name_machine(machine, name);
    snprintf(changes + used, size - used, "%s'%s' %s", used > 0 ? ", " : "", name, what);
}

bool rm_server_take_machines(struct rm_server_config *server, const struct rm_server_config *from,
                             unsigned active, char *changes, size_t size)
{
    unsigned before[RM_MACHINE_NUMBERS] = {0};
    unsigned known[RM_MACHINES_MAX];
    bool is_kept[RM_MACHINE_NUMBERS + 1] = {false};

    assert(from->machine_count <= RM_MACHINES_MAX);
    changes[0] = '\0';
    for (unsigned i = 0; i < from->machine_count; i++)
    {
        known[i] = find_known(server, from, i + 1);
        is_kept[known[i]] = true;
    }
    for (unsigned i = 0; i < from->machine_count; i++)
    {
        if (known[i] == 0)
        {
            known[i] = find_free(server, active, is_kept);
            is_kept[known[i]] = true;
            if (known[i] > server->machine_count)
            {
                server->machine_count = known[i];
            }
            server->machines[known[i] - 1] = from->machines[i];
            server->machines[known[i] - 1].rank = 0;
        }
    }
    for (unsigned i = 0; i < server->machine_count; i++)
    {
        before[i] = server->machines[i].rank;
        server->machines[i].rank = 0;
    }
    for (unsigned i = 0; i < from->machine_count; i++)
    {
        server->machines[known[i] - 1].rank = i + 1;
    }
    for (unsigned i = 0; i < server->machine_count; i++)
    {
        if (server->machines[i].rank != before[i])
        {
            append_change(&server->machines[i], before[i], changes, size);
        }
    }
    return changes[0] != '\0';
}

void rm_server_new_ranks(const struct rm_server_config *before,
                         const struct rm_server_config *after, unsigned ranks[RM_MACHINES_MAX + 1])
{
    struct rm_server_config known = *before; /* with the texts of both; none is freed by it */
    char changes[1];

    rm_server_rank_machines(&known);
    rm_server_take_machines(&known, after, 0, changes, sizeof changes);
    for (unsigned rank = 0; rank <= RM_MACHINES_MAX; rank++)
    {
        ranks[rank] =
            rank >= 1 && rank <= before->machine_count ? known.machines[rank - 1].rank : 0;
    }
}

bool rm_server_has_same_machines(const struct rm_server_config *one,
                                 const struct rm_server_config *other)
{
    if (one->machine_count != other->machine_count)
    {
        return false;
    }
    for (size_t i = 0; i < one->machine_count; i++)
    {
        const struct rm_machine_config *here = &one->machines[i];
        const struct rm_machine_config *there = &other->machines[i];

        if (strcmp(here->host, there->host) != 0 || strcmp(here->progid, there->progid) != 0 ||
            strcmp(here->clsid, there->clsid) != 0)
        {
            return false;
        }
    }
    return true;
}
