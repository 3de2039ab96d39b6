/* delivery_test.c: the order in which data reach a client that is busy in a callback, while its
 * queue is full and another machine becomes the active one; and what a standby has sent in hot mode
 * when it takes over. A session of two links and one item; a wait is a function of the test, which
 * does what other threads would do meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <opc/opcconst.h>

#include "delivery/callback.h"
#include "delivery/client_sink.h"
#include "delivery/delivery.h"
#include "delivery/group_job.h"
#include "delivery/standby.h"
#include "delivery/transaction.h"
#include "module/module.h"
#include "session/driver.h"
#include "session/recorder.h"
#include "session/session.h"

#define CLIENT_HANDLE 7
#define OLD_LINK      1
#define NEW_LINK      2
#define OTHER_THREAD  0xFFFFFFF1u /* no thread's id: they are multiples of four */
#define SEEN_MAX      (RM_DELIVERY_QUEUE_MAX + 10)

static struct rm_session session;
static struct rm_group group, *groups[1] = {&group};
static struct rm_item item;
static struct rm_link links[2];
static struct rm_link_group link_groups[2];
static struct rm_link_item link_items[2];
static struct rm_server_config config;
static void (*job)(struct rm_group *, void *); /* submitted, not run */
static int wakes;                              /* of the driver */
static ULONGLONG now_ms;
static int lock_depth;
static void (*during_wait)(void);
static void (*during_call)(LONG value);
static LONG seen[SEEN_MAX];
static int seen_count;
static int overflow_events;
static unsigned overflow_machine;
static DWORD overflow_code;
static int keep_alives; /* that the client has got */

void rm_session_lock(struct rm_session *of)
{
    (void)of;
    assert_int_equal(lock_depth++, 0);
}

void rm_session_unlock(struct rm_session *of)
{
    (void)of;
    assert_int_equal(--lock_depth, 0);
}

/* true as long as there is something to do meanwhile; a wait for nothing would be for ever. */
bool rm_session_wait_change(struct rm_session *of, DWORD timeout_ms)
{
    void (*work)(void) = during_wait;

    (void)timeout_ms;
    assert_non_null(work);
    during_wait = NULL;
    rm_session_unlock(of);
    work();
    rm_session_lock(of);
    return true;
}

void rm_session_wake_waiters(struct rm_session *of)
{
    (void)of;
}

struct rm_item *rm_group_find_item(struct rm_group *of, OPCHANDLE handle)
{
    (void)of, (void)handle;
    return &item;
}

struct rm_item *rm_group_item_by_client(struct rm_group *of, OPCHANDLE client)
{
    (void)of;
    return client == CLIENT_HANDLE ? &item : NULL;
}

struct rm_item *rm_group_next_by_client(struct rm_group *of, const struct rm_item *after)
{
    (void)of, (void)after;
    return NULL;
}

struct rm_item *rm_group_item_in_turn(struct rm_group *of, OPCHANDLE client, DWORD *next)
{
    (void)next;
    return rm_group_item_by_client(of, client);
}

bool rm_group_has_twins(struct rm_group *of, const struct rm_item *first)
{
    (void)of, (void)first;
    return false;
}

struct rm_item *rm_group_item_by_other_client(struct rm_group *of, OPCHANDLE client)
{
    (void)of, (void)client;
    return NULL;
}

ULONGLONG rm_module_now_ms(void)
{
    return now_ms;
}

struct rm_link_group *rm_link_group_of(struct rm_link *link, const struct rm_group *of)
{
    (void)of;
    return &link_groups[link->number == NEW_LINK];
}

struct rm_link_item *rm_link_item_of(struct rm_link_group *link_group, const struct rm_group *of,
                                     const struct rm_item *about)
{
    (void)of, (void)about;
    return link_group->items;
}

DWORD rm_item_slot(const struct rm_group *of, const struct rm_item *about)
{
    (void)of, (void)about;
    return 0;
}

void rm_driver_wake(struct rm_driver *driver)
{
    (void)driver;
    wakes++;
}

