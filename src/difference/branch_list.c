/* branch_list.c: the list of one branch, sorted, and the merge of two. */
#include <rm/branch_list.h>

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64

static enum rm_status make_room(struct rm_branch_list *list)
{
    struct rm_branch_entry *grown;
    size_t room = list->room ? 2 * list->room : FIRST_ROOM;

    if (list->count < list->room)
    {
        return RM_OK;
    }
    if (room > SIZE_MAX / sizeof *grown)
    {
        return RM_E_NO_MEMORY;
    }
    grown = realloc(list->entries, room * sizeof *grown);
    if (!grown)
    {
        return RM_E_NO_MEMORY;
    }
    list->entries = grown;
    list->room = room;
    return RM_OK;
}

enum rm_status rm_branch_list_add(struct rm_branch_list *list, const char *name, const char *id,
                                  bool is_branch, bool is_item)
{
    size_t name_size = strlen(name) + 1, id_size = strlen(id) + 1;
    size_t bytes = sizeof(struct rm_branch_entry) + name_size + id_size;
    struct rm_branch_entry *entry;
    enum rm_status status;

    if (list->bytes_max && bytes > list->bytes_max - list->bytes)
    {
        return RM_E_TOO_LARGE;
    }
    status = make_room(list);
    if (status != RM_OK)
    {
        return status;
    }
    entry = &list->entries[list->count];
    memset(entry, 0, sizeof *entry);
    entry->name = malloc(name_size + id_size); /* both in one */
    if (!entry->name)
    {
        return RM_E_NO_MEMORY;
    }
    entry->id = entry->name + name_size;
    memcpy(entry->name, name, name_size);
    memcpy(entry->id, id, id_size);
    entry->is_branch = is_branch;
    entry->is_item = is_item;
    list->bytes += bytes;
    list->count++;
    return RM_OK;
}

/* An item before a branch of its name: its ID is the one to ask for. */
static int compare_entries(const void *left, const void *right)
{
    const struct rm_branch_entry *a = left;
    const struct rm_branch_entry *b = right;
    int by_name = strcmp(a->name, b->name);

    return by_name != 0 ? by_name : (int)b->is_item - (int)a->is_item;
}

void rm_branch_list_sort(struct rm_branch_list *list)
{
    size_t kept = 0;

    if (list->count > 1)
    {
        qsort(list->entries, list->count, sizeof *list->entries, compare_entries);
    }
    for (size_t i = 0; i < list->count; i++)
    {
        struct rm_branch_entry *entry = &list->entries[i];
        struct rm_branch_entry *last = kept ? &list->entries[kept - 1] : NULL;

        if (last && strcmp(last->name, entry->name) == 0)
        {
            last->is_branch = last->is_branch || entry->is_branch;
            free(entry->name);
        }
        else
        {
            list->entries[kept++] = *entry;
        }
    }
    list->count = kept;
}

void rm_branch_list_clear(struct rm_branch_list *list)
{
    for (size_t i = 0; i < list->count; i++)
    {
        free(list->entries[i].name);
    }
    free(list->entries);
    *list = (struct rm_branch_list){.bytes_max = list->bytes_max};
}

void rm_branch_merge(const struct rm_branch_list *here, const struct rm_branch_list *there,
                     rm_branch_visit visit, void *context)
{
    size_t i = 0, k = 0;

    while (i < here->count || k < there->count)
    {
        int order = i == here->count    ? 1
                    : k == there->count ? -1
                                        : strcmp(here->entries[i].name, there->entries[k].name);

        visit(context, order <= 0 ? &here->entries[i] : NULL,
              order >= 0 ? &there->entries[k] : NULL);
        i += order <= 0;
        k += order >= 0;
    }
}

static const char *name_of(const struct rm_branch_entry *entry)
{
    return entry->id[0] ? entry->id : entry->name;
}

/* Its differences so far. */
struct findings
{
    unsigned count;
    struct rm_difference *differences;
};

static void find(struct findings *findings, struct rm_difference difference)
{
    findings->differences[findings->count++] = difference;
}

/* It is an item, or a branch, at one of the two only. */
static void find_absence(struct findings *findings, const struct rm_branch_entry *owner,
                         bool is_here, bool is_branch)
{
    find(findings,
         (struct rm_difference){.kind = is_here ? RM_DIFFERENCE_MISSING : RM_DIFFERENCE_EXTRA,
                                .is_branch = is_branch,
                                .name = name_of(owner)});
}

static void compare_items(struct findings *findings, const struct rm_branch_entry *here,
                          const struct rm_branch_entry *there)
{
    const char *name = name_of(here);

    if (strcmp(here->id, there->id) != 0)
    {
        find(findings,
             (struct rm_difference){.kind = RM_DIFFERENCE_ID, .name = name, .other_id = there->id});
    }
    if (!here->is_checked || !there->is_checked)
    {
        return;
    }
    if ((here->error == 0) != (there->error == 0))
    {
        find(findings, (struct rm_difference){.kind = RM_DIFFERENCE_REFUSED,
                                              .here = here->error,
                                              .there = there->error,
                                              .name = name});
    }
    if (here->error != 0 || there->error != 0)
    {
        return;
    }
    if (rm_data_types_differ(here->type, there->type))
    {
        find(findings, (struct rm_difference){.kind = RM_DIFFERENCE_TYPE,
                                              .here = here->type,
                                              .there = there->type,
                                              .name = name});
    }
    if (rm_access_rights_differ(here->rights, there->rights))
    {
        find(findings, (struct rm_difference){.kind = RM_DIFFERENCE_RIGHTS,
                                              .here = here->rights,
                                              .there = there->rights,
                                              .name = name});
    }
}

unsigned rm_branch_differences(const struct rm_branch_entry *here,
                               const struct rm_branch_entry *there,
                               struct rm_difference differences[RM_BRANCH_DIFFERENCES])
{
    struct findings findings = {.differences = differences};
    bool is_item_here = here && here->is_item, is_item_there = there && there->is_item;
    bool is_branch_here = here && here->is_branch, is_branch_there = there && there->is_branch;

    if (is_item_here && is_item_there)
    {
        compare_items(&findings, here, there);
    }
    else if (is_item_here || is_item_there)
    {
        find_absence(&findings, is_item_here ? here : there, is_item_here, false);
    }
    if (is_branch_here != is_branch_there)
    {
        find_absence(&findings, is_branch_here ? here : there, is_branch_here, true);
    }
    return findings.count;
}
