#include "sink.h"
#include "arena.h"

#include <opc/opccomn.h>
#include <opc/opcda.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct event
{
    enum sink_kind kind;
    LONG id;
    bool is_done; /* what was asked for in it is carried out, too */
    struct lines lines;
};

struct action
{
    int call;
    char *text;
};

struct sink
{
    IOPCDataCallback IOPCDataCallback_iface;
    IOPCShutdown IOPCShutdown_iface;
    LONG refs;
    struct run *run;
    DWORD thread; /* the client's that has made it, and advises it */
    SRWLOCK lock; /* protects the events and actions */
    struct event *events;
    int count;
    LONG last_id;
    struct action actions[SINK_KIND_COUNT];
};

static const char *const kind_names[] = {"change", "read", "write", "cancel", "shutdown"};

static struct sink *impl_from_IOPCDataCallback(IOPCDataCallback *iface)
{
    return CONTAINING_RECORD(iface, struct sink, IOPCDataCallback_iface);
}

static struct sink *impl_from_IOPCShutdown(IOPCShutdown *iface)
{
    return CONTAINING_RECORD(iface, struct sink, IOPCShutdown_iface);
}

static struct sink *impl_from_IUnknown(IUnknown *iface)
{
    return impl_from_IOPCDataCallback((IOPCDataCallback *)(void *)iface);
}

enum sink_kind sink_kind_of(const char *name)
{
    int kind = 0;
    while (kind < SINK_KIND_COUNT && strcmp(kind_names[kind], name) != 0)
    {
        kind++;
    }
    return (enum sink_kind)kind;
}

int sink_count(IUnknown *iface, enum sink_kind kind)
{
    struct sink *sink = impl_from_IUnknown(iface);
    int count = 0;
    AcquireSRWLockShared(&sink->lock);
    for (int i = 0; i < sink->count; i++)
    {
        count += sink->events[i].kind == kind && sink->events[i].is_done;
    }
    ReleaseSRWLockShared(&sink->lock);
    return count;
}

void sink_show(IUnknown *iface, struct lines *lines, int call)
{
    struct sink *sink = impl_from_IUnknown(iface);
    char prefix[32];
    AcquireSRWLockExclusive(&sink->lock);
    lines_add(lines, call, "events", "%d", sink->count);
    for (int i = 0; i < sink->count; i++)
    {
        snprintf(prefix, sizeof(prefix), "event[%d].", i);
        lines_move(lines, call, prefix, &sink->events[i].lines);
        lines_free(&sink->events[i].lines);
    }
    sink->count = 0;
    ReleaseSRWLockExclusive(&sink->lock);
}

void sink_set_action(IUnknown *iface, enum sink_kind kind, int call, const char *text)
{
    struct sink *sink = impl_from_IUnknown(iface);
    AcquireSRWLockExclusive(&sink->lock);
    free(sink->actions[kind].text);
    sink->actions[kind] = (struct action){.call = call, .text = must_copy(text)};
    ReleaseSRWLockExclusive(&sink->lock);
}

static void set_done(struct sink *sink, LONG id)
{
    AcquireSRWLockExclusive(&sink->lock);
    for (int i = 0; i < sink->count; i++)
    {
        sink->events[i].is_done |= sink->events[i].id == id;
    }
    ReleaseSRWLockExclusive(&sink->lock);
}

/* Where a callback comes in a single-threaded client: in the thread that has advised. */
static void add_thread(const struct sink *sink, struct event *event)
{
    if (sink->run->is_sta)
    {
        bool is_own = GetCurrentThreadId() == sink->thread;
        lines_add(&event->lines, 0, "thread", "%s", is_own ? "own" : "other");
    }
}

/* Keeps the event, in the order of their coming, and does what was asked for in it. */
static HRESULT finish(struct sink *sink, struct event *event)
{
    bool is_answer = event->kind == SINK_READ || event->kind == SINK_WRITE;
    add_thread(sink, event);
    InterlockedExchangeAdd(&sink->run->asked, is_answer ? -1 : 0);
    AcquireSRWLockExclusive(&sink->lock);
    struct action action = sink->actions[event->kind];
    sink->actions[event->kind].text = NULL;
    event->id = ++sink->last_id;
    event->is_done = action.text == NULL;
    sink->events = must_grow(sink->events, (size_t)(sink->count + 1) * sizeof(*sink->events));
    sink->events[sink->count++] = *event;
    ReleaseSRWLockExclusive(&sink->lock);
    if (action.text != NULL)
    {
        run_line(sink->run, action.call, action.text);
        free(action.text);
        set_done(sink, event->id);
    }
    return S_OK;
}

