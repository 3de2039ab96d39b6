/* explore.c: breadth-first search over the state machine's states. */
#include "explore.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "other_settings.h"
#include "properties.h"
#include "visited.h"

/* Every how-many-th state is also tried for what must come about in bounded time. */
#define LIVENESS_SAMPLE 16u
/* A late step: as long as any time setting of the models, and just so that it is judged by. */
#define LATE_MS 8
/* Where lists change: so many machines are there in all. */
#define NUMBERS_MAX 4
/* One that comes far too late: decisions are postponed. */
#define STARVED_MS 12

struct search
{
    struct exploration result;
    struct visited visited;
    struct rm_failover *queue; /* states_max places; [0, head) have been gone on from */
    size_t head, tail, states_max;
    bool is_full;
    enum model_events events;
    struct model_step step;
};

static void report(const struct search *search, const struct rm_failover *failover)
{
    printf("FAULT: %s\n  %s, active %u, next in %" PRIu64 " ms\n", search->result.fault,
           rm_phase_name(failover->phase), failover->active, failover->next_ms - failover->now_ms);
    for (unsigned i = 0; i < failover->settings.machine_count; i++)
    {
        const struct rm_failover_machine *machine = &failover->machines[i];

        printf(
            "  machine %u, rank %u: %s, health %d, ready %d, running %d, busy %d, failed %d, %s, "
            "verdict %s, silences %u, unobservable %d, damped %d\n",
            i + 1, machine->rank, rm_connection_name(machine->connection), machine->health,
            machine->is_ready, machine->is_running, machine->is_busy, machine->has_failed,
            rm_operator_mode_name(machine->mode), rm_verdict_name(machine->verdict),
            machine->silences, machine->is_unobservable, machine->is_damped);
    }
    printf("  event %d for machine %u\n", (int)search->step.event.kind, search->step.event.machine);
}

static void keep_state(struct search *search, const struct rm_failover *state)
{
    uint64_t key = visited_key(state);

    if (search->is_full || !visited_add(&search->visited, key))
    {
        return;
    }
    if (search->tail == search->states_max)
    {
        search->is_full = true;
        return;
    }
    search->queue[search->tail++] = *state;
    if (key % LIVENESS_SAMPLE == 0)
    {
        search->result.fault = model_try_silence(state);
        if (!search->result.fault)
        {
            search->result.fault = model_try_peace(state);
        }
        if (search->result.fault)
        {
            report(search, state);
        }
    }
}

static void try_event(struct search *search, const struct rm_failover *from,
                      struct rm_failover_event event, uint64_t now_ms)
{
    if (search->result.fault)
    {
        return;
    }
    search->step.before = *from;
    search->step.event = event;
    search->result.fault = model_make_step(&search->step, now_ms);
    search->result.steps++;
    if (search->result.fault)
    {
        report(search, from);
        return;
    }
    if (search->step.after.ignored == from->ignored)
    {
        keep_state(search, &search->step.after);
    }
}

/* What happens to links. */
static const struct
{
    enum rm_failover_event_kind kind;
    bool flag;
    uint32_t links_ago;
    bool is_basic; /* also where the words are looked at */
} link_events[] = {
    {RM_FAILOVER_CONNECTED,      false, 0, true },
    {RM_FAILOVER_CONNECT_FAILED, false, 0, true },
    {RM_FAILOVER_CONNECT_FAILED, true,  0, false},
    {RM_FAILOVER_PING_ANSWERED,  true,  0, true },
    {RM_FAILOVER_PING_ANSWERED,  false, 0, false},
    {RM_FAILOVER_LINK_LOST,      false, 0, true },
    {RM_FAILOVER_SHUTDOWN,       false, 0, false},
    {RM_FAILOVER_READY,          false, 0, true },
    {RM_FAILOVER_BUSY,           true,  0, false},
    {RM_FAILOVER_BUSY,           false, 0, false},
    {RM_FAILOVER_SUSPECT,        false, 0, false},
    {RM_FAILOVER_CONNECTED,      false, 1, false},
    {RM_FAILOVER_LINK_LOST,      false, 1, false},
    {RM_FAILOVER_PING_ANSWERED,  true,  1, false},
};

static void try_link_events(struct search *search, const struct rm_failover *from, unsigned number)
{
    for (size_t i = 0; i < sizeof link_events / sizeof link_events[0]; i++)
    {
        const struct rm_failover_event event = {.kind = link_events[i].kind,
                                                .machine = number,
                                                .link = from->machines[number - 1].link -
                                                        link_events[i].links_ago,
                                                .code = 0x80004005u,
                                                .is_running = link_events[i].flag,
                                                .is_busy = link_events[i].flag,
                                                .is_refused = link_events[i].flag};

        if (search->events == MODEL_LINKS || link_events[i].is_basic)
        {
            try_event(search, from, event, from->now_ms);
        }
    }
}

/* What others say of a machine, and what its link delivers. */
static const struct rm_failover_event evidence[] = {
    {.kind = RM_FAILOVER_CALLBACKS, .is_silent = true         },
    {.kind = RM_FAILOVER_CALLBACKS, .is_silent = false        },
    {.kind = RM_FAILOVER_ITEMS,     .percent = 50             },
    {.kind = RM_FAILOVER_VERDICT,   .verdict = RM_VERDICT_GOOD},
    {.kind = RM_FAILOVER_VERDICT,   .verdict = RM_VERDICT_BAD,  .score = 1},
    {.kind = RM_FAILOVER_VERDICT,                             .verdict = RM_VERDICT_BAD,                             .score = 2},
    {.kind = RM_FAILOVER_OBSERVABLE,                   .is_unobservable = true                },
    {.kind = RM_FAILOVER_OBSERVABLE,.is_unobservable = false},
};

