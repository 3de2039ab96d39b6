#include "orders.h"

#include <windows.h>
#include <stdio.h>
#include <string.h>

#include <rm/text.h>

#include <hooks/wide.h>

#include "service_call.h"
#include "status_source.h"

#define WAIT_MS    5000
#define LOOK_MS    50
#define SERVICE_MS 3000

enum ctl_exit orders_open(struct ctl *ctl, struct orders *orders)
{
    char error[RM_COMMAND_ERROR_SIZE];
    *orders = (struct orders){.progid = ctl->plain[0], .instance = ctl->instance};
    return rm_command_open(orders->progid, &orders->target, error) ? CTL_FINE
                                                                   : ctl_fail(ctl, "%s", error);
}

/* The sessions of this server; the list is to be freed. */
static size_t read_sessions(const struct orders *orders, struct status_list *list,
                            const struct rm_status_slot **first)
{
    struct status_source source = {.instance = orders->instance};
    size_t count = 0;
    status_source_open(&source);
    status_list_read(&source, list);
    status_source_close(&source);
    *first = NULL;
    for (size_t i = 0; i < list->count; i++)
    {
        if (_stricmp(list->slots[i].server, orders->progid) == 0)
        {
            *first = count == 0 ? &list->slots[i] : *first;
            count++;
        }
    }
    return count;
}

static void look_at_sessions(struct orders *orders)
{
    struct status_list list;
    const struct rm_status_slot *sessions;
    orders->sessions = read_sessions(orders, &list, &sessions);
    orders->deaf = 0;
    for (size_t i = 0; i < orders->sessions; i++)
    {
        orders->deaf += sessions[i].order_number != orders->target.now.number ? 1 : 0;
    }
    status_list_free(&list);
}

/* Without the service only administrators can: then this process writes. */
static enum ctl_exit give_alone(struct ctl *ctl, struct orders *orders,
                                const struct rm_command *command)
{
    wchar_t wide[64] = L"";
    char user[RM_ORDERS_USER_SIZE * 2] = "";
    char error[RM_COMMAND_ERROR_SIZE];
    DWORD length = 64;
    if (!GetUserNameW(wide, &length) || !rm_utf8_from_wide(wide, user, sizeof user))
    {
        strcpy(user, "unknown");
    }
    return rm_command_give(&orders->target, command, user, rm_status_now(), error)
               ? CTL_FINE
               : ctl_fail(ctl,
                          "%s While the service runs, members of the group 'RedundancyMaster "
                          "Operators' can command as well: 'rmctl service start'.",
                          error);
}

/* *is_there: there was a service to ask. */
static enum ctl_exit ask_service(struct ctl *ctl, struct orders *orders,
                                 struct rm_wire_message *request, bool *is_there)
{
    struct rm_service_pipe *service;
    struct rm_wire_welcome welcome;
    char error[RM_COMMAND_ERROR_SIZE];
    rm_text_fit(request->body.command.server, sizeof request->body.command.server, orders->progid);
    *is_there =
        rm_service_pipe_open(orders->instance, RM_VERSION, SERVICE_MS, &service, &welcome) == RM_OK;
    if (!*is_there)
    {
        return CTL_FINE;
    }
    enum ctl_exit status = service_call_ask(ctl, service, request, NULL, NULL);
    rm_service_pipe_close(service);
    if (status == CTL_FINE && !rm_command_refresh(&orders->target, error))
    {
        return ctl_fail(ctl, "%s", error);
    }
    return status;
}

static enum ctl_exit give(struct ctl *ctl, struct orders *orders, const struct rm_command *command)
{
    struct rm_wire_message request = {.type = RM_WIRE_COMMAND};
    bool is_there;
    request.body.command.order = (uint32_t)command->order;
    request.body.command.machine = command->machine;
    request.body.command.is_forced = command->is_forced;
    enum ctl_exit status = ask_service(ctl, orders, &request, &is_there);
    return is_there ? status : give_alone(ctl, orders, command);
}

