/* The machines' address spaces side by side: one branch at a time, in all machines at once. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

#include "compare_walk.h"
#include "output.h"

#define DEPTH_MAX 64 /* a server may have a circle in its branches */

static void free_kids(struct compare_kids *kids)
{
    for (size_t i = 0; i < kids->count; i++)
    {
        free(kids->kids[i].name);
        for (unsigned k = 0; k < RM_MACHINES_MAX; k++)
        {
            free(kids->kids[i].ids[k]);
        }
    }
    free(kids->kids);
}

/* The kids that there are, without the gaps between them. */
static void close_gaps(struct compare_kids *kids)
{
    size_t kept = 0;
    for (size_t i = 0; i < kids->count; i++)
    {
        if (kids->kids[i].name != NULL)
        {
            kids->kids[kept++] = kids->kids[i];
        }
    }
    kids->count = kept;
    struct compare_kid *smaller = realloc(kids->kids, (kept + 1) * sizeof *smaller);
    kids->kids = smaller != NULL ? smaller : kids->kids;
}

/* Lists the place on each machine that has it, and compares; *kids gets the branches below it. */
static void compare_place(struct compare_walk *walk, const struct compare_kid *place,
                          unsigned level, struct compare_kids *kids)
{
    enum compare_outcome outcomes[RM_MACHINES_MAX] = {COMPARE_NOT_ASKED};
    bool is_asked[RM_MACHINES_MAX] = {false};
    for (unsigned i = 0; i < walk->count; i++)
    {
        struct compare_machine *machine = &walk->machines[i];
        is_asked[i] = place->ids[i] != NULL && !machine->is_lost;
        if (is_asked[i])
        {
            machine->place = (struct compare_place){place->ids[i], place->name, level};
        }
    }
    compare_order_all(walk, COMPARE_LIST, is_asked);
    for (unsigned i = 0; i < walk->count && !walk->is_stopped; i++)
    {
        outcomes[i] = is_asked[i] ? compare_judge(walk, &walk->machines[i]) : COMPARE_NOT_ASKED;
    }
    unsigned reference = walk->is_stopped ? walk->count : compare_find_reference(walk, outcomes);
    for (unsigned i = 0; i < walk->count && reference == walk->count && !walk->is_stopped; i++)
    {
        if (outcomes[i] == COMPARE_NO_SUCH_BRANCH)
        {
            compare_report_failure(&walk->report, compare_name_of(&walk->machines[i]),
                                   "there is no branch '%s'", walk->path);
        }
    }
    if (reference == walk->count)
    {
        return;
    }
    kids->count = walk->machines[reference].list.count;
    kids->kids = calloc(kids->count + 1, sizeof *kids->kids);
    kids->is_short = kids->kids == NULL;
    kids->count = kids->is_short ? 0 : kids->count;
    compare_merge_all(walk, outcomes, reference, kids->is_short ? NULL : kids);
    if (kids->is_short)
    {
        compare_report_failure(&walk->report, compare_name_of(&walk->machines[reference]),
                               "out of memory in '%s'", walk->path);
    }
    walk->branches++;
    walk->entries += walk->machines[reference].list.count;
    for (unsigned i = 0; i < walk->count; i++)
    {
        if (is_asked[i] && !walk->machines[i].is_lost)
        {
            rm_branch_list_clear(&walk->machines[i].list);
        }
    }
    close_gaps(kids);
}

static unsigned count_present(const struct compare_walk *walk, const struct compare_kid *place)
{
    unsigned present = 0;
    for (unsigned i = 0; i < walk->count; i++)
    {
        present += place->ids[i] != NULL && !walk->machines[i].is_lost ? 1 : 0;
    }
    return present;
}

/* Further down from the path as it is; its length before that. */
static size_t enter(struct compare_walk *walk, const char *name)
{
    size_t length = strlen(walk->path);
    size_t used = length;
    if (used > 0 && used + 1 < sizeof walk->path)
    {
        walk->path[used++] = '/';
    }
    rm_text_fit(walk->path + used, sizeof walk->path - used, name);
    return length;
}

static void descend(struct compare_walk *walk, const struct compare_kid *place, unsigned level)
{
    unsigned deepest = walk->wish->depth != 0 ? walk->wish->depth : DEPTH_MAX;
    struct compare_kids kids = {NULL, 0, false};
    size_t length = enter(walk, place->name);
    compare_place(walk, place, level, &kids);
    if (level == DEPTH_MAX && kids.count > 0)
    {
        compare_report_failure(&walk->report, compare_name_of(&walk->machines[0]),
                               "'%s' is %u branches deep; what is below it was not compared",
                               walk->path, DEPTH_MAX);
    }
    for (size_t i = 0; i < kids.count && level < deepest && !walk->is_stopped; i++)
    {
        if (count_present(walk, &kids.kids[i]) > 1 && !output_is_broken())
        {
            descend(walk, &kids.kids[i], level + 1);
        }
    }
    free_kids(&kids);
    walk->path[length] = '\0';
}

void compare_walk_branch(struct compare_walk *walk)
{
    struct compare_kid place;
    memset(&place, 0, sizeof place);
    place.name = _strdup(walk->wish->branch);
    if (place.name == NULL)
    {
        ctl_fail(walk->report.ctl, "Out of memory.");
        walk->report.failures++;
        return;
    }
    for (unsigned i = 0; i < walk->count; i++)
    {
        place.ids[i] = place.name;
    }
    walk->path[0] = '\0';
    descend(walk, &place, 0);
    free(place.name);
}
