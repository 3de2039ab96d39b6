#include "clock.h"
#include "faultapply.h"
#include "faultrequest.h"
#include "like.h"
#include "text.h"

#include <opc/opcconst.h>

#include <stdlib.h>
#include <string.h>

#define NOT_READY_MAX_S 86400

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
    LONG generation = sim_fault_area_publish(&request->area);
    return sim_request_await(request, offsetof(struct sim_process, disconnected), generation,
                             "disconnected");
}

int sim_order_stop_callbacks(struct request *request)
{
    return sim_request_order(request, &(struct sim_order){.kind = SIM_ORDER_MUTE},
                             "without callbacks");
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
    return sim_request_order(
        request, &(struct sim_order){.kind = SIM_ORDER_NOT_READY, .seconds = (uint32_t)seconds},
        seconds > 0 ? "not ready" : "ready");
}

static int order_on_item(struct request *request, struct sim_order order, const wchar_t *target,
                         const char *done)
{
    order.kind = SIM_ORDER_ITEM;
    wcscpy(order.item.target, target);
    return sim_request_order(request, &order, done);
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
    struct sim_order order = {.item.kind = SIM_ITEM_FAULT_QUALITY};
    const wchar_t *target = target_of(request, 2, usage);
    if (target == NULL)
    {
        return EXIT_USAGE;
    }
    if (_wcsicmp(request->words[1], L"own") == 0)
    {
        return order_on_item(request, order, target, "with the own quality");
    }
    order.is_on = 1;
    for (size_t i = 0; i < QUALITY_COUNT; i++)
    {
        if (_wcsicmp(request->words[1], qualities[i].word) == 0)
        {
            order.item.quality = qualities[i].quality;
            return order_on_item(request, order, target, "with that quality");
        }
    }
    sim_text_error("say %s", usage);
    return EXIT_USAGE;
}

int sim_order_freeze(struct request *request)
{
    struct sim_order order = {.is_on = 1, .item.kind = SIM_ITEM_FAULT_FREEZE};
    const wchar_t *target = target_of(request, 1, "freeze ITEM|BRANCH");
    return target != NULL ? order_on_item(request, order, target, "frozen") : EXIT_USAGE;
}

int sim_order_unfreeze(struct request *request)
{
    struct sim_order order = {.item.kind = SIM_ITEM_FAULT_FREEZE};
    const wchar_t *target = target_of(request, 1, "unfreeze ITEM|BRANCH");
    return target != NULL ? order_on_item(request, order, target, "not frozen any more")
                          : EXIT_USAGE;
}

int sim_order_refuse_items(struct request *request)
{
    static const char usage[] = "refuse-items PATTERN on|off, for example refuse-items Memory.* on";
    struct sim_order order = {.item.kind = SIM_ITEM_FAULT_REFUSE};
    bool is_on = false;
    const wchar_t *target = target_of(request, 2, usage);
    if (target == NULL || !sim_request_switch(request, 1, &is_on) || !sim_like_is_valid(target))
    {
        sim_text_error("say %s", usage);
        return EXIT_USAGE;
    }
    order.is_on = is_on;
    return order_on_item(request, order, target,
                         is_on ? "without those items" : "with those items");
}

void sim_order_print_status(const struct sim_fault_state *state)
{
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
            sim_text_out("item\t%s\t%s\tquality=0x%02x\n", sim_fault_apply_item_name(fault),
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
