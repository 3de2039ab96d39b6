/* rmctl status --watch: a line for each change, as it happens. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/event.h>
#include <rm/text.h>

#include "output.h"
#include "status_report.h"
#include "stop.h"

#define POLL_MS       40
#define ALIVE_TEST_MS 500
#define NUMBER_LIMIT  (RM_STATUS_SLOTS * RM_STATUS_SCOPE_COUNT)

/* What was seen of a slot last. */
struct watched
{
    bool is_session; /* it had a live owner */
    uint32_t sequence;
    uint64_t last_event; /* the number of the last event that was printed */
    struct rm_status_slot copy;
};

struct line
{
    struct rm_status_event event;
    struct rm_status_slot *slot; /* the watched copy */
};

struct watch
{
    struct status_source source;
    struct status_service service;
    bool is_json;
    bool prints_past;   /* events from before this moment too */
    bool is_first_look; /* a slot whose process is gone was left behind long ago */
    struct watched *slots[NUMBER_LIMIT];
    struct line *lines;
    size_t line_count, line_room;
};

static void add_line(struct watch *watch, struct watched *watched,
                     const struct rm_status_event *event)
{
    if (watch->line_count == watch->line_room)
    {
        size_t room = watch->line_room * 2 + 64;
        struct line *grown = realloc(watch->lines, room * sizeof *grown);
        if (grown == NULL)
        {
            return;
        }
        watch->lines = grown;
        watch->line_room = room;
    }
    watch->lines[watch->line_count++] = (struct line){*event, &watched->copy};
}

/* A line of our own, about the session rather than from it. */
static void add_remark(struct watch *watch, struct watched *watched, enum rm_severity severity,
                       uint64_t time, uint64_t number, const char *text)
{
    struct rm_status_event event = {.number = number, .time = time};
    event.severity = (uint32_t)severity;
    rm_text_fit(event.text, sizeof event.text, text);
    add_line(watch, watched, &event);
}

static void add_new_events(struct watch *watch, struct watched *watched)
{
    struct status_line lines[RM_STATUS_EVENTS];
    size_t count = status_last_events(&watched->copy, 1, lines, RM_STATUS_EVENTS);
    for (size_t i = 0; i < count; i++)
    {
        const struct rm_status_event *event = lines[i].event;
        if (event->number <= watched->last_event)
        {
            continue;
        }
        if (event->number > watched->last_event + 1 && watched->last_event > 0)
        {
            char text[96];
            snprintf(text, sizeof text, "%llu events came too fast to be shown.",
                     (unsigned long long)(event->number - watched->last_event - 1));
            add_remark(watch, watched, RM_SEVERITY_WARNING, event->time, event->number, text);
        }
        add_line(watch, watched, event);
        watched->last_event = event->number;
    }
}

static void session_text(char *text, size_t size, const struct rm_status_slot *slot,
                         const char *what)
{
    snprintf(text, size, "Session %llu %s.", (unsigned long long)slot->session, what);
}

static void end_session(struct watch *watch, struct watched *watched, bool is_crash)
{
    char text[96];
    session_text(text, sizeof text, &watched->copy,
                 is_crash ? "is gone: its process ended without closing it" : "closed");
    add_remark(watch, watched, is_crash ? RM_SEVERITY_WARNING : RM_SEVERITY_INFORMATIONAL,
               rm_status_now(), UINT64_MAX, text);
    watched->is_session = false;
}

static bool is_same_session(const struct rm_status_slot *a, const struct rm_status_slot *b)
{
    return a->process_started == b->process_started && a->session == b->session &&
           a->started_at == b->started_at;
}

static void begin_session(struct watch *watch, struct watched *watched)
{
    char text[96];
    watched->is_session = true;
    watched->last_event = 0;
    if (watch->prints_past)
    {
        session_text(text, sizeof text, &watched->copy, "opened");
        add_remark(watch, watched, RM_SEVERITY_INFORMATIONAL, watched->copy.started_at, 0, text);
        return;
    }
    for (unsigned i = 0; i < RM_STATUS_EVENTS; i++)
    {
        uint64_t number = watched->copy.events[i].number;
        watched->last_event = number > watched->last_event ? number : watched->last_event;
    }
}

static void flush_lines(struct watch *watch);