static void add_head(struct event *event, DWORD transaction, OPCHANDLE group)
{
    lines_add(&event->lines, 0, "kind", "%s", kind_names[event->kind]);
    lines_add(&event->lines, 0, "transaction", "%lu", transaction);
    lines_add(&event->lines, 0, "group", "%lu", group);
}

static void add_item(struct event *event, DWORD index, const char *member, const char *text)
{
    char field[40];
    snprintf(field, sizeof(field), "item[%lu].%s", index, member);
    lines_add(&event->lines, 0, field, "%s", text);
}

static void add_number(struct event *event, DWORD index, const char *member, const char *format,
                       DWORD number)
{
    char text[32];
    snprintf(text, sizeof(text), format[0] == 'x' ? "0x%08lx" : "%lu", number);
    add_item(event, index, member, text);
}

static HRESULT keep_data(struct sink *sink, enum sink_kind kind, DWORD transaction, OPCHANDLE group,
                         HRESULT quality, HRESULT error, DWORD count, const OPCHANDLE *handles,
                         const VARIANT *values, const WORD *qualities, const FILETIME *stamps,
                         const HRESULT *errors)
{
    struct event event = {.kind = kind};
    add_head(&event, transaction, group);
    lines_add(&event.lines, 0, "master", "0x%08lx 0x%08lx", (unsigned long)quality,
              (unsigned long)error);
    lines_add(&event.lines, 0, "count", "%lu", count);
    if (count == 0)
    {
        lines_add(&event.lines, 0, "arrays", "%d%d%d%d%d", handles != NULL, values != NULL,
                  qualities != NULL, stamps != NULL, errors != NULL);
    }
    for (DWORD i = 0; i < count; i++)
    {
        char *value = variants_show(&values[i], &sink->run->view);
        add_number(&event, i, "client", "u", handles[i]);
        add_item(&event, i, "value", value);
        add_number(&event, i, "quality", "x", qualities[i]);
        add_item(&event, i, "stamp", variants_show_time(stamps[i], &sink->run->view));
        add_number(&event, i, "error", "x", (DWORD)errors[i]);
        free(value);
    }
    return finish(sink, &event);
}

static HRESULT STDMETHODCALLTYPE sink_data_QueryInterface(IOPCDataCallback *iface, REFIID iid,
                                                          void **object)
{
    struct sink *sink = impl_from_IOPCDataCallback(iface);
    *object = NULL;
    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IOPCDataCallback))
    {
        *object = iface;
    }
    else if (IsEqualIID(iid, &IID_IOPCShutdown))
    {
        *object = &sink->IOPCShutdown_iface;
    }
    else
    {
        return E_NOINTERFACE;
    }
    InterlockedIncrement(&sink->refs);
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sink_data_AddRef(IOPCDataCallback *iface)
{
    return (ULONG)InterlockedIncrement(&impl_from_IOPCDataCallback(iface)->refs);
}

static ULONG STDMETHODCALLTYPE sink_data_Release(IOPCDataCallback *iface)
{
    struct sink *sink = impl_from_IOPCDataCallback(iface);
    ULONG refs = (ULONG)InterlockedDecrement(&sink->refs);
    if (refs == 0)
    {
        for (int i = 0; i < sink->count; i++)
        {
            lines_free(&sink->events[i].lines);
        }
        for (int i = 0; i < SINK_KIND_COUNT; i++)
        {
            free(sink->actions[i].text);
        }
        free(sink->events);
        InterlockedDecrement(&sink->run->objects);
        free(sink);
    }
    return refs;
}

static HRESULT STDMETHODCALLTYPE sink_data_OnDataChange(IOPCDataCallback *iface, DWORD transaction,
                                                        OPCHANDLE group, HRESULT quality,
                                                        HRESULT error, DWORD count,
                                                        OPCHANDLE *handles, VARIANT *values,
                                                        WORD *qualities, FILETIME *stamps,
                                                        HRESULT *errors)
{
    return keep_data(impl_from_IOPCDataCallback(iface), SINK_CHANGE, transaction, group, quality,
                     error, count, handles, values, qualities, stamps, errors);
}