static const struct rm_failover_event commands[] = {
    {.kind = RM_FAILOVER_OPERATOR_MODE, .mode = RM_OPERATOR_NORMAL     },
    {.kind = RM_FAILOVER_OPERATOR_MODE, .mode = RM_OPERATOR_MAINTENANCE},
    {.kind = RM_FAILOVER_OPERATOR_MODE, .mode = RM_OPERATOR_FORCED     },
    {.kind = RM_FAILOVER_SWITCH,        .is_forced = false             },
    {.kind = RM_FAILOVER_SWITCH,        .is_forced = true              },
    {.kind = RM_FAILOVER_PREFER,        .machine = 0                   },
    {.kind = RM_FAILOVER_LINKED,        .machine = 0                   },
};

static void try_words(struct search *search, const struct rm_failover *from, unsigned number,
                      const struct rm_failover_event *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
    {
        struct rm_failover_event event = words[i];

        event.machine = number;
        event.link = from->machines[number - 1].link;
        try_event(search, from, event, from->now_ms);
    }
}

static void try_words_of_the_whole(struct search *search, const struct rm_failover *from)
{
    static const enum rm_failover_event_kind kinds[] = {RM_FAILOVER_SWITCH, RM_FAILOVER_AUTOMATIC,
                                                        RM_FAILOVER_PREFER, RM_FAILOVER_ACKNOWLEDGE,
                                                        RM_FAILOVER_LINKED};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
    {
        const struct rm_failover_event event = {.kind = kinds[i]};

        try_event(search, from, event, from->now_ms);
    }
}

static void try_settings(struct search *search, const struct rm_failover *from)
{
    struct rm_failover_event event = {.kind = RM_FAILOVER_SETTINGS};
    unsigned way = 0;

    while (model_other_settings(&from->settings, way++, &event.settings))
    {
        try_event(search, from, event, from->now_ms);
    }
}

static void try_lists(struct search *search, const struct rm_failover *from)
{
    struct rm_failover_event event;
    unsigned way = 0;

    while (model_other_list(from, way++, NUMBERS_MAX, &event))
    {
        try_event(search, from, event, from->now_ms);
    }
}

static void go_on_from(struct search *search, const struct rm_failover *from)
{
    const struct rm_failover_event start = {.kind = RM_FAILOVER_START};
    const struct rm_failover_event stop = {.kind = RM_FAILOVER_STOP};
    const struct rm_failover_event tick = {.kind = RM_FAILOVER_TICK};

    try_event(search, from, start, from->now_ms);
    try_event(search, from, stop, from->now_ms);
    try_event(search, from, tick, from->now_ms + 1);
    if (from->next_ms != RM_NEVER)
    {
        try_event(search, from, tick, from->next_ms);
        try_event(search, from, tick,
                  from->next_ms + (search->events == MODEL_LINKS ? LATE_MS : STARVED_MS));
    }
    for (unsigned number = 1; number <= from->settings.machine_count; number++)
    {
        try_link_events(search, from, number);
        if (search->events == MODEL_EVIDENCE || search->events == MODEL_WORDS)
        {
            try_words(search, from, number, evidence, sizeof evidence / sizeof evidence[0]);
        }
        if (search->events == MODEL_COMMANDS || search->events == MODEL_WORDS ||
            search->events == MODEL_MACHINES)
        {
            try_words(search, from, number, commands, sizeof commands / sizeof commands[0]);
        }
    }
    if (search->events == MODEL_COMMANDS || search->events == MODEL_WORDS)
    {
        try_words_of_the_whole(search, from);
    }
    if (search->events == MODEL_SETTINGS)
    {
        try_settings(search, from);
    }
    if (search->events == MODEL_MACHINES)
    {
        try_lists(search, from);
    }
}

/* The sequences begin at the very beginning, and at two places that take a dozen events to reach.
 */
static void keep_roots(struct search *search, const struct rm_failover_settings *settings)
{
    struct rm_failover root;

    rm_failover_init(&root, settings);
    keep_state(search, &root);
    if (!search->result.fault)
    {
        search->result.fault = model_reach_peace(&root);
        keep_state(search, &root);
    }
    if (!search->result.fault)
    {
        search->result.fault = model_reach_reconnect(&root);
        keep_state(search, &root);
    }
}

struct exploration model_explore(const struct rm_failover_settings *settings,
                                 enum model_events events, size_t states_max)
{
    struct search search = {.states_max = states_max, .events = events};

    search.queue = malloc(states_max * sizeof *search.queue);
    if (!search.queue || !visited_init(&search.visited, states_max))
    {
        search.result.fault = "no memory";
        goto out;
    }
    keep_roots(&search, settings);
    while (search.head < search.tail && !search.is_full && !search.result.fault)
    {
        size_t level_end = search.tail;

        while (search.head < level_end && !search.is_full && !search.result.fault)
        {
            go_on_from(&search, &search.queue[search.head++]);
        }
        search.result.depth += !search.is_full;
    }
    search.result.states = search.tail;
    search.result.is_complete = !search.is_full;
out:
    visited_clear(&search.visited);
    free(search.queue);
    return search.result;
}
