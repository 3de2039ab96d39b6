#include "service_link/service_link.h"

#include <stdbool.h>

#include <rm/instance.h>
#include <rm/service_pipe.h>
#include <rm/status_section_map.h>
#include <rm/text.h>

#include "module/installation.h"
#include "module/module.h"
#include "service_link/kept_events.h"
#include "service_link/listeners.h"
#include "service_link/told_sessions.h"

#define OPEN_MS   1000u /* a service that takes longer to answer is stuck */
#define ANSWER_MS 5000u
#define RETRY_MS  3000u
#define LEAVE_MS  300u
#define WHERE_MS  40u /* longer than that no session waits to hear where the others are */

static SRWLOCK lock = SRWLOCK_INIT; /* protects these two */
static HANDLE wake;                 /* automatic reset; as long as the thread runs */
static bool is_running;             /* the thread */

/* the thread's own */
static struct rm_service_pipe *service;
static DWORD beginning;    /* the session of the SESSION_BEGIN that is out; 0 = none */
static bool is_stopping;   /* it has said so */
static ULONGLONG retry_ms; /* it isn't looked for before */

/* ---- connected ----------------------------------------------------------------------------- */

static void disconnect(void)
{
    if (!service)
        return;
    rm_service_pipe_close(service);
    service = NULL;
    rm_told_set_connected(false);
    rm_listeners_forget();
}

/* In front of the answer to SESSION_BEGIN it says where to begin: a session that has begun already
 * is not moved by a service that comes back. */
static void take_agreed(const struct rm_wire_agreed *agreed)
{
    if (agreed->session != beginning)
        rm_listeners_agree(agreed);
    else if (agreed->machine <= RM_MACHINES_MAX)
        rm_told_set_others(agreed->session, agreed->machine);
}

/* What the service says by itself. */
static void hear(void *context, const struct rm_wire_message *message)
{
    (void)context;
    if (message->type == RM_WIRE_VERDICT)
        rm_listeners_judge(&message->body.verdict);
    else if (message->type == RM_WIRE_AGREED)
        take_agreed(&message->body.agreed);
    else if (message->type == RM_WIRE_STOPPING)
        is_stopping = true;
}

/* It waits for its peers to leave. Who came again at once would meet it in the door. */
static void leave_if_stopping(void)
{
    if (!is_stopping)
        return;
    is_stopping = false;
    disconnect();
    retry_ms = rm_module_now_ms() + RETRY_MS;
}

static bool connect(void)
{
    struct rm_wire_welcome welcome;

    if (service)
        return true;
    if (rm_module_now_ms() < retry_ms || rm_service_pipe_open(rm_installation_name(), RM_VERSION,
                                                              OPEN_MS, &service, &welcome) != RM_OK)
    {
        rm_told_set_connected(false);
        return false;
    }
    rm_service_pipe_hear(service, hear, NULL);
    rm_told_set_connected(true);
    return true;
}

/* Asks the service, and waits for its answer. */
static enum rm_status ask(struct rm_wire_message *request)
{
    static uint32_t sequence;
    struct rm_wire_error error;
    enum rm_status status;

    request->sequence = sequence;
    status = rm_service_pipe_ask(service, request, ANSWER_MS, NULL, NULL, &error);
    sequence = request->sequence;
    if (status != RM_OK && !error.status)
        disconnect(); /* else it has answered, and goes on */
    return status;
}

static void tell_begun(void)
{
    struct rm_wire_message request = {.type = RM_WIRE_NONE};

    while (service && rm_told_next_begun(&request))
    {
        beginning = request.body.session.session;
        if (ask(&request) == RM_OK)
            rm_told_set_answered(beginning);
        beginning = 0;
    }
}

static void tell_moved(void)
{
    struct rm_wire_message request = {.type = RM_WIRE_NONE};

    while (service && rm_told_next_moved(&request))
        ask(&request);
}

static void tell_over(void)
{
    struct rm_wire_message request = {.type = RM_WIRE_NONE};

    while (service && rm_told_next_over(&request))
        ask(&request);
}

static void describe_lost(struct rm_wire_event *told, const struct rm_wire_event *last,
                          unsigned lost)
{
    struct rm_event event = {
        .id = RM_EVENT_EVENTS_LOST, .server = last->server, .host = "", .code = lost, .detail = ""};

    told->number = rm_module_process_tenths() + 1;
    told->time = last->time;
    told->severity = (uint32_t)rm_event_severity(event.id);
    rm_text_fit(told->server, sizeof(told->server), last->server);
    rm_text_fit(told->name, sizeof(told->name), rm_event_name(event.id));
    rm_event_format(&event, told->text, sizeof(told->text));
}

