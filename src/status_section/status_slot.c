/* The status section's slots, without an operating system: the sequence lock and checked copies. */
#include <rm/difference.h>
#include <rm/failover.h>
#include <rm/status_section_map.h>
#include <rm/text.h>

#include <stdatomic.h>
#include <string.h>

/* The layout is a contract between 32- and 64-bit processes. */
_Static_assert(sizeof(struct rm_status_event) == 280, "layout of struct rm_status_event");
_Static_assert(sizeof(struct rm_status_machine) == 312, "layout of struct rm_status_machine");
_Static_assert(sizeof(struct rm_status_difference) == 160, "layout of struct rm_status_difference");
_Static_assert(offsetof(struct rm_status_slot, process_id) == 4, "claimed as one 64-bit word");
_Static_assert(offsetof(struct rm_status_slot, machines) % 8 == 0, "natural alignment");
_Static_assert(RM_CAUSE_COUNT <= RM_STATUS_CAUSES, "each cause has its number of switches");
_Static_assert(sizeof(struct rm_status_slot) % 8 == 0, "slots are claimed as 64-bit words");

/* A writer needs microseconds; a reader that fails this often met one that was stopped in there. */
#define READ_ATTEMPTS 2000

void rm_status_slot_write_begin(struct rm_status_slot *slot)
{
    slot->sequence = slot->sequence + 1u;
    atomic_thread_fence(memory_order_release);
}

void rm_status_slot_write_end(struct rm_status_slot *slot)
{
    atomic_thread_fence(memory_order_release);
    slot->sequence = slot->sequence + 1u;
}

void rm_status_slot_add_event(struct rm_status_slot *slot, uint64_t number, uint64_t time,
                              enum rm_event_id id, const char *text)
{
    struct rm_status_event *event = &slot->events[(number - 1u) % RM_STATUS_EVENTS];
    event->number = number;
    event->time = time;
    event->severity = (uint32_t)rm_event_severity(id);
    event->id = (uint32_t)id;
    rm_text_fit(event->text, sizeof event->text, text);
}

/* What another process wrote is shown on a terminal. */
static void clean_text(char *text, size_t size)
{
    text[size - 1] = '\0';
    rm_text_clean(text);
}

static void limit(uint32_t *value, uint32_t count)
{
    if (*value >= count)
    {
        *value = 0;
    }
}

static void clean_copy(struct rm_status_slot *copy)
{
    clean_text(copy->process_name, sizeof copy->process_name);
    clean_text(copy->server, sizeof copy->server);
    if (copy->machine_count > RM_MACHINES_MAX)
    {
        copy->machine_count = RM_MACHINES_MAX;
    }
    if (copy->active > copy->machine_count)
    {
        copy->active = 0;
    }
    if (copy->preferred > copy->machine_count)
    {
        copy->preferred = 0;
    }
    if (copy->chosen > copy->machine_count)
    {
        copy->chosen = 0;
    }
    limit(&copy->order_refusal, RM_REFUSAL_COUNT);
    limit(&copy->mode, RM_MODE_COUNT);
    limit(&copy->phase, RM_PHASE_COUNT);
    limit(&copy->last_cause, RM_CAUSE_COUNT);
    for (unsigned i = 0; i < RM_MACHINES_MAX; i++)
    {
        limit(&copy->machines[i].connection, RM_CONNECTION_COUNT);
        limit(&copy->machines[i].last_cause, RM_CAUSE_COUNT);
        limit(&copy->machines[i].mode, RM_OPERATOR_COUNT);
        limit(&copy->machines[i].objection, RM_REFUSAL_COUNT);
        clean_text(copy->machines[i].host, sizeof copy->machines[i].host);
        clean_text(copy->machines[i].progid, sizeof copy->machines[i].progid);
    }
    if (copy->difference_count > RM_STATUS_DIFFERENCES)
    {
        copy->difference_count = RM_STATUS_DIFFERENCES;
    }
    for (unsigned i = 0; i < RM_STATUS_DIFFERENCES; i++)
    {
        limit(&copy->differences[i].machine, copy->machine_count + 1u);
        limit(&copy->differences[i].kind, RM_DIFFERENCE_COUNT);
        clean_text(copy->differences[i].name, sizeof copy->differences[i].name);
    }
    for (unsigned i = 0; i < RM_STATUS_EVENTS; i++)
    {
        limit(&copy->events[i].severity, RM_SEVERITY_COUNT);
        limit(&copy->events[i].id, RM_EVENT_COUNT);
        clean_text(copy->events[i].text, sizeof copy->events[i].text);
    }
}

bool rm_status_slot_read(const struct rm_status_slot *slot, struct rm_status_slot *copy)
{
    for (unsigned attempt = 0; attempt < READ_ATTEMPTS; attempt++)
    {
        uint32_t before = slot->sequence;
        if ((before & 1u) != 0)
        {
            continue;
        }
        atomic_thread_fence(memory_order_acquire);
        memcpy(copy, slot, sizeof *copy);
        atomic_thread_fence(memory_order_acquire);
        if (slot->sequence == before)
        {
            clean_copy(copy);
            return true;
        }
    }
    return false;
}
