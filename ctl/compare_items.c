/* Chosen items side by side. */
#include <rm/code_words.h>
#include <rm/text.h>

#include "compare_walk.h"

/* An item that every machine refuses is a mistake of whoever asks, mostly. */
static void report_unknown(struct compare_walk *walk, const enum compare_outcome *outcomes,
                           unsigned reference)
{
    const struct rm_branch_list *list = &walk->machines[reference].list;
    for (size_t i = 0; i < list->count; i++)
    {
        bool is_known = false;
        for (unsigned k = 0; k < walk->count; k++)
        {
            is_known = is_known || (outcomes[k] == COMPARE_HAS_LIST &&
                                    walk->machines[k].list.entries[i].error == 0);
        }
        if (!is_known)
        {
            uint32_t code = list->entries[i].error;
            compare_report_failure(&walk->report, compare_name_of(&walk->machines[reference]),
                                   "item '%s' is refused, as on every machine (0x%08X%s%s)",
                                   list->entries[i].id, (unsigned)code,
                                   rm_code_words(code)[0] != '\0' ? ": " : "", rm_code_words(code));
        }
    }
}

void compare_walk_items(struct compare_walk *walk)
{
    enum compare_outcome outcomes[RM_MACHINES_MAX] = {COMPARE_NOT_ASKED};
    bool is_asked[RM_MACHINES_MAX] = {false};
    enum rm_status status = RM_OK;
    rm_text_fit(walk->path, sizeof walk->path, walk->wish->items[0]);
    for (unsigned i = 0; i < walk->count; i++)
    {
        struct rm_branch_list *list = &walk->machines[i].list;
        is_asked[i] = !walk->machines[i].is_lost;
        for (size_t k = 0; k < walk->wish->item_count && is_asked[i] && status == RM_OK; k++)
        {
            status =
                rm_branch_list_add(list, walk->wish->items[k], walk->wish->items[k], false, true);
        }
        if (is_asked[i])
        {
            rm_branch_list_sort(list);
        }
    }
    if (status != RM_OK)
    {
        ctl_fail(walk->report.ctl, "Out of memory.");
        walk->report.failures++;
        return;
    }
    compare_order_all(walk, COMPARE_CHECK, is_asked);
    for (unsigned i = 0; i < walk->count && !walk->is_stopped; i++)
    {
        outcomes[i] = is_asked[i] ? compare_judge(walk, &walk->machines[i]) : COMPARE_NOT_ASKED;
        outcomes[i] = walk->machines[i].failed_call != NULL ? COMPARE_FAILED_THERE : outcomes[i];
    }
    unsigned reference = walk->is_stopped ? walk->count : compare_find_reference(walk, outcomes);
    if (reference < walk->count)
    {
        walk->entries = walk->machines[reference].list.count;
        report_unknown(walk, outcomes, reference);
        compare_merge_all(walk, outcomes, reference, NULL);
    }
}
