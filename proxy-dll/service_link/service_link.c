#include "service_link/service_link.h"

#include <stdbool.h>
#include <string.h>

#include <rm/service_pipe.h>
#include <rm/text.h>

#include "module/memory.h"
#include "module/module.h"
#include "service_link/kept_events.h"
#include "service_link/listeners.h"
#include "session/list.h"

#define OPEN_MS   1000u /* a service that takes longer to answer is stuck */
#define ANSWER_MS 5000u
#define RETRY_MS  3000u
#define LEAVE_MS  300u
#define WHERE_MS  40u /* longer than that no session waits to hear where the others are */

struct entry
{
    struct rm_list_node node;
    struct rm_wire_session session;
    bool is_told;     /* the service that is connected knows it */
    bool is_answered; /* a service has said where the others are */
    bool is_over;
    bool is_moved;                /* `active` is to be told */
    unsigned others;              /* where they are; 0 = there are none */
    struct rm_wire_active active; /* session 0: it was nowhere yet */
};

static SRWLOCK lock = SRWLOCK_INIT; /* protects everything below but the thread's own */
static CONDITION_VARIABLE left = CONDITION_VARIABLE_INIT;
static CONDITION_VARIABLE answered = CONDITION_VARIABLE_INIT; /* or no service is there */
static struct rm_list_node entries = {&entries, &entries};
static HANDLE wake;     /* automatic reset; as long as the thread runs */
static bool is_running; /* the thread */
static bool is_connected;
static DWORD failures; /* to connect */

/* the thread's own */
static struct rm_service_pipe *service;
static DWORD beginning; /* the session of the SESSION_BEGIN that is out; 0 = none */

/* ---- connected ----------------------------------------------------------------------------- */

static void set_connected(bool is_now)
{
    struct rm_list_node *node;

    AcquireSRWLockExclusive(&lock);
    is_connected = is_now;
    failures += !is_now;
    for (node = entries.next; node != &entries; node = node->next)
        RM_LIST_ENTRY(node, struct entry, node)->is_told = false;
    ReleaseSRWLockExclusive(&lock);
    if (is_now)
        return;
    WakeAllConditionVariable(&left);
    WakeAllConditionVariable(&answered);
}

static void disconnect(void)
{
    if (!service)
        return;
    rm_service_pipe_close(service);
    service = NULL;
    set_connected(false);
    rm_listeners_forget();
}

/* Locked. */
static struct entry *find(DWORD session)
{
    struct rm_list_node *node;

    for (node = entries.next; node != &entries; node = node->next)
    {
        struct entry *entry = RM_LIST_ENTRY(node, struct entry, node);

        if (entry->session.session == session)
            return entry;
    }
    return NULL;
}

/* In front of the answer to SESSION_BEGIN it says where to begin: a session that has begun already
 * is not moved by a service that comes back. */
static void take_agreed(const struct rm_wire_agreed *agreed)
{
    struct entry *entry;

    if (agreed->session != beginning)
    {
        rm_listeners_agree(agreed);
        return;
    }
    AcquireSRWLockExclusive(&lock);
    entry = find(agreed->session);
    if (entry && agreed->machine <= RM_MACHINES_MAX)
        entry->others = agreed->machine;
    ReleaseSRWLockExclusive(&lock);
}

/* What the service says by itself. */
static void hear(void *context, const struct rm_wire_message *message)
{
    (void)context;
    if (message->type == RM_WIRE_VERDICT)
        rm_listeners_judge(&message->body.verdict);
    else if (message->type == RM_WIRE_AGREED)
        take_agreed(&message->body.agreed);
}

