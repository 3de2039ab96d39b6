#include "status_switch.h"

#include <stdio.h>

#include <rm/text.h>

#include <hooks/orders_store.h>
#include <hooks/wide.h>

#include "status_report.h"

static bool is_commanded(enum rm_cause cause)
{
    return cause == RM_CAUSE_OPERATOR || cause == RM_CAUSE_MAINTENANCE;
}

static void find_operator(const struct status_server *server, struct status_switch *last)
{
    wchar_t clsid[RM_CLASS_TEXT_MAX];
    struct rm_orders orders;
    const char *by = NULL;
    if (is_commanded(last->cause) &&
        rm_wide_from_utf8(server->hook.clsid, clsid, RM_CLASS_TEXT_MAX) &&
        rm_orders_load(clsid, &orders) == ERROR_SUCCESS)
    {
        by = rm_orders_by_whom(&orders, last->cause, last->at);
    }
    if (by != NULL)
    {
        rm_text_fit(last->by, sizeof last->by, by);
    }
}

static bool of_sessions(const struct status_server *server, struct status_switch *last)
{
    const struct rm_status_slot *latest = status_latest_switch(server);
    *last = (struct status_switch){.at = 0};
    if (latest == NULL)
    {
        return false;
    }
    last->at = latest->promoted_at;
    last->machine = latest->active;
    last->cause = (enum rm_cause)latest->last_cause;
    last->process_id = latest->process_id;
    rm_text_fit(last->process, sizeof last->process, latest->process_name);
    return true;
}

bool status_last_switch(const struct status_server *server, struct status_switch *last)
{
    const struct rm_wire_server_row *row = server->row;
    bool is_there = of_sessions(server, last);
    bool is_older = is_there && last->cause != RM_CAUSE_START;
    if (row != NULL && row->switched_at > (is_older ? last->at : 0) && row->cause < RM_CAUSE_COUNT)
    {
        *last = (struct status_switch){.at = row->switched_at,
                                       .machine = row->switched_to,
                                       .cause = (enum rm_cause)row->cause,
                                       .process_id = row->process_id};
        rm_text_fit(last->process, sizeof last->process, row->program);
        rm_text_fit(last->by, sizeof last->by, row->by);
        is_there = true;
    }
    if (is_there && last->by[0] == '\0')
    {
        find_operator(server, last);
    }
    rm_text_clean(last->process);
    rm_text_clean(last->by);
    return is_there;
}

void status_switch_by(const struct status_switch *last, char text[STATUS_BY_SIZE])
{
    if (last->cause == RM_CAUSE_START)
    {
        text[0] = '\0';
    }
    else if (!is_commanded(last->cause))
    {
        snprintf(text, STATUS_BY_SIZE, ", automatic");
    }
    else
    {
        snprintf(text, STATUS_BY_SIZE, ", commanded by %s",
                 last->by[0] != '\0' ? last->by : "an operator");
    }
}