/* Events that there was no room for: one event in their place, the process's own: of session 0. It
 * is handed over as it is until it is answered. */
static void tell_lost(void)
{
    static struct rm_wire_message request = {.type = RM_WIRE_EVENT};
    struct rm_wire_event last;
    unsigned lost;

    if (!request.body.event.number)
    {
        lost = rm_kept_events_take_lost(&last);
        if (!lost)
            return;
        describe_lost(&request.body.event, &last, lost);
    }
    if (ask(&request) == RM_OK)
        request.body.event.number = 0;
}

/* Until there is none any more, or the service can't store them now. */
static void hand_over_events(void)
{
    struct rm_wire_message request = {.type = RM_WIRE_EVENT};

    while (service && rm_kept_events_first(&request.body.event) && ask(&request) == RM_OK)
    {
        rm_kept_events_forget(&request.body.event);
        tell_moved(); /* the others wait for it */
    }
}

/* ---- the thread ---------------------------------------------------------------------------- */

/* From then on a session that begins starts another thread. False: one has begun just now. */
static bool end_running(void)
{
    bool is_end;

    AcquireSRWLockExclusive(&lock);
    is_end = !rm_told_has_any();
    if (is_end)
    {
        is_running = false;
        CloseHandle(wake);
        wake = NULL;
    }
    ReleaseSRWLockExclusive(&lock);
    return is_end;
}

/* Until something is to be done, or the service has said something. */
static void wait_work(void)
{
    struct rm_wire_message message;
    enum rm_status status;

    if (!service)
    {
        WaitForSingleObject(wake, RETRY_MS);
        return;
    }
    status = rm_service_pipe_receive(service, &message, RETRY_MS, wake);
    if (status == RM_OK && message.sequence == 0)
        hear(NULL, &message);
    else if (status != RM_OK && status != RM_E_NOT_FOUND)
        disconnect();
}

static void link_main(void *argument)
{
    (void)argument;
    for (;;)
    {
        if (connect())
        {
            tell_begun();
            tell_moved();
            tell_lost();
            hand_over_events();
            tell_over();
            leave_if_stopping();
        }
        rm_told_drop_over();
        if (rm_told_has_any())
        {
            wait_work();
            continue;
        }
        disconnect();
        if (end_running())
            return;
    }
}

/* Locked. */
static void run(void)
{
    if (is_running)
        return;
    wake = CreateEventW(NULL, FALSE, FALSE, NULL);
    is_running = wake && rm_module_start_thread(link_main, NULL, RM_THREAD_STACK_BYTES);
    if (!is_running && wake)
    {
        CloseHandle(wake);
        wake = NULL;
    }
}

/* ---- the sessions -------------------------------------------------------------------------- */

static void wake_thread(void)
{
    AcquireSRWLockExclusive(&lock);
    if (wake)
        SetEvent(wake);
    ReleaseSRWLockExclusive(&lock);
}

void rm_service_link_enter(DWORD session, const char *server, struct rm_driver *driver)
{
    if (!rm_told_enter(session, server))
        return;
    rm_listeners_enter(session, server, driver);
    AcquireSRWLockExclusive(&lock);
    run();
    ReleaseSRWLockExclusive(&lock);
    wake_thread();
}

/* The thread, if there is one. */
static bool runs(void)
{
    bool does;

    AcquireSRWLockExclusive(&lock);
    does = is_running;
    ReleaseSRWLockExclusive(&lock);
    return does;
}

unsigned rm_service_link_where(DWORD session)
{
    return runs() ? rm_told_others(session, rm_module_now_ms() + WHERE_MS) : 0;
}

void rm_service_link_active(const struct rm_wire_active *active)
{
    if (rm_told_set_active(active))
        wake_thread();
}

void rm_service_link_leave(DWORD session)
{
    rm_listeners_leave(session);
    rm_told_end(session);
    wake_thread();
    if (runs())
        rm_told_wait_end(session, rm_module_now_ms() + LEAVE_MS);
    else
        rm_told_remove(session); /* there was no thread to be had */
}

void rm_service_link_event(const struct rm_wire_event *event)
{
    rm_kept_events_add(event);
    wake_thread();
}

void rm_service_link_unload(void)
{
    rm_kept_events_clear();
}