enum ctl_exit orders_give(struct ctl *ctl, struct orders *orders, enum rm_order order,
                          uint32_t machine, bool is_forced)
{
    const struct rm_command command = {order, machine, is_forced};
    orders->before = orders->target.now;
    enum ctl_exit status = give(ctl, orders, &command);
    if (status == CTL_FINE)
    {
        look_at_sessions(orders);
    }
    for (unsigned waited = 0; status == CTL_FINE && orders->deaf > 0 && waited < WAIT_MS;
         waited += LOOK_MS)
    {
        Sleep(LOOK_MS);
        look_at_sessions(orders);
    }
    return status;
}

static void take_back(struct ctl *ctl, struct orders *orders)
{
    struct rm_wire_message request = {.type = RM_WIRE_TAKE_BACK};
    char error[RM_COMMAND_ERROR_SIZE];
    bool is_there;
    request.body.command.number = orders->target.now.number;
    ask_service(ctl, orders, &request, &is_there);
    if (!is_there &&
        !rm_command_take_back(&orders->target, request.body.command.number, &orders->before, error))
    {
        ctl_fail(ctl, "%s", error);
    }
}

void orders_report(struct ctl *ctl, const struct orders *orders)
{
    size_t heard = orders->sessions - orders->deaf;
    if (orders->sessions == 0)
    {
        ctl_note(ctl, "No client has it open: it holds for those that come.");
        return;
    }
    ctl_note(ctl, "%u of %u session%s follow%s it.", (unsigned)heard, (unsigned)orders->sessions,
             orders->sessions == 1 ? "" : "s", orders->sessions == 1 ? "s" : "");
    if (orders->deaf > 0)
    {
        ctl_note(ctl, "The other ones have not seen it within %u s: look at 'rmctl status %s'.",
                 WAIT_MS / 1000, orders->progid);
    }
}

enum ctl_exit orders_report_switch(struct ctl *ctl, struct orders *orders, unsigned machine,
                                   bool is_forced)
{
    struct status_list list;
    const struct rm_status_slot *sessions;
    size_t refusals = 0;
    size_t count = read_sessions(orders, &list, &sessions);
    for (size_t i = 0; i < count; i++)
    {
        enum rm_refusal refusal = (enum rm_refusal)sessions[i].order_refusal;
        if (sessions[i].order_number == orders->target.now.number && refusal != RM_REFUSAL_NONE)
        {
            refusals++;
            ctl_note(ctl, "%s (%u) no. %llu has refused the switch: %s.", sessions[i].process_name,
                     (unsigned)sessions[i].process_id, (unsigned long long)sessions[i].session,
                     rm_refusal_text(refusal));
        }
    }
    status_list_free(&list);
    if (count > 0 && refusals == count)
    {
        take_back(ctl, orders);
        return ctl_fail(ctl, "'%s' was not switched. Remove the cause%s.", orders->progid,
                        machine != 0 && !is_forced ? ", or force the switch with --force" : "");
    }
    if (machine != 0)
    {
        ctl_note(ctl, "'%s': machine %u is to be active.", orders->progid, machine);
    }
    orders_report(ctl, orders);
    return refusals == 0 ? CTL_FINE
                         : ctl_fail(ctl, "%u of %u sessions were not switched.", (unsigned)refusals,
                                    (unsigned)count);
}

void orders_warn_active(struct ctl *ctl, const struct orders *orders, unsigned machine)
{
    struct status_list list;
    const struct rm_status_slot *sessions;
    size_t count = read_sessions(orders, &list, &sessions);
    for (size_t i = 0; i < count; i++)
    {
        if (sessions[i].active == machine)
        {
            ctl_note(ctl,
                     "%s (%u) no. %llu goes on with machine %u for now: no other machine is fit to"
                     " take over.",
                     sessions[i].process_name, (unsigned)sessions[i].process_id,
                     (unsigned long long)sessions[i].session, machine);
        }
    }
    status_list_free(&list);
}
