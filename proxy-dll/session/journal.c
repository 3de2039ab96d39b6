#include "session/journal.h"

#include <string.h>

#include <rm/status_section_map.h>
#include <rm/text.h>

#include "call/abandoned.h"
#include "module/installation.h"
#include "module/filetime.h"
#include "module/memory.h"
#include "module/module.h"
#include "service_link/service_link.h"
#include "session/recorder.h"
#include "session/session.h"

#define DETAIL_BYTES 256

struct rm_journal
{
    SRWLOCK lock; /* protects the slot's contents and the numbers of events */
    struct rm_session *session;
    struct rm_status_map map;
    struct rm_status_slot *slot; /* NULL = none: silent */
    uint32_t last_event;
    uint32_t long_calls[RM_MACHINE_NUMBERS]; /* out now; protected by the session's lock */
};

struct rm_journal *rm_journal_new(struct rm_session *session)
{
    struct rm_journal *journal = rm_alloc_zero(1, sizeof(*journal));

    if (!journal)
        return NULL;
    InitializeSRWLock(&journal->lock);
    journal->session = session;
    journal->last_event = rm_module_process_tenths();
    if (rm_status_section_open_writer(&journal->map, rm_installation_name()) == RM_OK)
        journal->slot =
            rm_status_slot_claim(&journal->map, session->number, session->config->progid);
    return journal;
}

void rm_journal_free(struct rm_journal *journal)
{
    if (!journal)
        return;
    rm_status_slot_release(journal->slot);
    rm_status_section_close(&journal->map);
    rm_free(journal);
}

/* Locked. Where the world finds a machine: by its rank; one that is in the list no more and active
 * still comes behind the others. 0: nowhere. */
static unsigned place_of(const struct rm_session *session, unsigned machine)
{
    unsigned place = machine ? session->config->machines[machine - 1].rank : 0;

    if (machine && !place && machine == session->active_machine)
        place = rm_server_listed(session->config) + 1;
    return place <= RM_MACHINES_MAX ? place : 0;
}

void rm_journal_long_call(struct rm_journal *journal, unsigned machine, int change)
{
    unsigned place;

    if (!journal)
        return;
    place = place_of(journal->session, machine);
    journal->long_calls[machine - 1] += (uint32_t)change;
    if (journal->slot && place)
        journal->slot->machines[place - 1].long_calls = journal->long_calls[machine - 1];
}

bool rm_journal_is_busy_elsewhere(const struct rm_journal *journal, unsigned machine)
{
    unsigned place = journal ? place_of(journal->session, machine) : 0;

    return place && journal->slot &&
           rm_status_is_busy_elsewhere(&journal->map, journal->slot, place);
}

void rm_journal_add(struct rm_journal *journal, enum rm_event_id id, unsigned machine, DWORD code,
                    const WCHAR *detail)
{
    const struct rm_server_config *config = journal->session->config;
    unsigned rank = machine ? config->machines[machine - 1].rank : 0;
    char detail_text[DETAIL_BYTES] = "";
    struct rm_wire_event handed = {.session = journal->session->number,
                                   .severity = (uint32_t)rm_event_severity(id),
                                   .machine = rank};
    struct rm_event event = {
        .id = id,
        .server = config->progid,
        .machine = rank,
        .host = machine ? config->machines[machine - 1].host : "",
        .code = code,
        .detail = detail_text,
    };

    if (detail &&
        !WideCharToMultiByte(CP_UTF8, 0, detail, -1, detail_text, DETAIL_BYTES, NULL, NULL))
        detail_text[0] = 0; /* longer than anybody reads */
    rm_recorder_event(journal->session->recorder, id, machine, code, detail_text);
    rm_text_fit(handed.server, sizeof(handed.server), config->progid);
    rm_text_fit(handed.name, sizeof(handed.name), rm_event_name(id));
    rm_event_format(&event, handed.text, sizeof(handed.text));
    AcquireSRWLockExclusive(&journal->lock);
    handed.number = ++journal->last_event;
    handed.time = rm_status_now();
    if (journal->slot)
    {
        rm_status_slot_write_begin(journal->slot);
        rm_status_slot_add_event(journal->slot, handed.number, handed.time, id, handed.text);
        rm_status_slot_write_end(journal->slot);
    }
    /* Under the lock: in the sequence of their numbers. The service itself tells of commands, once
     * for all sessions. */
    if (id != RM_EVENT_COMMANDED)
        rm_service_link_event(&handed);
    ReleaseSRWLockExclusive(&journal->lock);
}

static uint32_t at_most_32_bits(uint64_t number)
{
    return number < UINT32_MAX ? (uint32_t)number : UINT32_MAX;
}

