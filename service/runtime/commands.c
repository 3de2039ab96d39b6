#include "runtime/commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hooks/command.h>
#include <hooks/orders_store.h>
#include <rm/status_section_map.h>

/* The last command of a class that came through us, and what held before it. */
struct rm_commanded_switch
{
    struct rm_commanded_switch *next;
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    uint32_t number;
    struct rm_orders before;
};

static struct rm_commanded_switch *find(struct rm_commands *commands, const wchar_t *clsid)
{
    struct rm_commanded_switch *entry = commands->first;

    while (entry && wcscmp(entry->clsid, clsid) != 0)
        entry = entry->next;
    return entry;
}

/* Without memory a switch can't be taken back. */
static void remember(struct rm_commands *commands, const struct rm_command_target *target,
                     const struct rm_orders *before)
{
    struct rm_commanded_switch *entry = find(commands, target->clsid);

    if (!entry)
    {
        entry = calloc(1, sizeof *entry);
        if (!entry)
            return;
        wcscpy(entry->clsid, target->clsid);
        entry->next = commands->first;
        commands->first = entry;
    }
    entry->number = target->now.number;
    entry->before = *before;
}

static void refuse(struct rm_pipe_peer *peer, uint32_t sequence, const char *error)
{
    rm_pipe_peer_send_error(peer, sequence, RM_E_INVALID, "%s", error);
}

void rm_commands_give(struct rm_commands *commands, struct rm_pipe_peer *peer,
                      const struct rm_wire_message *request)
{
    const struct rm_wire_command *asked = &request->body.command;
    const struct rm_command command = {(enum rm_order)asked->order, asked->machine,
                                       asked->is_forced != 0};
    struct rm_command_target target;
    struct rm_orders before;
    char user[RM_ORDERS_USER_SIZE], error[RM_COMMAND_ERROR_SIZE];

    if (!rm_command_open(asked->server, &target, error))
    {
        refuse(peer, request->sequence, error);
        return;
    }
    before = target.now;
    rm_pipe_peer_user(peer, user, sizeof user);
    if (!rm_command_give(&target, &command, user, rm_status_now(), error))
    {
        refuse(peer, request->sequence, error);
        return;
    }
    remember(commands, &target, &before);
    rm_commands_tell(commands);
    rm_pipe_peer_send_done(peer, request->sequence);
}

void rm_commands_take_back(struct rm_commands *commands, struct rm_pipe_peer *peer,
                           const struct rm_wire_message *request)
{
    const struct rm_wire_command *asked = &request->body.command;
    const struct rm_commanded_switch *entry;
    struct rm_command_target target;
    char error[RM_COMMAND_ERROR_SIZE];

    if (!rm_command_open(asked->server, &target, error))
    {
        refuse(peer, request->sequence, error);
        return;
    }
    entry = find(commands, target.clsid);
    if (!entry || entry->number != asked->number)
        refuse(peer, request->sequence, "That command did not come through this service.");
    else if (!rm_command_take_back(&target, asked->number, &entry->before, error))
        refuse(peer, request->sequence, error);
    else
        rm_pipe_peer_send_done(peer, request->sequence);
}

/* ---- the log ------------------------------------------------------------------------------- */

/* A service that was killed between the two may have stored it and not noted that. */
static bool is_stored(struct rm_event_logs *logs, const char *server, uint64_t given_at)
{
    struct rm_event_log_facts facts;
    struct rm_event_record record;
    struct rm_server_log *log;

    if (rm_event_logs_find(logs, server, &log) != RM_OK)
        return true; /* there is no place for it */
    facts = rm_event_log_facts(log->log);
    for (uint64_t place = facts.end; place > facts.first; place--)
    {
        if (rm_event_log_get(log->log, place - 1, &record) && record.id == RM_EVENT_COMMANDED &&
            record.time_100ns == given_at)
            return true;
    }
    return false;
}

static void tell(struct rm_event_logs *logs, const struct rm_orders *orders, uint64_t time,
                 const char *text)
{
    const struct rm_event event = {
        .id = RM_EVENT_COMMANDED, .server = orders->server, .host = "", .detail = text};

    if (!is_stored(logs, orders->server, time))
        rm_event_logs_add_own(logs, &event, time);
}

/* Just before the oldest one that is kept, so that the log has it there. */
static void tell_forgotten(struct rm_event_logs *logs, const struct rm_orders *orders,
                           uint32_t oldest, uint32_t count)
{
    const struct rm_commanded *commanded = rm_orders_get(orders, oldest);
    char text[RM_ORDERS_TEXT_SIZE];

    snprintf(text, sizeof text,
             "%u more before the next one were given while the service was away and are not known "
             "any more",
             count);
    if (commanded)
        tell(logs, orders, commanded->given_at - 1, text);
}

static void tell_one(struct rm_event_logs *logs, const struct rm_orders *orders, uint32_t number)
{
    const struct rm_commanded *commanded = rm_orders_get(orders, number);
    char text[RM_ORDERS_TEXT_SIZE];

    if (!commanded)
        return;
    rm_commanded_text(commanded, text);
    tell(logs, orders, commanded->given_at, text);
}

static void tell_new(const struct rm_commands *commands, const wchar_t *clsid,
                     const struct rm_orders *orders)
{
    uint32_t told = rm_orders_told(clsid);
    uint32_t gone = orders->number > RM_ORDERS_KEPT ? orders->number - RM_ORDERS_KEPT : 0;

    if (told == orders->number)
        return;
    if (told > orders->number)
        told = gone; /* of a record that there was before */
    if (told < gone)
    {
        tell_forgotten(commands->logs, orders, gone + 1, gone - told);
        told = gone;
    }
    while (told < orders->number)
        tell_one(commands->logs, orders, ++told);
    rm_orders_set_told(clsid, told);
}

void rm_commands_tell(struct rm_commands *commands)
{
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    struct rm_orders orders;

    for (unsigned i = 0; rm_orders_enumerate(i, clsid, &orders); i++)
        tell_new(commands, clsid, &orders);
}

void rm_commands_clear(struct rm_commands *commands)
{
    while (commands->first)
    {
        struct rm_commanded_switch *entry = commands->first;

        commands->first = entry->next;
        free(entry);
    }
}
