#include <rm/portion.h>

#define GROWTH     100 /* a call has at most so many times the items of the one before */
#define TELLING_MS (RM_PORTION_MS / 10)

static uint32_t smaller(uint32_t one, uint32_t other)
{
    return one < other ? one : other;
}

uint32_t rm_portion_next(const struct rm_portion *portion, uint32_t left, uint32_t most)
{
    uint32_t count = portion->next ? portion->next : RM_PORTION_FIRST;

    if (portion->limit)
        count = smaller(count, portion->limit);
    if (most)
        count = smaller(count, most);
    return smaller(count, left);
}

void rm_portion_took(struct rm_portion *portion, uint32_t count, uint32_t took_ms)
{
    uint64_t grown = (uint64_t)count * GROWTH, fitting = grown;
    uint64_t per_item_us;

    if (!count)
        return;
    per_item_us = (uint64_t)took_ms * 1000 / count;
    if (per_item_us > portion->slow_us)
        portion->slow_us = per_item_us < UINT32_MAX ? (uint32_t)per_item_us : UINT32_MAX;
    if (took_ms)
        fitting = (uint64_t)count * RM_PORTION_MS / took_ms;
    if (fitting > grown)
        fitting = grown;
    /* The quick rest of a group says nothing of how many could have been added. */
    if (count < portion->next && took_ms < TELLING_MS)
        return;
    portion->next = fitting < UINT32_MAX ? (uint32_t)fitting : UINT32_MAX;
    if (!portion->next)
        portion->next = 1;
}

bool rm_portion_refused(struct rm_portion *portion, uint32_t count)
{
    if (count <= 1)
        return false;
    portion->limit = count / 2;
    return true;
}
