#include "start/starter.h"

#include <windows.h>
#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

#include "start/windows_service.h"

#define LIMIT_MS                                                                                   \
    60000u /* of a start; Windows itself waits half as long for a service's first word */
#define AGAIN_MS 30000u /* after a failure */
#define PAUSE_MS 10000u /* after a success: sessions ask one after the other */

/* One start, which outlives whoever has asked for it. */
struct job
{
    LONG refs;
    char host[4 * RM_HOST_MAX + 1];
    char service[4 * RM_SERVICE_MAX + 1];
    DWORD error;
    bool has_started;
};

struct entry
{
    struct entry *next;
    char server[4 * RM_PROGID_MAX + 1];
    unsigned number;
    char host[4 * RM_HOST_MAX + 1];
    char service[4 * RM_SERVICE_MAX + 1];
    bool is_new;
    bool is_asked;
    bool is_failure_told;
    struct job *job; /* NULL: none is under way */
    HANDLE thread;
    ULONGLONG due_ms; /* of the job: it counts as failed from then on */
    ULONGLONG next_ms;
};

struct rm_starter
{
    struct rm_starter_handler handler;
    struct entry *first;
};

/* ---- one start ----------------------------------------------------------------------------- */

static void release(struct job *job)
{
    if (InterlockedDecrement(&job->refs) == 0)
        free(job);
}

static DWORD WINAPI start_main(void *argument)
{
    struct job *job = argument;

    job->error = rm_windows_service_start(job->host, job->service, LIMIT_MS, &job->has_started);
    release(job);
    return 0;
}

static void begin(struct entry *entry, ULONGLONG now_ms)
{
    struct job *job = calloc(1, sizeof *job);

    entry->next_ms = now_ms + AGAIN_MS;
    if (!job)
        return;
    job->refs = 2;
    rm_text_fit(job->host, sizeof job->host, entry->host);
    rm_text_fit(job->service, sizeof job->service, entry->service);
    entry->thread = CreateThread(NULL, 0, start_main, job, 0, NULL);
    if (!entry->thread)
    {
        free(job);
        return;
    }
    entry->job = job;
    entry->due_ms = now_ms + LIMIT_MS + AGAIN_MS;
}

static void leave(struct entry *entry)
{
    if (!entry->job)
        return;
    CloseHandle(entry->thread);
    release(entry->job);
    entry->job = NULL;
}

/* ---- what is known ------------------------------------------------------------------------- */

static const struct rm_machine_config *machine_of(const struct rm_config *config,
                                                  const struct entry *entry)
{
    const struct rm_server_config *server = rm_config_find(config, entry->server);

    return server && entry->number <= server->machine_count ? &server->machines[entry->number - 1]
                                                            : NULL;
}

static bool is_still_so(const struct rm_config *config, const struct entry *entry)
{
    const struct rm_machine_config *machine = machine_of(config, entry);

    return machine && strcmp(machine->host, entry->host) == 0 &&
           strcmp(machine->service, entry->service) == 0;
}

static struct entry *find(const struct rm_starter *starter, const char *server, unsigned number)
{
    struct entry *entry = starter->first;

    while (entry && (entry->number != number || _stricmp(entry->server, server) != 0))
        entry = entry->next;
    return entry;
}

static void add(struct rm_starter *starter, const struct rm_server_config *server, unsigned number)
{
    const struct rm_machine_config *machine = &server->machines[number - 1];
    struct entry *entry;

    if (!*machine->service || find(starter, server->progid, number))
        return;
    entry = calloc(1, sizeof *entry);
    if (!entry)
        return;
    entry->number = number;
    entry->is_new = true;
    rm_text_fit(entry->server, sizeof entry->server, server->progid);
    rm_text_fit(entry->host, sizeof entry->host, machine->host);
    rm_text_fit(entry->service, sizeof entry->service, machine->service);
    entry->next = starter->first;
    starter->first = entry;
}