void rm_session_event(struct rm_session *of, enum rm_event_id id, unsigned machine, DWORD code,
                      const WCHAR *detail)
{
    (void)of;
    assert_int_equal(lock_depth, 0);
    assert_int_equal(id, RM_EVENT_BUFFER_OVERFLOW);
    assert_null(detail);
    overflow_events++;
    overflow_machine = machine;
    overflow_code = code;
}

void rm_readiness_note_quality(struct rm_link *link, struct rm_link_item *link_item, HRESULT error,
                               WORD quality, ULONGLONG at_ms)
{
    (void)link, (void)link_item, (void)error, (void)quality, (void)at_ms;
}

bool rm_group_job_submit(struct rm_group *of, void (*run)(struct rm_group *, void *), void *context)
{
    (void)of;
    assert_null(context);
    assert_null(job);
    job = run;
    return true;
}

void rm_recorder_data(struct rm_recorder *recorder, DWORD link, DWORD items)
{
    (void)link;
    (void)items;
    assert_null(recorder); /* this session has none */
}

bool rm_transaction_complete(struct rm_group *of, DWORD link, enum rm_transaction_kind kind,
                             const struct rm_callback *completion)
{
    (void)of, (void)link, (void)kind, (void)completion;
    return false;
}

bool rm_transaction_complete_cancel(struct rm_group *of, DWORD link, DWORD id)
{
    (void)of, (void)link, (void)id;
    return false;
}

static HRESULT WINAPI client_OnDataChange(IOPCDataCallback *iface, DWORD transaction,
                                          OPCHANDLE client_group, HRESULT master_quality,
                                          HRESULT master_error, DWORD count, OPCHANDLE *clients,
                                          VARIANT *values, WORD *qualities, FILETIME *times,
                                          HRESULT *errors)
{
    LONG value = V_I4(&values[0]);

    (void)iface, (void)client_group, (void)master_quality, (void)master_error;
    (void)clients, (void)qualities, (void)times, (void)errors;
    assert_int_equal(lock_depth, 0);
    assert_int_equal(transaction, 0);
    if (count == 0)
    {
        keep_alives++;
        return S_OK;
    }
    assert_int_equal(count, 1);
    assert_true(seen_count < SEEN_MAX);
    seen[seen_count++] = value;
    if (during_call)
        during_call(value);
    return S_OK;
}

static ULONG WINAPI client_Release(IOPCDataCallback *iface)
{
    (void)iface;
    return 1;
}

static IOPCDataCallbackVtbl client_vtbl = {.Release = client_Release,
                                           .OnDataChange = client_OnDataChange};
static IOPCDataCallback client = {&client_vtbl};

void rm_client_sink_add_ref(struct rm_client_sink *sink)
{
    (void)sink;
}

void rm_client_sink_release(struct rm_client_sink *sink)
{
    (void)sink;
}

IOPCDataCallback *rm_client_sink_take(struct rm_client_sink *sink)
{
    (void)sink;
    return &client;
}

/* count: of items, at most 1; as_of: the update whose time stamp it bears. */
static HRESULT send(DWORD link, DWORD transaction, DWORD count, LONG value, LONG as_of)
{
    OPCHANDLE clients[1] = {CLIENT_HANDLE};
    VARIANT values[1];
    WORD qualities[1] = {OPC_QUALITY_GOOD};
    ULONGLONG time = ((ULONGLONG)1 << 32) + (ULONGLONG)as_of * 1000000;
    FILETIME times[1] = {
        {(DWORD)time, (DWORD)(time >> 32)}
    };
    HRESULT errors[1] = {S_OK};
    struct rm_callback data = {.kind = RM_CALLBACK_DATA_CHANGE,
                               .transaction = transaction,
                               .count = count,
                               .clients = clients,
                               .values = values,
                               .qualities = qualities,
                               .times = times,
                               .errors = errors};

    V_VT(&values[0]) = VT_I4;
    V_I4(&values[0]) = value;
    return rm_delivery_data_change(&group, link, &data);
}

static HRESULT send_from(DWORD link, LONG value)
{
    return send(link, 0, 1, value, value);
}

