#include <stdlib.h>
#include <string.h>

#include "status_source.h"

void status_source_open(struct status_source *source)
{
    for (int scope = 0; scope < RM_STATUS_SCOPE_COUNT; scope++)
    {
        struct rm_status_map *map = &source->maps[scope];
        if (map->section == NULL && rm_status_section_open_reader(map, (enum rm_status_scope)scope,
                                                                  source->instance) == RM_E_VERSION)
        {
            source->is_other_version = true;
        }
    }
}

void status_source_close(struct status_source *source)
{
    for (int scope = 0; scope < RM_STATUS_SCOPE_COUNT; scope++)
    {
        rm_status_section_close(&source->maps[scope]);
    }
}

static int compare_slots(const void *left, const void *right)
{
    const struct rm_status_slot *a = left;
    const struct rm_status_slot *b = right;
    int by_server = _stricmp(a->server, b->server);
    if (by_server != 0)
    {
        return by_server;
    }
    return (a->started_at > b->started_at) - (a->started_at < b->started_at);
}

static bool append(struct status_list *list, const struct rm_status_slot *slot)
{
    struct rm_status_slot *grown = realloc(list->slots, (list->count + 1) * sizeof *grown);
    if (grown == NULL)
    {
        return false;
    }
    list->slots = grown;
    struct rm_status_slot *copy = &grown[list->count];
    if (rm_status_slot_read_patiently(slot, copy) && rm_status_slot_is_alive(copy))
    {
        list->count++;
    }
    return true;
}

bool status_list_read(struct status_source *source, struct status_list *list)
{
    *list = (struct status_list){0, NULL};
    for (int scope = 0; scope < RM_STATUS_SCOPE_COUNT; scope++)
    {
        const struct rm_status_section *section = source->maps[scope].section;
        for (unsigned i = 0; section != NULL && i < RM_STATUS_SLOTS; i++)
        {
            if (section->slots[i].process_id != 0 && !append(list, &section->slots[i]))
            {
                status_list_free(list);
                return false;
            }
        }
    }
    if (list->count > 0)
    {
        qsort(list->slots, list->count, sizeof *list->slots, compare_slots);
    }
    return true;
}

void status_list_free(struct status_list *list)
{
    free(list->slots);
    *list = (struct status_list){0, NULL};
}

static int compare_lines(const void *left, const void *right)
{
    const struct status_line *a = left;
    const struct status_line *b = right;
    if (a->event->time != b->event->time)
    {
        return a->event->time > b->event->time ? 1 : -1;
    }
    return (a->event->number > b->event->number) - (a->event->number < b->event->number);
}

size_t status_last_events(const struct rm_status_slot *slots, size_t count,
                          struct status_line *lines, size_t maximum)
{
    struct status_line *all = calloc(count * RM_STATUS_EVENTS + 1, sizeof *all);
    size_t total = 0;
    if (all == NULL)
    {
        return 0;
    }
    for (size_t i = 0; i < count; i++)
    {
        for (unsigned k = 0; k < RM_STATUS_EVENTS; k++)
        {
            if (slots[i].events[k].number != 0)
            {
                all[total++] = (struct status_line){&slots[i], &slots[i].events[k]};
            }
        }
    }
    qsort(all, total, sizeof *all, compare_lines);
    size_t kept = total < maximum ? total : maximum;
    memcpy(lines, all + (total - kept), kept * sizeof *lines);
    free(all);
    return kept;
}
