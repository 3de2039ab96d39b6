#include "status_service.h"

#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/failover.h>
#include <rm/instance.h>
#include <rm/text.h>

#define OPEN_MS   1000u
#define ANSWER_MS 1000u
#define RETRY_MS  3000u

static void hear(void *context, const struct rm_wire_message *message)
{
    struct status_service *service = context;
    service->has_stopped = service->has_stopped || message->type == RM_WIRE_STOPPING;
}

/* Room for one more; NULL: no memory, it is left out. */
static void *grow(void **array, size_t count, size_t *room, size_t size)
{
    if (count == *room)
    {
        size_t larger = *room * 2 + 16;
        void *grown = realloc(*array, larger * size);
        if (grown == NULL)
        {
            return NULL;
        }
        *array = grown;
        *room = larger;
    }
    return (char *)*array + count * size;
}

/* The service gives words, and this prints them. */
static bool is_sound(struct rm_wire_machine_row *row)
{
    rm_text_clean(row->verdict.server);
    rm_text_clean(row->items);
    return row->own < RM_WIRE_OWN_COUNT && row->verdict.verdict < RM_VERDICT_COUNT;
}

static void take_row(void *context, const struct rm_wire_message *answer)
{
    struct status_service *service = context;
    if (answer->type == RM_WIRE_SERVER_ROW)
    {
        void *array = service->servers;
        struct rm_wire_server_row *row =
            grow(&array, service->server_count, &service->server_room, sizeof *row);
        service->servers = array;
        if (row != NULL)
        {
            *row = answer->body.server_row;
            rm_text_clean(row->server);
            service->server_count++;
        }
    }
    else if (answer->type == RM_WIRE_MACHINE_ROW)
    {
        void *array = service->machines;
        struct rm_wire_machine_row *row =
            grow(&array, service->machine_count, &service->machine_room, sizeof *row);
        service->machines = array;
        if (row != NULL)
        {
            *row = answer->body.machine_row;
            service->machine_count += is_sound(row) ? 1 : 0;
        }
    }
}

static void leave(struct status_service *service)
{
    rm_service_pipe_close(service->pipe);
    service->pipe = NULL;
    service->retry_ms = GetTickCount64() + RETRY_MS;
}

static void look_for(struct status_service *service)
{
    if (service->pipe != NULL || GetTickCount64() < service->retry_ms)
    {
        return;
    }
    service->has_stopped = false;
    service->retry_ms = GetTickCount64() + RETRY_MS;
    if (rm_service_pipe_open(service->instance, RM_VERSION, OPEN_MS, &service->pipe,
                             &service->welcome) == RM_OK)
    {
        rm_service_pipe_hear(service->pipe, hear, service);
    }
}

void status_service_read(struct status_service *service)
{
    struct rm_wire_message request = {.type = RM_WIRE_LIST_STATUS};
    struct rm_wire_error error;
    service->has_answered = false;
    service->server_count = service->machine_count = 0;
    look_for(service);
    if (service->pipe == NULL)
    {
        return;
    }
    service->has_answered =
        rm_service_pipe_ask(service->pipe, &request, ANSWER_MS, take_row, service, &error) == RM_OK;
    if (!service->has_answered)
    {
        service->server_count = service->machine_count = 0;
    }
    if (!service->has_answered || service->has_stopped)
    {
        leave(service);
    }
}

void status_service_watch(struct status_service *service)
{
    struct rm_wire_message message;
    enum rm_status status;
    look_for(service);
    if (service->pipe != NULL)
    {
        status = rm_service_pipe_receive(service->pipe, &message, 0, NULL);
        if (status == RM_OK)
        {
            hear(service, &message);
        }
        if (service->has_stopped || (status != RM_OK && status != RM_E_NOT_FOUND))
        {
            leave(service);
        }
    }
    service->has_answered = service->pipe != NULL;
}

void status_service_close(struct status_service *service)
{
    leave(service);
    free(service->servers);
    free(service->machines);
    memset(service, 0, sizeof *service);
}

const struct rm_wire_server_row *status_service_find(const struct status_service *service,
                                                     const char *progid)
{
    for (size_t i = 0; service != NULL && i < service->server_count; i++)
    {
        if (_stricmp(service->servers[i].server, progid) == 0)
        {
            return &service->servers[i];
        }
    }
    return NULL;
}

const struct rm_wire_machine_row *status_service_machine(const struct status_service *service,
                                                         const char *progid, unsigned machine)
{
    for (size_t i = 0; service != NULL && i < service->machine_count; i++)
    {
        const struct rm_wire_verdict *verdict = &service->machines[i].verdict;
        if (verdict->machine == machine && _stricmp(verdict->server, progid) == 0)
        {
            return &service->machines[i];
        }
    }
    return NULL;
}

const char *status_own_name(uint32_t own)
{
    static const char *const names[RM_WIRE_OWN_COUNT] = {"none", "connecting", "connected",
                                                         "failed"};
    return own < RM_WIRE_OWN_COUNT ? names[own] : "?";
}

/* A word on a machine that isn't tested any more is from cold mode, where it stands. */
static void verdict_words(const struct rm_wire_machine_row *row,
                          const struct rm_wire_server_row *server, char *text, size_t size)
{
    switch ((enum rm_verdict)row->verdict.verdict)
    {
    case RM_VERDICT_BAD:
        snprintf(text, size, "IN ERROR, score %u", (unsigned)row->verdict.score);
        break;
    case RM_VERDICT_GOOD: snprintf(text, size, "passed"); break;
    default: snprintf(text, size, "no verdict"); break;
    }
    if (row->items_in_error > 0)
    {
        size_t used = strlen(text);
        snprintf(text + used, size - used, "; %u of %u items in error: %s",
                 (unsigned)row->items_in_error, (unsigned)server->monitor_items, row->items);
    }
}

void status_monitor_words(const struct rm_wire_machine_row *row,
                          const struct rm_wire_server_row *server, char text[STATUS_MONITOR_SIZE])
{
    char verdict[STATUS_MONITOR_SIZE / 2 + RM_WIRE_ITEMS / 2] = "";
    char stuck[64] = "";
    verdict_words(row, server, verdict, sizeof verdict);
    if (row->calls_stuck > 0)
    {
        snprintf(stuck, sizeof stuck, "; %u calls of the service never came back",
                 (unsigned)row->calls_stuck);
    }
    switch ((enum rm_wire_own)row->own)
    {
    case RM_WIRE_OWN_CONNECTED: snprintf(text, STATUS_MONITOR_SIZE, "%s%s", verdict, stuck); break;
    case RM_WIRE_OWN_CONNECTING:
        snprintf(text, STATUS_MONITOR_SIZE, "the service is connecting%s", stuck);
        break;
    case RM_WIRE_OWN_FAILED:
        snprintf(text, STATUS_MONITOR_SIZE,
                 "not observable: the service has no connection (0x%08X)%s", (unsigned)row->code,
                 stuck);
        break;
    case RM_WIRE_OWN_NONE:
    case RM_WIRE_OWN_COUNT:
        snprintf(text, STATUS_MONITOR_SIZE, "not tested now%s%s",
                 row->verdict.verdict != RM_VERDICT_UNKNOWN ? ", last: " : "",
                 row->verdict.verdict != RM_VERDICT_UNKNOWN ? verdict : "");
        break;
    }
}