void rm_starter_settings(struct rm_starter *starter, const struct rm_config *config)
{
    struct entry **place = &starter->first;

    while (*place)
    {
        struct entry *entry = *place;

        if (is_still_so(config, entry))
        {
            place = &entry->next;
            continue;
        }
        *place = entry->next;
        leave(entry);
        free(entry);
    }
    for (size_t i = 0; i < config->server_count; i++)
    {
        for (unsigned number = 1; number <= config->servers[i]->machine_count; number++)
            add(starter, config->servers[i], number);
    }
}

/* ---- what is to be done -------------------------------------------------------------------- */

bool rm_starter_has_new(struct rm_starter *starter, const char *server)
{
    bool is_any = false;

    for (struct entry *entry = starter->first; entry; entry = entry->next)
    {
        if (_stricmp(entry->server, server) != 0)
            continue;
        is_any = is_any || entry->is_new;
        entry->is_new = false;
    }
    return is_any;
}

void rm_starter_ask(struct rm_starter *starter, const char *server, unsigned machine)
{
    struct entry *entry = find(starter, server, machine);

    if (entry)
        entry->is_asked = true;
}

void rm_starter_drop(struct rm_starter *starter, const char *server)
{
    for (struct entry *entry = starter->first; entry; entry = entry->next)
    {
        if (_stricmp(entry->server, server) == 0)
            entry->is_asked = false;
    }
}

static void post(const struct rm_starter *starter, const struct entry *entry, enum rm_event_id id,
                 DWORD error)
{
    struct rm_event event = {.id = id,
                             .server = entry->server,
                             .machine = entry->number,
                             .host = entry->host,
                             .code = error ? (uint32_t)HRESULT_FROM_WIN32(error) : 0,
                             .detail = entry->service};

    starter->handler.event(starter->handler.context, &event);
}

static void fail(const struct rm_starter *starter, struct entry *entry, DWORD error)
{
    if (!entry->is_failure_told)
        post(starter, entry, RM_EVENT_WINDOWS_SERVICE_FAILED, error);
    entry->is_failure_told = true;
}

static void take_result(const struct rm_starter *starter, struct entry *entry, ULONGLONG now_ms)
{
    DWORD error = entry->job->error;
    bool has_started = entry->job->has_started;

    leave(entry);
    if (error)
    {
        entry->next_ms = now_ms + AGAIN_MS;
        fail(starter, entry, error);
        return;
    }
    if (has_started || entry->is_failure_told)
        post(starter, entry, RM_EVENT_WINDOWS_SERVICE_STARTED, 0);
    entry->next_ms = now_ms + PAUSE_MS;
    entry->is_asked = false;
    entry->is_failure_told = false;
}

static void look_at(const struct rm_starter *starter, struct entry *entry)
{
    ULONGLONG now_ms = GetTickCount64();

    if (entry->job && WaitForSingleObject(entry->thread, 0) == WAIT_OBJECT_0)
        take_result(starter, entry, now_ms);
    else if (entry->job && now_ms >= entry->due_ms)
        fail(starter, entry, ERROR_SERVICE_REQUEST_TIMEOUT);
    if (!entry->job && entry->is_asked && now_ms >= entry->next_ms)
        begin(entry, now_ms);
}

void rm_starter_look(struct rm_starter *starter)
{
    for (struct entry *entry = starter->first; entry; entry = entry->next)
        look_at(starter, entry);
}

struct rm_starter *rm_starter_new(const struct rm_starter_handler *handler)
{
    struct rm_starter *starter = calloc(1, sizeof *starter);

    if (starter)
        starter->handler = *handler;
    return starter;
}

void rm_starter_free(struct rm_starter *starter)
{
    if (!starter)
        return;
    while (starter->first)
    {
        struct entry *entry = starter->first;

        starter->first = entry->next;
        leave(entry);
        free(entry);
    }
    free(starter);
}