/* The answer to a refresh of ours, which bears the time stamp of a later update. */
static HRESULT refresh_from(DWORD link, LONG value)
{
    return send(link, RM_OWN_REFRESH, 1, value, value + 10);
}

static void check_seen(int count)
{
    assert_int_equal(seen_count, count);
    for (int i = 0; i < count; i++)
        assert_int_equal(seen[i], i);
}

static int set_up(void **state)
{
    (void)state;
    memset(&session, 0, sizeof(session));
    memset(&group, 0, sizeof(group));
    memset(&item, 0, sizeof(item));
    memset(links, 0, sizeof(links));
    memset(link_groups, 0, sizeof(link_groups));
    memset(link_items, 0, sizeof(link_items));
    memset(&config, 0, sizeof(config));
    config.machine_count = 2;
    config.ping_interval_ms = config.ping_timeout_ms = 1000;
    config.fall = 1;
    config.mode = RM_MODE_HOT;
    session.config = &config;
    for (int i = 0; i < 2; i++)
    {
        links[i].number = i ? NEW_LINK : OLD_LINK;
        links[i].skew.is_known = true;
        links[i].session = &session;
        links[i].buffer.bytes_max = RM_STANDBY_BYTES_MAX;
        links[i].groups = &link_groups[i];
        links[i].group_slots = 1;
        link_groups[i].group = &group;
        link_groups[i].items = &link_items[i];
        link_groups[i].item_slots = 1;
        session.links[i] = &links[i];
    }
    session.delivering_link = OLD_LINK;
    session.groups = groups;
    session.group_slots = 1;
    group.session = &session;
    group.revised_rate_ms = 100;
    group.is_active = group.is_enabled = TRUE;
    group.items = &item;
    group.item_slots = group.item_count = 1;
    item.is_used = true;
    item.is_active = TRUE;
    item.client = CLIENT_HANDLE;
    now_ms = 100000;
    job = NULL;
    wakes = 0;
    group.sink = (struct rm_client_sink *)(void *)&client;
    rm_delivery_init(&group.delivery);
    seen_count = 0;
    keep_alives = 0;
    during_wait = NULL;
    during_call = NULL;
    overflow_events = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rm_delivery_clear(&group.delivery);
    rm_standby_forget(&links[0]);
    rm_standby_forget(&links[1]);
    assert_int_equal(links[0].buffer.buffered, 0);
    assert_int_equal(links[1].buffer.bytes, 0);
    return 0;
}

/* Runs while the client is in its callback; what it sends comes from other threads. */
static void as_another_thread(void (*work)(void))
{
    DWORD owner = group.delivery.owner;

    group.delivery.owner = OTHER_THREAD;
    work();
    group.delivery.owner = owner;
}

static void client_takes(int count)
{
    for (int i = 0; i < count; i++)
    {
        struct rm_callback *first =
            RM_LIST_ENTRY(group.delivery.queue.next, struct rm_callback, node);

        rm_list_remove(&first->node);
        group.delivery.queued--;
        seen[seen_count++] = V_I4(&first->values[0]);
        rm_callback_free(first);
    }
}

/* While the old machine's thread waits there is room, and the new machine's data come before that
 * thread has woken up. */
static void switch_machines(void)
{
    client_takes(2);
    session.delivering_link = NEW_LINK;
    assert_int_equal(send_from(NEW_LINK, RM_DELIVERY_QUEUE_MAX + 2), S_OK);
}

static void send_too_much(void)
{
    for (LONG i = 1; i <= RM_DELIVERY_QUEUE_MAX; i++)
        assert_int_equal(send_from(OLD_LINK, i), S_OK);
    during_wait = switch_machines;
    assert_int_equal(send_from(OLD_LINK, RM_DELIVERY_QUEUE_MAX + 1), S_OK);
    assert_null(during_wait);
}

static void send_too_much_meanwhile(LONG value)
{
    during_call = NULL;
    assert_int_equal(value, 0);
    as_another_thread(send_too_much);
}

/* What waits for room when another machine takes over neither comes behind that one's data nor is
 * it lost. */
