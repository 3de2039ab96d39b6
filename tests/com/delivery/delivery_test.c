/* delivery_test.c: the order in which data reach a client that is busy in a callback, while its
 * queue is full and another machine becomes the active one. A session of two links and one item; a
 * wait is a function of the test, which does what other threads would do meanwhile. */
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
#include "delivery/transaction.h"
#include "module/module.h"
#include "session/recorder.h"
#include "session/session.h"

#define CLIENT_HANDLE 7
#define OLD_LINK      1
#define NEW_LINK      2
#define OTHER_THREAD  0xFFFFFFF1u /* no thread's id: they are multiples of four */
#define SEEN_MAX      (RM_DELIVERY_QUEUE_MAX + 10)

static struct rm_session session;
static struct rm_group group;
static struct rm_item item;
static struct rm_link links[2] = {
    {.number = OLD_LINK, .skew = {.is_known = true}},
    {.number = NEW_LINK, .skew = {.is_known = true}}
};
static int lock_depth;
static void (*during_wait)(void);
static void (*during_call)(LONG value);
static LONG seen[SEEN_MAX];
static int seen_count;

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

struct rm_item *rm_group_item_by_other_client(struct rm_group *of, OPCHANDLE client)
{
    (void)of, (void)client;
    return NULL;
}

ULONGLONG rm_module_now_ms(void)
{
    return 100000;
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

    (void)iface, (void)transaction, (void)client_group, (void)master_quality, (void)master_error;
    (void)clients, (void)qualities, (void)times, (void)errors;
    assert_int_equal(lock_depth, 0);
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

static HRESULT send_from(DWORD link, LONG value)
{
    OPCHANDLE clients[1] = {CLIENT_HANDLE};
    VARIANT values[1];
    WORD qualities[1] = {OPC_QUALITY_GOOD};
    FILETIME times[1] = {
        {(DWORD)value * 1000000, 1}
    };
    HRESULT errors[1] = {S_OK};
    struct rm_callback data = {.kind = RM_CALLBACK_DATA_CHANGE,
                               .count = 1,
                               .clients = clients,
                               .values = values,
                               .qualities = qualities,
                               .times = times,
                               .errors = errors};

    V_VT(&values[0]) = VT_I4;
    V_I4(&values[0]) = value;
    return rm_delivery_data_change(&group, link, &data);
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
    session.links[0] = &links[0];
    session.links[1] = &links[1];
    session.delivering_link = OLD_LINK;
    group.session = &session;
    group.revised_rate_ms = 100;
    group.sink = (struct rm_client_sink *)(void *)&client;
    rm_delivery_init(&group.delivery);
    seen_count = 0;
    during_wait = NULL;
    during_call = NULL;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rm_delivery_clear(&group.delivery);
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_switch_while_full, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_called_within_callback, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_called_at_once, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