static HRESULT STDMETHODCALLTYPE sink_data_OnReadComplete(IOPCDataCallback *iface,
                                                          DWORD transaction, OPCHANDLE group,
                                                          HRESULT quality, HRESULT error,
                                                          DWORD count, OPCHANDLE *handles,
                                                          VARIANT *values, WORD *qualities,
                                                          FILETIME *stamps, HRESULT *errors)
{
    return keep_data(impl_from_IOPCDataCallback(iface), SINK_READ, transaction, group, quality,
                     error, count, handles, values, qualities, stamps, errors);
}

static HRESULT STDMETHODCALLTYPE sink_data_OnWriteComplete(IOPCDataCallback *iface,
                                                           DWORD transaction, OPCHANDLE group,
                                                           HRESULT error, DWORD count,
                                                           OPCHANDLE *handles, HRESULT *errors)
{
    struct event event = {.kind = SINK_WRITE};
    add_head(&event, transaction, group);
    lines_add(&event.lines, 0, "master", "0x%08lx", (unsigned long)error);
    lines_add(&event.lines, 0, "count", "%lu", count);
    for (DWORD i = 0; i < count; i++)
    {
        add_number(&event, i, "client", "u", handles[i]);
        add_number(&event, i, "error", "x", (DWORD)errors[i]);
    }
    return finish(impl_from_IOPCDataCallback(iface), &event);
}

static HRESULT STDMETHODCALLTYPE sink_data_OnCancelComplete(IOPCDataCallback *iface,
                                                            DWORD transaction, OPCHANDLE group)
{
    struct event event = {.kind = SINK_CANCEL};
    add_head(&event, transaction, group);
    return finish(impl_from_IOPCDataCallback(iface), &event);
}

static const IOPCDataCallbackVtbl data_vtable = {
    sink_data_QueryInterface,   sink_data_AddRef,         sink_data_Release,
    sink_data_OnDataChange,     sink_data_OnReadComplete, sink_data_OnWriteComplete,
    sink_data_OnCancelComplete,
};

static HRESULT STDMETHODCALLTYPE sink_shutdown_QueryInterface(IOPCShutdown *iface, REFIID iid,
                                                              void **object)
{
    return sink_data_QueryInterface(&impl_from_IOPCShutdown(iface)->IOPCDataCallback_iface, iid,
                                    object);
}

static ULONG STDMETHODCALLTYPE sink_shutdown_AddRef(IOPCShutdown *iface)
{
    return sink_data_AddRef(&impl_from_IOPCShutdown(iface)->IOPCDataCallback_iface);
}

static ULONG STDMETHODCALLTYPE sink_shutdown_Release(IOPCShutdown *iface)
{
    return sink_data_Release(&impl_from_IOPCShutdown(iface)->IOPCDataCallback_iface);
}

static HRESULT STDMETHODCALLTYPE sink_shutdown_ShutdownRequest(IOPCShutdown *iface, LPCWSTR reason)
{
    struct event event = {.kind = SINK_SHUTDOWN};
    char *text = variants_show_text(reason, reason != NULL ? (int)wcslen(reason) : 0);
    lines_add(&event.lines, 0, "kind", "%s", kind_names[event.kind]);
    lines_add(&event.lines, 0, "reason", "%s", text);
    free(text);
    return finish(impl_from_IOPCShutdown(iface), &event);
}

static const IOPCShutdownVtbl shutdown_vtable = {
    sink_shutdown_QueryInterface,
    sink_shutdown_AddRef,
    sink_shutdown_Release,
    sink_shutdown_ShutdownRequest,
};

IUnknown *sink_create(struct run *run)
{
    struct sink *sink = must_allocate(sizeof(*sink));
    sink->IOPCDataCallback_iface.lpVtbl = &data_vtable;
    sink->IOPCShutdown_iface.lpVtbl = &shutdown_vtable;
    sink->refs = 1;
    sink->run = run;
    sink->thread = GetCurrentThreadId();
    InterlockedIncrement(&run->objects);
    return (IUnknown *)&sink->IOPCDataCallback_iface;
}
