#include "run.h"
#include "arena.h"
#include "call.h"
#include "sink.h"

#include <opc/opcda.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WAIT_MS    5000
#define ANSWERS_MS 1000 /* one that was cancelled is not answered */
#define PAUSE_MS   5
#define AGAIN_MS   500

bool run_fail(struct run *run, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(run->error, sizeof(run->error), format, arguments);
    va_end(arguments);
    return false;
}

void run_pause(const struct run *run, DWORD time_ms)
{
    DWORD start = GetTickCount();
    MSG message;
    while (run->is_sta && GetTickCount() - start < time_ms)
    {
        DWORD left = time_ms - (GetTickCount() - start);
        /* Also for what a call of ours has seen in the queue and left there. */
        if (left > time_ms || MsgWaitForMultipleObjectsEx(0, NULL, left, QS_ALLINPUT,
                                                          MWMO_INPUTAVAILABLE) == WAIT_TIMEOUT)
        {
            return;
        }
        while (PeekMessageW(&message, NULL, 0, 0, PM_REMOVE))
        {
            DispatchMessageW(&message);
        }
    }
    if (!run->is_sta)
    {
        Sleep(time_ms);
    }
}

void run_wait_for_answers(const struct run *run)
{
    DWORD start = GetTickCount();
    while (run->asked > 0 && GetTickCount() - start < ANSWERS_MS)
    {
        run_pause(run, PAUSE_MS);
    }
}

bool run_is_waiting(const char *text)
{
    return strncmp(text, "wait ", 5) == 0 || strncmp(text, "quiet ", 6) == 0 ||
           strncmp(text, "sleep ", 6) == 0;
}

void run_touch(struct run *run)
{
    const struct variable *variable = names_find(&run->names, "srv");
    void *server = NULL;
    OPCSERVERSTATUS *status = NULL;
    if (variable == NULL || variable->object == NULL ||
        FAILED(IUnknown_QueryInterface(variable->object, &IID_IOPCServer, &server)))
    {
        return;
    }
    if (SUCCEEDED(IOPCServer_GetStatus((IOPCServer *)server, &status)) && status != NULL)
    {
        CoTaskMemFree(status->szVendorInfo);
        CoTaskMemFree(status);
    }
    IOPCServer_Release((IOPCServer *)server);
}

/* Whether its methods are those of redundancymaster.dll. */
static bool is_ours(IUnknown *object)
{
    HMODULE ours = GetModuleHandleW(L"redundancymaster.dll");
    HMODULE module = NULL;
    GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                           GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                       (const WCHAR *)(const void *)object->lpVtbl, &module);
    return ours != NULL && module == ours;
}

static bool connect_server(struct run *run, int call, const char *name)
{
    void *server = NULL;
    DWORD start = GetTickCount();
    HRESULT result = CoCreateInstance(&run->clsid, NULL, run->context, &IID_IOPCServer, &server);
    while (FAILED(result) && GetTickCount() - start < run->patience_ms)
    {
        run_pause(run, AGAIN_MS);
        result = CoCreateInstance(&run->clsid, NULL, run->context, &IID_IOPCServer, &server);
    }
    lines_add(&run->lines, call, "hr", "0x%08lx", (unsigned long)result);
    struct variable *variable = names_bind(&run->names, name, server, 0);
    variable->space = names_new_space(&run->names);
    /* One that is handed on to the server itself would show nothing at all. */
    if (server != NULL && is_ours(server) != (run->context == CLSCTX_INPROC_SERVER))
    {
        return run_fail(run, run->context == CLSCTX_INPROC_SERVER ? "not through us"
                                                                  : "not straight to the server");
    }
    return true;
}

bool run_begin(struct run *run)
{
    return connect_server(run, 0, "srv") &&
           (names_find(&run->names, "srv")->object != NULL ||
            run_fail(run, "no server: %s", run->lines.all[0].value));
}

static IUnknown *find_sink(struct run *run, const char *name)
{
    const struct variable *variable = names_find(&run->names, name);
    return variable != NULL ? variable->object : NULL;
}

/* wait SINK change=1 read=2 ...: until so many have come; then all that came. */
static bool do_wait(struct run *run, int call, const struct statement *statement)
{
    IUnknown *sink = find_sink(run, statement_word(statement, 0));
    DWORD start = GetTickCount();
    bool is_done = false;
    if (sink == NULL)
    {
        return run_fail(run, "there is no sink of that name");
    }
    while (!is_done && GetTickCount() - start < WAIT_MS)
    {
        is_done = true;
        for (int i = 0; i < statement->argument_count; i++)
        {
            const struct argument *argument = &statement->arguments[i];
            if (argument->name != NULL)
            {
                int wanted = atoi(argument->elements[0].words[0]);
                enum sink_kind kind = sink_kind_of(argument->name);
                is_done = is_done && kind < SINK_KIND_COUNT && sink_count(sink, kind) >= wanted;
            }
        }
        if (!is_done)
        {
            run_pause(run, PAUSE_MS);
        }
    }
    sink_show(sink, &run->lines, call);
    return true;
}

