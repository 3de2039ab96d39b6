/* sources.c: how far each source has got, in a hash table with open addressing. */
#include "internal.h"

#include <assert.h>
#include <stdlib.h>

#define ROOM_FIRST 64u

struct rm_event_mark
{
    struct rm_event_source source;
    uint32_t highest;  /* 0: nobody's */
    uint64_t sequence; /* of the event that has this number */
};

bool rm_event_source_is(const struct rm_event_source *left, const struct rm_event_source *right)
{
    return left->process_id == right->process_id &&
           left->process_start_100ns == right->process_start_100ns &&
           left->session == right->session;
}

/* That of the source, or the one that it would get. */
static struct rm_event_mark *find(const struct rm_event_sources *sources,
                                  const struct rm_event_source *source)
{
    uint64_t hash = source->process_start_100ns ^ (uint64_t)source->process_id << 32;
    size_t at;

    hash = (hash ^ source->session) * UINT64_C(0x9E3779B97F4A7C15);
    at = (size_t)(hash >> 32) & (sources->room - 1);
    while (sources->marks[at].highest != 0 &&
           !rm_event_source_is(&sources->marks[at].source, source))
    {
        at = (at + 1) & (sources->room - 1);
    }
    return &sources->marks[at];
}

enum rm_status rm_event_sources_prepare(struct rm_event_sources *sources, uint64_t first)
{
    struct rm_event_sources larger = {.room = ROOM_FIRST};
    size_t needed = 1;

    if (sources->used + 1 <= sources->room / 4 * 3)
    {
        return RM_OK;
    }
    for (size_t i = 0; i < sources->room; i++)
    {
        needed += sources->marks[i].highest != 0 && sources->marks[i].sequence >= first;
    }
    while (larger.room / 2 < needed)
    {
        larger.room *= 2;
    }
    larger.marks = calloc(larger.room, sizeof *larger.marks);
    if (larger.marks == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    for (size_t i = 0; i < sources->room; i++)
    {
        const struct rm_event_mark *mark = &sources->marks[i];

        if (mark->highest != 0 && mark->sequence >= first)
        {
            *find(&larger, &mark->source) = *mark;
            larger.used++;
        }
    }
    free(sources->marks);
    *sources = larger;
    return RM_OK;
}

void rm_event_sources_note(struct rm_event_sources *sources, const struct rm_event_source *source,
                           uint32_t number, uint64_t sequence)
{
    struct rm_event_mark *mark = find(sources, source);

    assert(number > mark->highest);
    sources->used += mark->highest == 0;
    *mark = (struct rm_event_mark){*source, number, sequence};
}

uint32_t rm_event_sources_highest(const struct rm_event_sources *sources,
                                  const struct rm_event_source *source)
{
    return sources->room > 0 ? find(sources, source)->highest : 0;
}
