#include "clock.h"
#include "faultrequest.h"
#include "like.h"
#include "text.h"

#include <opc/opcconst.h>

#include <stdlib.h>
#include <string.h>

#define NOT_READY_MAX_S 86400

/* All processes freeze at the same moment, so it must not be over when the last one hears of it. */
#define FREEZE_AHEAD_MS 60

static const struct
{
    const wchar_t *word;
    uint32_t objects;
} object_kinds[] = {
    {L"all",    SIM_OBJECTS_ALL  },
    {L"server", SIM_OBJECT_SERVER},
    {L"group",  SIM_OBJECT_GROUP },
};

#define OBJECT_KIND_COUNT (sizeof(object_kinds) / sizeof(object_kinds[0]))

static const struct
{
    const wchar_t *word;
    uint32_t quality;
} qualities[] = {
    {L"bad",       OPC_QUALITY_BAD      },
    {L"uncertain", OPC_QUALITY_UNCERTAIN},
    {L"good",      OPC_QUALITY_GOOD     },
};

#define QUALITY_COUNT (sizeof(qualities) / sizeof(qualities[0]))

int sim_order_disconnect(struct request *request)
{
    struct sim_fault_state *state = request->area.state;
    uint32_t objects = SIM_OBJECTS_ALL;
    int word = 0;
    for (size_t i = 0; i < OBJECT_KIND_COUNT && word == 0 && request->word_count > 0; i++)
    {
        if (_wcsicmp(request->words[0], object_kinds[i].word) == 0)
        {
            objects = object_kinds[i].objects;
            word = 1;
        }
    }
    if (request->word_count > word)
    {
        return sim_request_add_rule(
            request, word, (struct sim_rule){.kind = SIM_RULE_DISCONNECT, .objects = objects});
    }
    sim_fault_area_lock(&request->area);
    state->disconnect = state->generation + 1;
    state->disconnected_objects = objects;
    LONG generation = sim_request_publish(request);
    return sim_request_await(request, offsetof(struct sim_process, disconnected), generation,
                             "disconnected");
}

int sim_order_stop_callbacks(struct request *request)
{
    sim_fault_area_lock(&request->area);
    request->area.state->is_mute = 1;
    return sim_request_publish_and_await(request, "without callbacks");
}

int sim_order_not_ready(struct request *request)
{
    wchar_t *end = NULL;
    unsigned long seconds = request->word_count == 1 ? wcstoul(request->words[0], &end, 10) : 0;
    if (end == NULL || *end != L'\0' || seconds > NOT_READY_MAX_S)
    {
        sim_text_error("say not-ready SECONDS, for example not-ready 5");
        return EXIT_USAGE;
    }
    sim_fault_area_lock(&request->area);
    request->area.state->not_ready_until_ms = sim_clock_now() + (int64_t)seconds * 1000;
    return sim_request_publish_and_await(request, seconds > 0 ? "not ready" : "ready");
}

static bool is_of(const struct sim_item_fault *fault, enum sim_item_fault_kind kind,
                  const wchar_t *target)
{
    return fault->kind == (uint32_t)kind && wcscmp(fault->target, target) == 0;
}

static bool take_away(struct sim_fault_state *state, enum sim_item_fault_kind kind,
                      const wchar_t *target)
{
    bool is_found = false;
    for (int i = 0; i < SIM_ITEM_FAULTS_MAX; i++)
    {
        if (is_of(&state->items[i], kind, target))
        {
            state->items[i] = (struct sim_item_fault){.kind = SIM_ITEM_FAULT_NONE};
            is_found = true;
        }
    }
    return is_found;
}

static int put_on(struct request *request, struct sim_item_fault fault, const wchar_t *target,
                  const char *done)
{
    struct sim_fault_state *state = request->area.state;
    int place = 0;
    sim_fault_area_lock(&request->area);
    take_away(state, (enum sim_item_fault_kind)fault.kind, target);
    while (place < SIM_ITEM_FAULTS_MAX && state->items[place].kind != SIM_ITEM_FAULT_NONE)
    {
        place++;
    }
    if (place == SIM_ITEM_FAULTS_MAX)
    {
        sim_fault_area_unlock(&request->area);
        sim_text_error("%d faults on items are in force already; clear them", SIM_ITEM_FAULTS_MAX);
        return EXIT_NOT_DONE;
    }
    fault.serial = ++state->next_serial;
    wcscpy(fault.target, target);
    state->items[place] = fault;
    return sim_request_publish_and_await(request, done);
}