static void test_switch_while_full(void **state)
{
    (void)state;
    during_call = send_too_much_meanwhile;
    assert_int_equal(send_from(OLD_LINK, 0), S_OK);
    check_seen(RM_DELIVERY_QUEUE_MAX + 3);
}

static void send_one(void)
{
    assert_int_equal(send_from(OLD_LINK, 1), S_OK);
}

static void send_one_and_pump(LONG value)
{
    during_call = NULL;
    assert_int_equal(value, 0);
    as_another_thread(send_one);
    assert_int_equal(send_from(OLD_LINK, 2), S_OK);
}

/* A client that pumps in its callback is called at once, but not before what came earlier. */
static void test_called_within_callback(void **state)
{
    (void)state;
    during_call = send_one_and_pump;
    assert_int_equal(send_from(OLD_LINK, 0), S_OK);
    check_seen(3);
}

static void only_pump(LONG value)
{
    during_call = NULL;
    assert_int_equal(value, 0);
    assert_int_equal(send_from(OLD_LINK, 1), S_OK);
    assert_int_equal(seen_count, 2);
}

static void test_called_at_once(void **state)
{
    (void)state;
    during_call = only_pump;
    assert_int_equal(send_from(OLD_LINK, 0), S_OK);
    check_seen(2);
}

/* The other machine is the active one from now on. */
static void take_over(DWORD link)
{
    session.delivering_link = link;
    rm_standby_take_over(&session, &links[link == NEW_LINK]);
}

static void run_job(void)
{
    assert_non_null(job);
    job(&group, NULL);
    job = NULL;
}

/* What both have sent came once; what only the standby has sent comes when it takes over, in order
 * and before what it sends from then on. */
static void test_take_over(void **state)
{
    (void)state;
    for (LONG value = 0; value < 3; value++)
    {
        send_from(OLD_LINK, value);
        send_from(NEW_LINK, value);
    }
    check_seen(3);
    assert_int_equal(links[1].buffer.buffered, 0);
    for (LONG value = 3; value < 6; value++)
        send_from(NEW_LINK, value);
    check_seen(3);
    take_over(NEW_LINK);
    assert_int_equal(links[1].buffer.buffered, 0);
    check_seen(3); /* who takes over waits for no client */
    send_from(NEW_LINK, 6);
    check_seen(7);
    run_job(); /* finds nothing left */
    check_seen(7);
}

/* Nothing else comes: a thread of its own tells the client. */
static void test_take_over_in_silence(void **state)
{
    (void)state;
    send_from(OLD_LINK, 0);
    send_from(NEW_LINK, 0);
    send_from(NEW_LINK, 1);
    take_over(NEW_LINK);
    run_job();
    check_seen(2);
}

/* A standby that is behind has nothing to add, one that is ahead is matched. */
static void test_matched(void **state)
{
    (void)state;
    send_from(NEW_LINK, 0);
    send_from(NEW_LINK, 1);
    assert_int_equal(links[1].buffer.buffered, 2);
    send_from(OLD_LINK, 0);
    assert_int_equal(links[1].buffer.buffered, 1);
    send_from(OLD_LINK, 1);
    assert_int_equal(links[1].buffer.buffered, 0);
    take_over(NEW_LINK);
    assert_null(job);
    check_seen(2);
}

/* In warm mode a standby sends nothing; what still comes of it is old. */
static void test_not_hot(void **state)
{
    (void)state;
    config.mode = RM_MODE_WARM;
    send_from(OLD_LINK, 0);
    send_from(NEW_LINK, 1);
    assert_int_equal(links[1].buffer.buffered, 0);
    check_seen(1);
}

/* The client has made the group inactive meanwhile, or the item: it wants no more of it. */
static void test_inactive(void **state)
{
    (void)state;
    send_from(OLD_LINK, 0);
    send_from(NEW_LINK, 0);
    send_from(NEW_LINK, 1);
    group.is_active = FALSE;
    take_over(NEW_LINK);
    assert_null(job);
    assert_int_equal(links[1].buffer.buffered, 0);
    group.is_active = TRUE;
    session.delivering_link = OLD_LINK;
    send_from(NEW_LINK, 2);
    item.is_active = FALSE;
    take_over(NEW_LINK);
    assert_null(job);
    assert_int_equal(links[1].buffer.buffered, 0);
    check_seen(1);
}