static void publish_link(struct rm_status_machine *status, const struct rm_link *link)
{
    status->latency_us = link->latency_us;
    status->is_skew_known = link->skew.is_known;
    status->skew_us = link->skew.offset_100ns / RM_FILETIME_PER_US;
    status->ready_percent = link->readiness.percent;
    status->items = link->readiness.items;
    status->refused_items = link->readiness.refused;
    status->differing_items = link->readiness.differing;
    status->bad_items = link->readiness.bad;
    status->difference_count = link->readiness.differences;
    status->buffer_bytes = at_most_32_bits(link->buffer.bytes);
    status->buffer_bytes_max = at_most_32_bits(link->buffer.bytes_max);
    status->buffer_updates = link->buffer.buffered;
    status->buffer_dropped = link->buffer.overflowed;
    status->quirks = link->quirks;
    status->add_limit = link->portion.limit;
    status->add_us = link->portion.slow_us;
}

/* A session has at most RM_STATUS_DIFFERENCES: each link lists its share. */
static void publish_differences(struct rm_status_slot *slot, const struct rm_session *session)
{
    unsigned i;
    DWORD k;

    slot->difference_count = 0;
    for (i = 0; i < session->config->machine_count; i++)
    {
        const struct rm_link *link = session->links[i];

        for (k = 0; link && k < link->readiness.listed; k++)
        {
            struct rm_status_difference *difference = &slot->differences[slot->difference_count];

            if (slot->difference_count == RM_STATUS_DIFFERENCES)
                return;
            *difference = link->readiness.list[k];
            difference->machine = place_of(session, i + 1);
            slot->difference_count++;
        }
    }
}

static void publish_machine(struct rm_status_machine *status, const struct rm_session *session,
                            const struct rm_failover *failover, unsigned number)
{
    const struct rm_failover_machine *machine = &failover->machines[number - 1];
    static const struct rm_link none;
    const struct rm_link *link = session->links[number - 1];

    status->connection = (uint32_t)machine->connection;
    status->health = machine->health;
    status->is_ready = machine->is_ready;
    status->is_running = machine->is_running;
    status->last_code = machine->last_code;
    status->last_cause = (uint32_t)machine->last_cause;
    status->mode = (uint32_t)machine->mode;
    status->is_damped = machine->is_damped;
    status->objection = (uint32_t)rm_failover_objection(failover, number);
    publish_link(status, link ? link : &none);
    rm_text_fit(status->host, sizeof(status->host), session->config->machines[number - 1].host);
    rm_text_fit(status->progid, sizeof(status->progid),
                rm_server_machine_progid(session->config, number));
}

static uint32_t count_items(const struct rm_session *session)
{
    uint32_t count = 0;
    DWORD slot;

    for (slot = 0; slot < session->group_slots; slot++)
    {
        if (session->groups[slot])
            count += session->groups[slot]->item_count;
    }
    return count;
}

uint32_t rm_journal_count_calls(const struct rm_session *session)
{
    const struct rm_list_node *node;
    uint32_t count = 0;
    unsigned i;

    for (i = 0; i < RM_MACHINE_NUMBERS; i++)
    {
        if (!session->links[i])
            continue;
        for (node = session->links[i]->calls.next; node != &session->links[i]->calls;
             node = node->next)
            count++;
    }
    return count;
}

void rm_journal_publish(struct rm_journal *journal, const struct rm_failover *failover)
{
    const struct rm_session *session = journal->session;
    struct rm_status_slot *slot = journal->slot;
    unsigned number, place, stuck;

    if (!slot)
        return;
    stuck = rm_abandoned_stuck(session->number, 0, rm_module_now_ms());
    AcquireSRWLockExclusive(&journal->lock);
    rm_status_slot_write_begin(slot);
    slot->mode = (uint32_t)failover->settings.mode;
    slot->phase = (uint32_t)failover->phase;
    slot->active = place_of(session, failover->active);
    if (slot->generation != failover->generation)
        slot->promoted_at =
            rm_status_now() - (failover->now_ms - failover->promoted_at_ms) * RM_FILETIME_PER_MS;
    slot->generation = failover->generation;
    slot->last_cause = (uint32_t)failover->last_cause;
    memcpy(slot->switches, failover->switches, sizeof failover->switches);
    slot->machine_count = rm_server_listed(session->config);
    slot->group_count = session->group_count;
    slot->item_count = count_items(session);
    slot->calls_out = rm_journal_count_calls(session);
    slot->workers_abandoned = stuck;
    slot->preferred = place_of(session, failover->preferred);
    slot->chosen = place_of(session, failover->chosen);
    slot->are_writes_held = session->are_writes_held;
    slot->is_following = failover->is_following;
    slot->order_number = session->order_number;
    slot->order_refusal = (uint32_t)session->order_refusal;
    slot->updates_forwarded = session->updates_forwarded;
    slot->updates_suppressed = session->updates_suppressed;
    for (number = 1; number <= failover->settings.machine_count; number++)
    {
        place = place_of(session, number);
        if (!place)
            continue;
        publish_machine(&slot->machines[place - 1], session, failover, number);
        slot->machines[place - 1].long_calls = journal->long_calls[number - 1];
        if (slot->machine_count < place)
            slot->machine_count = place;
    }
    publish_differences(slot, session);
    rm_status_slot_write_end(slot);
    ReleaseSRWLockExclusive(&journal->lock);
}