static int take_off(struct request *request, enum sim_item_fault_kind kind, const wchar_t *target,
                    const char *done)
{
    sim_fault_area_lock(&request->area);
    if (!take_away(request->area.state, kind, target))
    {
        sim_fault_area_unlock(&request->area);
        sim_text_error("there is no such fault on %ls", target);
        return EXIT_NOT_DONE;
    }
    return sim_request_publish_and_await(request, done);
}

/* The first of so many words; NULL, with a message, if there are others. */
static const wchar_t *target_of(const struct request *request, int word_count, const char *usage)
{
    bool is_fine = request->word_count == word_count && request->words[0][0] != L'\0' &&
                   wcslen(request->words[0]) <= SIM_TARGET_MAX;
    if (!is_fine)
    {
        sim_text_error("say %s; names have %d characters at most", usage, SIM_TARGET_MAX);
    }
    return is_fine ? request->words[0] : NULL;
}

int sim_order_quality(struct request *request)
{
    static const char usage[] = "quality ITEM|BRANCH bad|uncertain|good|own";
    const wchar_t *target = target_of(request, 2, usage);
    if (target == NULL)
    {
        return EXIT_USAGE;
    }
    if (_wcsicmp(request->words[1], L"own") == 0)
    {
        return take_off(request, SIM_ITEM_FAULT_QUALITY, target, "with the own quality");
    }
    for (size_t i = 0; i < QUALITY_COUNT; i++)
    {
        if (_wcsicmp(request->words[1], qualities[i].word) == 0)
        {
            return put_on(request,
                          (struct sim_item_fault){.kind = SIM_ITEM_FAULT_QUALITY,
                                                  .quality = qualities[i].quality},
                          target, "with that quality");
        }
    }
    sim_text_error("say %s", usage);
    return EXIT_USAGE;
}

int sim_order_freeze(struct request *request)
{
    const wchar_t *target = target_of(request, 1, "freeze ITEM|BRANCH");
    if (target == NULL)
    {
        return EXIT_USAGE;
    }
    int status = put_on(request,
                        (struct sim_item_fault){.kind = SIM_ITEM_FAULT_FREEZE,
                                                .since_ms = sim_clock_now() + FREEZE_AHEAD_MS},
                        target, "frozen");
    Sleep(FREEZE_AHEAD_MS);
    return status;
}

int sim_order_unfreeze(struct request *request)
{
    const wchar_t *target = target_of(request, 1, "unfreeze ITEM|BRANCH");
    return target != NULL ? take_off(request, SIM_ITEM_FAULT_FREEZE, target, "not frozen any more")
                          : EXIT_USAGE;
}

int sim_order_refuse_items(struct request *request)
{
    static const char usage[] = "refuse-items PATTERN on|off, for example refuse-items Memory.* on";
    bool is_on = false;
    const wchar_t *target = target_of(request, 2, usage);
    if (target == NULL || !sim_request_switch(request, 1, &is_on) || !sim_like_is_valid(target))
    {
        sim_text_error("say %s", usage);
        return EXIT_USAGE;
    }
    return is_on ? put_on(request, (struct sim_item_fault){.kind = SIM_ITEM_FAULT_REFUSE}, target,
                          "without those items")
                 : take_off(request, SIM_ITEM_FAULT_REFUSE, target, "with those items");
}

void sim_order_print_status(const struct sim_fault_state *state)
{
    static const char *const words[] = {"none", "refuse-items", "quality", "freeze"};
    int64_t left_ms = state->not_ready_until_ms - sim_clock_now();
    if (state->is_mute)
    {
        sim_text_out("callbacks\tstopped\n");
    }
    if (left_ms > 0)
    {
        sim_text_out("not-ready\tms=%lld\n", (long long)left_ms);
    }
    for (int i = 0; i < SIM_ITEM_FAULTS_MAX; i++)
    {
        const struct sim_item_fault *fault = &state->items[i];
        char target[3 * SIM_TARGET_MAX + 1];
        if (fault->kind != SIM_ITEM_FAULT_NONE && fault->kind <= SIM_ITEM_FAULT_FREEZE)
        {
            sim_text_out("item\t%s\t%s\tquality=0x%02x\n", words[fault->kind],
                         sim_text_utf8(fault->target, target, sizeof(target)), fault->quality);
        }
    }
}

void sim_order_clear(struct sim_fault_state *state)
{
    state->is_mute = 0;
    state->not_ready_until_ms = 0;
    memset(state->items, 0, sizeof(state->items));
}