/* A return: what the old machine sends of an item that the new one has brought is dropped, but not
 * lost, should the new one die now. */
static void test_yielding(void **state)
{
    (void)state;
    send_from(OLD_LINK, 0);
    session.yielding_link = OLD_LINK;
    take_over(NEW_LINK);
    send_from(NEW_LINK, 1);
    send_from(OLD_LINK, 1);
    send_from(OLD_LINK, 2);
    check_seen(2);
    session.yielding_link = 0;
    take_over(OLD_LINK);
    run_job();
    check_seen(3);
}

/* The active machine is late: that is found out when it is later than usual, asked for once in a
 * while, and not for ever. */
static void test_unmatched(void **state)
{
    ULONGLONG next_ms = 1;

    (void)state;
    send_from(OLD_LINK, 0);
    send_from(NEW_LINK, 0);
    assert_int_equal(wakes, 0);
    send_from(NEW_LINK, 1);
    assert_int_equal(wakes, 1);
    assert_int_equal(session.match_due_ms, now_ms + 20);
    assert_false(rm_standby_is_unmatched(&session, now_ms + 19, &next_ms));
    assert_int_equal(next_ms, now_ms + 20);
    assert_true(rm_standby_is_unmatched(&session, now_ms + 20, &next_ms));
    session.suspected_ms = now_ms + 20;
    assert_false(rm_standby_is_unmatched(&session, now_ms + 20, &next_ms));
    assert_int_equal(next_ms, now_ms + 1020);
    assert_true(rm_standby_is_unmatched(&session, now_ms + 1020, &next_ms));
    assert_false(rm_standby_is_unmatched(&session, now_ms + 60000, &next_ms));
    assert_int_equal(next_ms, 0);
    now_ms += 60;
    send_from(OLD_LINK, 1);
    assert_false(rm_standby_is_unmatched(&session, now_ms + 120, &next_ms));
    assert_int_equal(next_ms, 0);
}

/* The standby is ahead: by how much is learnt, and a shorter lag is believed slowly. */
static void test_lag(void **state)
{
    (void)state;
    send_from(OLD_LINK, 0);
    send_from(NEW_LINK, 0);
    send_from(NEW_LINK, 1);
    now_ms += 60;
    send_from(OLD_LINK, 1);
    assert_int_equal(link_groups[1].match_lag_ms, 60);
    session.match_due_ms = 0;
    send_from(NEW_LINK, 2);
    assert_int_equal(session.match_due_ms, now_ms + 80);
    now_ms += 20;
    send_from(OLD_LINK, 2);
    assert_int_equal(link_groups[1].match_lag_ms, 55);
    session.match_due_ms = 0;
    link_groups[1].match_lag_ms = 5000; /* it hung once: longer than a period nobody waits */
    send_from(NEW_LINK, 3);
    assert_int_equal(session.match_due_ms, now_ms + 120);
}

/* The standby sends until its buffer has dropped something more. Returns what it sends next. */
static LONG overflow_from(LONG value)
{
    uint64_t before = links[1].buffer.overflowed;

    while (links[1].buffer.overflowed == before)
        send_from(NEW_LINK, value++);
    return value;
}