/* quiet SINK MS: what comes in that time; nothing should. */
static bool do_quiet(struct run *run, int call, const struct statement *statement)
{
    IUnknown *sink = find_sink(run, statement_word(statement, 0));
    if (sink == NULL)
    {
        return run_fail(run, "there is no sink of that name");
    }
    run_pause(run, (DWORD)atoi(statement_word(statement, 1)));
    sink_show(sink, &run->lines, call);
    return true;
}

static bool do_sleep(struct run *run, int call, const struct statement *statement)
{
    (void)call;
    run_pause(run, (DWORD)atoi(statement_word(statement, 0)));
    return true;
}

/* moving on|off: whether values that change by themselves come now. */
static bool do_moving(struct run *run, int call, const struct statement *statement)
{
    (void)call;
    run->view.is_moving = strcmp(statement_word(statement, 0), "on") == 0;
    return true;
}

static bool do_sink(struct run *run, int call, const struct statement *statement)
{
    (void)call;
    if (statement->name == NULL)
    {
        return run_fail(run, "a sink needs a name");
    }
    names_bind(&run->names, statement->name, sink_create(run), 0);
    return true;
}

static bool do_connect(struct run *run, int call, const struct statement *statement)
{
    return statement->name != NULL ? connect_server(run, call, statement->name)
                                   : run_fail(run, "a client needs a name");
}

static bool do_release(struct run *run, int call, const struct statement *statement)
{
    (void)call;
    names_release(&run->names, statement_word(statement, 0));
    return true;
}

/* same A B: whether two names stand for one object. */
static bool do_same(struct run *run, int call, const struct statement *statement)
{
    IUnknown *found[2] = {NULL, NULL};
    for (int i = 0; i < 2; i++)
    {
        const struct variable *variable = names_find(&run->names, statement_word(statement, i));
        if (variable != NULL && variable->object != NULL)
        {
            IUnknown_QueryInterface(variable->object, &IID_IUnknown, (void **)&found[i]);
        }
    }
    lines_add(&run->lines, call, "same", "%s", found[0] == found[1] ? "yes" : "no");
    for (int i = 0; i < 2; i++)
    {
        if (found[i] != NULL)
        {
            IUnknown_Release(found[i]);
        }
    }
    return true;
}

static const struct
{
    const char *word;
    bool (*carry_out)(struct run *run, int call, const struct statement *statement);
} directives[] = {
    {"connect", do_connect},
    {"sink",    do_sink   },
    {"wait",    do_wait   },
    {"quiet",   do_quiet  },
    {"sleep",   do_sleep  },
    {"moving",  do_moving },
    {"release", do_release},
    {"same",    do_same   },
};

static bool carry_out(struct run *run, int call, const struct statement *statement)
{
    for (size_t i = 0; i < sizeof(directives) / sizeof(directives[0]); i++)
    {
        if (strcmp(statement->target, directives[i].word) == 0)
        {
            return directives[i].carry_out(run, call, statement);
        }
    }
    const char *dot = strchr(statement->target, '.');
    const struct method *method = dot != NULL ? methods_find(dot + 1) : NULL;
    if (method == NULL)
    {
        return run_fail(run, "there is no %s", statement->target);
    }
    return call_make(run, call, statement, method);
}

/* on SINK KIND: STATEMENT */
static bool set_action(struct run *run, int call, const char *text)
{
    char name[32];
    char kind[32];
    int length = 0;
    if (sscanf(text, "on %31s %31[^:]:%n", name, kind, &length) < 2 || length == 0)
    {
        return run_fail(run, "say: on SINK KIND: STATEMENT");
    }
    IUnknown *sink = find_sink(run, name);
    if (sink == NULL || sink_kind_of(kind) == SINK_KIND_COUNT)
    {
        return run_fail(run, "there is no such sink or kind");
    }
    sink_set_action(sink, sink_kind_of(kind), call, text + length);
    return true;
}

bool run_line(struct run *run, int call, const char *text)
{
    if (strncmp(text, "on ", 3) == 0)
    {
        return set_action(run, call, text);
    }
    struct statement *statement = must_allocate(sizeof(*statement));
    bool is_good = statement_parse(statement, text);
    is_good = is_good ? carry_out(run, call, statement) : run_fail(run, "%s", statement->error);
    free(statement);
    return is_good;
}

/* A callback may still be on its way when the last object was released. */
void run_end(struct run *run, int call)
{
    names_free(&run->names);
    DWORD start = GetTickCount();
    while (run->objects > 0 && GetTickCount() - start < WAIT_MS)
    {
        run_pause(run, PAUSE_MS);
    }
    lines_add(&run->lines, call, "sinks left", "%ld", run->objects);
}

void run_free(struct run *run)
{
    lines_free(&run->lines);
    if (run->objects == 0)
    {
        free(run); /* a sink that somebody holds would come back to it */
    }
}