static bool connect(void)
{
    struct rm_wire_welcome welcome;

    if (service)
        return true;
    if (rm_service_pipe_open("", RM_VERSION, OPEN_MS, &service, &welcome) != RM_OK)
    {
        set_connected(false);
        return false;
    }
    rm_service_pipe_hear(service, hear, NULL);
    set_connected(true);
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

/* The first session that is to be told of: one that has begun, or that is over. */
static bool next_entry(struct rm_wire_message *request, bool is_over)
{
    struct rm_list_node *node;
    bool is_one = false;

    AcquireSRWLockExclusive(&lock);
    for (node = entries.next; node != &entries && !is_one; node = node->next)
    {
        struct entry *entry = RM_LIST_ENTRY(node, struct entry, node);

        if (entry->is_over != is_over || entry->is_told != is_over)
            continue;
        is_one = true;
        request->type = is_over ? RM_WIRE_SESSION_END : RM_WIRE_SESSION_BEGIN;
        request->body.session = entry->session;
        entry->is_told = !is_over;
    }
    ReleaseSRWLockExclusive(&lock);
    return is_one;
}

/* The service has answered SESSION_BEGIN: where the session is now is news to it. */
static void note_answered(DWORD session)
{
    struct entry *entry;

    AcquireSRWLockExclusive(&lock);
    entry = find(session);
    if (entry)
    {
        entry->is_answered = true;
        entry->is_moved = entry->active.session != 0;
    }
    ReleaseSRWLockExclusive(&lock);
    WakeAllConditionVariable(&answered);
}

static void tell_sessions(bool is_over)
{
    struct rm_wire_message request = {.type = RM_WIRE_NONE};

    while (service && next_entry(&request, is_over))
    {
        DWORD session = request.body.session.session;

        beginning = is_over ? 0 : session;
        if (ask(&request) == RM_OK && !is_over)
            note_answered(session);
        beginning = 0;
    }
}

static bool next_moved(struct rm_wire_message *request)
{
    struct rm_list_node *node;
    bool is_one = false;

    AcquireSRWLockExclusive(&lock);
    for (node = entries.next; node != &entries && !is_one; node = node->next)
    {
        struct entry *entry = RM_LIST_ENTRY(node, struct entry, node);

        is_one = entry->is_told && entry->is_moved;
        if (is_one)
        {
            request->body.active = entry->active;
            entry->is_moved = false;
        }
    }
    ReleaseSRWLockExclusive(&lock);
    return is_one;
}

static void tell_where(void)
{
    struct rm_wire_message request = {.type = RM_WIRE_SESSION_ACTIVE};

    while (service && next_moved(&request))
        ask(&request);
}

/* Events that there was no room for: one event in their place. It has no number, as no session has
 * counted it. */
static void tell_lost(void)
{
    struct rm_wire_message request = {.type = RM_WIRE_EVENT};
    struct rm_wire_event *told = &request.body.event;
    struct rm_wire_event lost;
    struct rm_event event = {.id = RM_EVENT_EVENTS_LOST, .server = lost.server, .host = ""};

    event.detail = "";
    event.code = rm_kept_events_take_lost(&lost);
    if (!event.code)
        return;
    told->time = lost.time;
    told->session = lost.session;
    told->severity = (uint32_t)rm_event_severity(event.id);
    rm_text_fit(told->server, sizeof(told->server), lost.server);
    rm_text_fit(told->name, sizeof(told->name), rm_event_name(event.id));
    rm_event_format(&event, told->text, sizeof(told->text));
    if (ask(&request) != RM_OK)
        rm_kept_events_put_lost(event.code);
}

/* Until there is none any more, or the service can't store them now. */
static void hand_over_events(void)
{
    struct rm_wire_message request = {.type = RM_WIRE_EVENT};

    while (service && rm_kept_events_first(&request.body.event) && ask(&request) == RM_OK)
    {
        rm_kept_events_forget(&request.body.event);
        tell_where(); /* the others wait for it */
    }
}

/* Sessions that are over and of which nothing is left to be told. */
static void drop_over(void)
{
    struct rm_list_node *node, *next;
    bool is_news = false;

    AcquireSRWLockExclusive(&lock);
    for (node = entries.next; node != &entries; node = next)
    {
        struct entry *entry = RM_LIST_ENTRY(node, struct entry, node);

        next = node->next;
        if (!entry->is_over || entry->is_told)
            continue;
        rm_list_remove(node);
        rm_free(entry);
        is_news = true;
    }
    ReleaseSRWLockExclusive(&lock);
    if (is_news)
        WakeAllConditionVariable(&left);
}

/* ---- the thread ---------------------------------------------------------------------------- */

static bool has_entries(void)
{
    bool has_some;

    AcquireSRWLockExclusive(&lock);
    has_some = !rm_list_is_empty(&entries);
    ReleaseSRWLockExclusive(&lock);
    return has_some;
}

/* From then on a session that begins starts another thread. False: one has begun just now. */
static bool end_running(void)
{
    bool is_end;

    AcquireSRWLockExclusive(&lock);
    is_end = rm_list_is_empty(&entries);
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
            tell_sessions(false);
            tell_where();
            tell_lost();
            hand_over_events();
            tell_sessions(true);
        }
        drop_over();
        if (has_entries())
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

void rm_service_link_enter(DWORD session, const char *server, struct rm_driver *driver)
{
    struct entry *entry = rm_alloc_zero(1, sizeof(*entry));

    if (!entry)
        return;
    rm_listeners_enter(session, server, driver);
    entry->session.session = session;
    rm_text_fit(entry->session.server, sizeof(entry->session.server), server);
    AcquireSRWLockExclusive(&lock);
    rm_list_append(&entries, &entry->node);
    run();
    if (wake)
        SetEvent(wake);
    ReleaseSRWLockExclusive(&lock);
}

unsigned rm_service_link_where(DWORD session)
{
    ULONGLONG until_ms = rm_module_now_ms() + WHERE_MS;
    unsigned machine = 0;
    struct entry *entry;
    DWORD before;

    AcquireSRWLockExclusive(&lock);
    before = failures;
    while (is_running && failures == before)
    {
        ULONGLONG now_ms = rm_module_now_ms();

        entry = find(session);
        if (!entry || entry->is_answered)
            break;
        if (now_ms >= until_ms ||
            !SleepConditionVariableSRW(&answered, &lock, (DWORD)(until_ms - now_ms), 0))
            break;
    }
    entry = find(session);
    if (entry)
        machine = entry->others;
    ReleaseSRWLockExclusive(&lock);
    return machine;
}

void rm_service_link_active(const struct rm_wire_active *active)
{
    struct entry *entry;

    AcquireSRWLockExclusive(&lock);
    entry = find(active->session);
    if (entry && memcmp(&entry->active, active, sizeof(*active)) != 0)
    {
        entry->active = *active;
        entry->is_moved = true;
        if (wake)
            SetEvent(wake);
    }
    ReleaseSRWLockExclusive(&lock);
}

void rm_service_link_leave(DWORD session)
{
    ULONGLONG until_ms = rm_module_now_ms() + LEAVE_MS;
    struct entry *entry;

    rm_listeners_leave(session);
    AcquireSRWLockExclusive(&lock);
    entry = find(session);
    if (entry)
        entry->is_over = true;
    if (entry && !is_running) /* there was no thread to be had */
    {
        rm_list_remove(&entry->node);
        rm_free(entry);
    }
    else if (entry)
        SetEvent(wake);
    while (is_connected && find(session))
    {
        ULONGLONG now_ms = rm_module_now_ms();

        if (now_ms >= until_ms ||
            !SleepConditionVariableSRW(&left, &lock, (DWORD)(until_ms - now_ms), 0))
            break;
    }
    ReleaseSRWLockExclusive(&lock);
}

void rm_service_link_event(const struct rm_wire_event *event)
{
    rm_kept_events_add(event);
    AcquireSRWLockExclusive(&lock);
    if (wake)
        SetEvent(wake);
    ReleaseSRWLockExclusive(&lock);
}

void rm_service_link_unload(void)
{
    rm_kept_events_clear();
}