/* The event comes once for each time that the buffer begins to drop, not for each drop. */
static void test_overflow(void **state)
{
    LONG value;

    (void)state;
    send_from(OLD_LINK, 0);
    rm_standby_tell_overflow(&session);
    assert_int_equal(overflow_events, 0);
    value = overflow_from(1);
    rm_standby_tell_overflow(&session);
    assert_int_equal(overflow_events, 1);
    assert_int_equal(overflow_machine, 2);
    assert_int_equal(overflow_code, 1);
    assert_true(links[1].buffer.bytes > links[1].buffer.bytes_max / 4 * 3);
    for (int i = 0; i < 20; i++)
    {
        value = overflow_from(value);
        rm_standby_tell_overflow(&session);
    }
    rm_standby_tell_overflow(&session); /* nothing was dropped, but it is still full */
    value = overflow_from(value);
    rm_standby_tell_overflow(&session);
    assert_int_equal(overflow_events, 1);

    send_from(OLD_LINK, value - 1); /* the active machine has caught up */
    assert_int_equal(links[1].buffer.buffered, 0);
    rm_standby_tell_overflow(&session);
    assert_int_equal(overflow_events, 1);
    overflow_from(value);
    rm_standby_tell_overflow(&session);
    assert_int_equal(overflow_events, 2);
    assert_int_equal(overflow_code, 23);
}

/* A refresh of ours brings what the client has: that is no news. What only it has brought counts as
 * sent for the machine, so the client gets it, as data. */
static void test_own_refresh(void **state)
{
    (void)state;
    send_from(OLD_LINK, 0);
    link_groups[0].has_delivered = false;
    refresh_from(OLD_LINK, 0);
    assert_true(link_groups[0].has_delivered);
    check_seen(1);
    refresh_from(OLD_LINK, 1);
    refresh_from(OLD_LINK, 1);
    check_seen(2);
    send(OLD_LINK, RM_OWN_REFRESH, 0, 0, 0);
    assert_int_equal(keep_alives, 0);
    send_from(OLD_LINK, 2);
    check_seen(3);
}

/* The same of a standby: it makes the active machine late only where it says something new. */
static void test_own_refresh_of_a_standby(void **state)
{
    (void)state;
    send_from(OLD_LINK, 0);
    send_from(NEW_LINK, 0);
    link_groups[1].has_delivered = false;
    refresh_from(NEW_LINK, 0);
    assert_true(link_groups[1].has_delivered);
    assert_int_equal(links[1].buffer.buffered, 0);
    assert_int_equal(wakes, 0);
    refresh_from(NEW_LINK, 1);
    refresh_from(NEW_LINK, 1);
    assert_int_equal(links[1].buffer.buffered, 1);
    take_over(NEW_LINK);
    run_job();
    check_seen(2);
}

/* And of a machine before a return. */
static void test_own_refresh_while_yielding(void **state)
{
    (void)state;
    send_from(OLD_LINK, 0);
    session.yielding_link = OLD_LINK;
    take_over(NEW_LINK);
    send_from(NEW_LINK, 1);
    refresh_from(OLD_LINK, 1);
    assert_int_equal(links[0].buffer.buffered, 0);
    refresh_from(OLD_LINK, 2);
    assert_int_equal(links[0].buffer.buffered, 1);
    check_seen(2);
}

/* Keep-alives are the client's where it has set a time, or we have not. */
static void test_keep_alives(void **state)
{
    (void)state;
    send(OLD_LINK, 0, 0, 0, 0);
    assert_int_equal(keep_alives, 1);
    link_groups[0].keep_alive_ms = 6666;
    link_groups[0].has_delivered = false;
    send(OLD_LINK, 0, 0, 0, 0);
    assert_int_equal(keep_alives, 1);
    assert_true(link_groups[0].has_delivered);
    group.keep_alive_ms = link_groups[0].keep_alive_ms = 500;
    send(OLD_LINK, 0, 0, 0, 0);
    assert_int_equal(keep_alives, 2);
}

static void look_inside(LONG value)
{
    (void)value;
    assert_int_equal(session.clients_inside, 1);
}

/* Who looks can tell that the client keeps a callback. */
static void test_client_inside(void **state)
{
    (void)state;
    during_call = look_inside;
    send_from(OLD_LINK, 0);
    assert_int_equal(session.clients_inside, 0);
    assert_int_equal(session.client_calls, 1);
    check_seen(1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_switch_while_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_called_within_callback, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_called_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_take_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_take_over_in_silence, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_matched, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_not_hot, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_inactive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_yielding, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unmatched, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_lag, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_overflow, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_own_refresh, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_own_refresh_of_a_standby, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_own_refresh_while_yielding, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keep_alives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_client_inside, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