static void look_at_slot(struct watch *watch, struct watched **place,
                         const struct rm_status_slot *slot)
{
    if (*place == NULL)
    {
        if (slot->process_id == 0)
        {
            return;
        }
        *place = calloc(1, sizeof **place);
    }
    struct watched *watched = *place;
    struct rm_status_slot *fresh = malloc(sizeof *fresh);
    if (watched == NULL || fresh == NULL || watched->sequence == slot->sequence ||
        !rm_status_slot_read(slot, fresh))
    {
        free(fresh);
        return;
    }
    watched->sequence = fresh->sequence;
    bool is_same = watched->is_session && is_same_session(&watched->copy, fresh);
    if (watched->is_session && !is_same)
    {
        end_session(watch, watched, true);
        /* Its lines refer to the copy that is about to be replaced. */
        flush_lines(watch);
    }
    uint32_t owner = fresh->process_id;
    if (is_same && owner == 0)
    {
        fresh->process_id = watched->copy.process_id;
    }
    watched->copy = *fresh;
    free(fresh);
    if (!is_same && owner != 0 &&
        (!watch->is_first_look || rm_status_slot_is_alive(&watched->copy)))
    {
        begin_session(watch, watched);
    }
    if (watched->is_session)
    {
        add_new_events(watch, watched);
    }
    if (is_same && owner == 0)
    {
        end_session(watch, watched, false);
    }
}

static void look_at_all(struct watch *watch, bool tests_alive)
{
    status_source_open(&watch->source);
    for (unsigned scope = 0; scope < RM_STATUS_SCOPE_COUNT; scope++)
    {
        const struct rm_status_section *section = watch->source.maps[scope].section;
        for (unsigned i = 0; section != NULL && i < RM_STATUS_SLOTS; i++)
        {
            struct watched **place = &watch->slots[scope * RM_STATUS_SLOTS + i];
            look_at_slot(watch, place, &section->slots[i]);
            if (tests_alive && *place != NULL && (*place)->is_session &&
                !rm_status_slot_is_alive(&(*place)->copy))
            {
                end_session(watch, *place, true);
            }
        }
    }
}

static void print_service(struct watch *watch, const char *text)
{
    static struct rm_status_slot slot = {.server = "RedundancyMaster",
                                         .process_name = "rmservice.exe"};
    struct rm_status_event event = {.severity = RM_SEVERITY_INFORMATIONAL, .time = rm_status_now()};
    slot.process_id = watch->service.welcome.process_id;
    rm_text_fit(event.text, sizeof event.text, text);
    status_print_event(&slot, &event, watch->is_json);
}

/* RM-250, and that it is back. What was there at the first look is no news. */
static void look_at_service(struct watch *watch)
{
    const struct rm_event left = {
        .id = RM_EVENT_SERVICE_LEFT, .server = "", .host = "", .detail = ""};
    char text[RM_EVENT_TEXT_SIZE] = "Connected to the RedundancyMaster Service";
    bool was_there = watch->service.has_answered;
    status_service_watch(&watch->service);
    if (watch->is_first_look || was_there == watch->service.has_answered)
    {
        return;
    }
    if (was_there)
    {
        rm_event_format(&left, text, sizeof text);
    }
    print_service(watch, text);
}

static int compare_lines(const void *left, const void *right)
{
    const struct line *a = left;
    const struct line *b = right;
    if (a->event.time != b->event.time)
    {
        return a->event.time > b->event.time ? 1 : -1;
    }
    return (a->event.number > b->event.number) - (a->event.number < b->event.number);
}

static void flush_lines(struct watch *watch)
{
    if (watch->line_count > 1)
    {
        qsort(watch->lines, watch->line_count, sizeof *watch->lines, compare_lines);
    }
    for (size_t i = 0; i < watch->line_count; i++)
    {
        status_print_event(watch->lines[i].slot, &watch->lines[i].event, watch->is_json);
    }
    watch->line_count = 0;
}

static void free_watch(struct watch *watch)
{
    for (unsigned i = 0; i < NUMBER_LIMIT; i++)
    {
        free(watch->slots[i]);
    }
    free(watch->lines);
    status_source_close(&watch->source);
    status_service_close(&watch->service);
    free(watch);
}

enum ctl_exit status_watch(struct ctl *ctl, unsigned seconds)
{
    struct watch *watch = calloc(1, sizeof *watch);
    HANDLE stop = stop_event();
    if (watch == NULL || stop == NULL)
    {
        free(watch);
        return ctl_fail(ctl, "Out of memory.");
    }
    watch->source.instance = watch->service.instance = ctl->instance;
    watch->is_json = ctl->is_json;
    watch->prints_past = ctl_has(ctl, "--all");
    watch->is_first_look = true;
    ULONGLONG started = GetTickCount64();
    ULONGLONG alive_tested = started;
    do
    {
        ULONGLONG now = GetTickCount64();
        bool tests_alive = now - alive_tested >= ALIVE_TEST_MS;
        alive_tested = tests_alive ? now : alive_tested;
        look_at_all(watch, tests_alive);
        flush_lines(watch);
        look_at_service(watch);
        /* Whatever comes after the first look is new. */
        watch->prints_past = true;
        watch->is_first_look = false;
    } while (!output_is_broken() &&
             (seconds == 0 || GetTickCount64() - started < seconds * 1000ull) &&
             WaitForSingleObject(stop, POLL_MS) == WAIT_TIMEOUT);
    bool is_other_version = watch->source.is_other_version;
    free_watch(watch);
    return is_other_version ? status_other_version(ctl) : CTL_FINE;
}
