/* The machines' lists side by side. */
#include <string.h>

#include "compare_walk.h"

static void remember(char **text, const char *from, bool *is_short)
{
    if (*text == NULL)
    {
        *text = _strdup(from);
        *is_short = *is_short || *text == NULL;
    }
}

/* The comparison of one machine's list with the reference's. */
struct merge
{
    struct compare_walk *walk;
    unsigned reference, machine;
    struct compare_kids *kids; /* by the entry's place in the reference's list; NULL = not wanted */
};

static void visit(void *context, const struct rm_branch_entry *here,
                  const struct rm_branch_entry *there)
{
    const struct merge *merge = context;
    struct compare_machine *reference = &merge->walk->machines[merge->reference];
    struct compare_machine *machine = &merge->walk->machines[merge->machine];
    struct rm_difference differences[RM_BRANCH_DIFFERENCES];
    unsigned count = rm_branch_differences(here, there, differences);
    for (unsigned i = 0; i < count; i++)
    {
        compare_report_difference(&merge->walk->report, compare_name_of(machine),
                                  compare_name_of(reference), &differences[i]);
    }
    if (merge->kids != NULL && here != NULL && there != NULL && here->is_branch && there->is_branch)
    {
        struct compare_kid *kid = &merge->kids->kids[here - reference->list.entries];
        remember(&kid->name, here->name, &merge->kids->is_short);
        remember(&kid->ids[merge->reference], here->id, &merge->kids->is_short);
        remember(&kid->ids[merge->machine], there->id, &merge->kids->is_short);
    }
}

/* The first machine that has a list, or walk->count. */
unsigned compare_find_reference(const struct compare_walk *walk,
                                const enum compare_outcome *outcomes)
{
    unsigned reference = 0;
    while (reference < walk->count && outcomes[reference] != COMPARE_HAS_LIST)
    {
        reference++;
    }
    return reference;
}

void compare_merge_all(struct compare_walk *walk, const enum compare_outcome *outcomes,
                       unsigned reference, struct compare_kids *kids)
{
    for (unsigned i = 0; i < walk->count; i++)
    {
        struct merge merge = {walk, reference, i, kids};
        if (i == reference || outcomes[i] == COMPARE_NOT_ASKED ||
            outcomes[i] == COMPARE_FAILED_THERE)
        {
            continue;
        }
        if (outcomes[i] == COMPARE_NO_SUCH_BRANCH)
        {
            struct rm_difference difference = {
                .kind = RM_DIFFERENCE_MISSING, .is_branch = true, .name = walk->path};
            compare_report_difference(&walk->report, compare_name_of(&walk->machines[i]),
                                      compare_name_of(&walk->machines[reference]), &difference);
            continue;
        }
        rm_branch_merge(&walk->machines[reference].list, &walk->machines[i].list, visit, &merge);
    }
}
