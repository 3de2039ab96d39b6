#include "orders.h"

#include <stdio.h>
#include <string.h>

#include <rm/event.h>
#include <rm/snapshot.h>

#include <hooks/orders_store.h>
#include <hooks/snapshot_store.h>
#include <hooks/wide.h>

#include "status_source.h"

#define WAIT_MS 5000
#define LOOK_MS 50

static enum ctl_exit read_machine_count(struct ctl *ctl, struct orders *orders)
{
    struct rm_reg_value value;
    struct rm_server_config *server = NULL;
    LSTATUS result = rm_snapshot_load(orders->clsid, &value);
    if (result == ERROR_SUCCESS && value.exists && value.type == REG_BINARY)
    {
        rm_snapshot_decode(value.bytes, value.size_bytes, &server);
    }
    rm_reg_value_clear(&value);
    if (server == NULL)
    {
        return ctl_fail(ctl,
                        "The settings of '%s' in the registry can't be read. Run 'rmctl enable"
                        " %s'.",
                        orders->progid, orders->progid);
    }
    orders->machine_count = (unsigned)server->machine_count;
    rm_server_config_free(server);
    return CTL_FINE;
}

enum ctl_exit orders_open(struct ctl *ctl, struct orders *orders)
{
    struct rm_hook_info info;
    *orders = (struct orders){.progid = ctl->plain[0], .instance = ctl->instance};
    rm_hooks_query(orders->progid, &info);
    if (info.state == RM_HOOK_OFF ||
        !rm_wide_from_utf8(info.clsid, orders->clsid, RM_CLASS_TEXT_MAX))
    {
        return ctl_fail(ctl, "'%s' is not enabled on this computer; 'rmctl list' says what is.",
                        orders->progid);
    }
    LSTATUS result = rm_orders_load(orders->clsid, &orders->now);
    if (result != ERROR_SUCCESS)
    {
        return ctl_fail(ctl, "The commands given so far can't be read (Windows error %ld).",
                        (long)result);
    }
    return read_machine_count(ctl, orders);
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
        orders->deaf += sessions[i].order_number != orders->now.number ? 1 : 0;
    }
    status_list_free(&list);
}

static enum ctl_exit store(struct ctl *ctl, const struct orders *orders)
{
    LSTATUS result = rm_orders_store(orders->clsid, &orders->now);
    if (result == ERROR_SUCCESS)
    {
        return CTL_FINE;
    }
    return result == ERROR_ACCESS_DENIED
               ? ctl_fail(ctl, "Commands need administrator rights. Nothing was changed.")
               : ctl_fail(ctl,
                          "The command could not be stored (Windows error %ld). Nothing was"
                          " changed.",
                          (long)result);
}

enum ctl_exit orders_give(struct ctl *ctl, struct orders *orders, enum rm_order order,
                          uint32_t machine, bool is_forced, const char *text)
{
    wchar_t wide[64] = L"";
    char user[192] = "";
    char line[320];
    DWORD length = 64;
    if (!GetUserNameW(wide, &length) || !rm_utf8_from_wide(wide, user, sizeof user))
    {
        strcpy(user, "unknown");
    }
    snprintf(line, sizeof line, "%s (user %s)", text, user);
    rm_orders_add(&orders->now, order, machine, is_forced, line);
    enum ctl_exit status = store(ctl, orders);
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

enum ctl_exit orders_report_switch(struct ctl *ctl, struct orders *orders,
                                   const struct rm_orders *before, unsigned machine, bool is_forced)
{
    struct status_list list;
    const struct rm_status_slot *sessions;
    size_t refusals = 0;
    size_t count = read_sessions(orders, &list, &sessions);
    for (size_t i = 0; i < count; i++)
    {
        enum rm_refusal refusal = (enum rm_refusal)sessions[i].order_refusal;
        if (sessions[i].order_number == orders->now.number && refusal != RM_REFUSAL_NONE)
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
        rm_orders_take_back(&orders->now, before);
        store(ctl, orders);
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
