/* filter_test.c: which data of a new machine reach the client, on a shadow of one item. Servers
 * that buffer samples send several values of one item in one data change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <opc/opcconst.h>
#include <opc/opcerror.h>

#include "delivery/filter.h"
#include "delivery/standby.h"
#include "module/memory.h"
#include "module/module.h"
#include "session/driver.h"
#include "session/session.h"

#include "test_run.h"

#define CLIENT     7 /* the item's client handle */
#define OTHER      8 /* the one before */
#define UNKNOWN    9
#define SAMPLES    8
#define NEW_LINK   2
#define MS_100NS   10000
#define LAST_MS    100000
#define LAST_VALUE 1000

static struct rm_session session;
static struct rm_group group;
static struct rm_item item;
static struct rm_link link = {.number = NEW_LINK, .skew = {.is_known = true}};
static struct rm_server_config config;
static ULONGLONG now_ms;

struct rm_item *rm_group_item_by_client(struct rm_group *of, OPCHANDLE client)
{
    (void)of;
    return client == CLIENT ? &item : NULL;
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
    return rm_group_next_by_client(of, first) != NULL;
}

struct rm_item *rm_group_item_by_other_client(struct rm_group *of, OPCHANDLE client)
{
    (void)of;
    return client == OTHER ? &item : NULL;
}

/* This machine has sent nothing before. */
struct rm_link_group *rm_link_group_of(struct rm_link *of, const struct rm_group *about)
{
    (void)of, (void)about;
    return NULL;
}

struct rm_link_item *rm_link_item_of(struct rm_link_group *of, const struct rm_group *about,
                                     const struct rm_item *which)
{
    (void)of, (void)about, (void)which;
    return NULL;
}

DWORD rm_item_slot(const struct rm_group *of, const struct rm_item *which)
{
    (void)of, (void)which;
    return 0;
}

void rm_driver_wake(struct rm_driver *driver)
{
    (void)driver;
}

void rm_readiness_note_quality(struct rm_link *of, struct rm_link_item *link_item, HRESULT error,
                               WORD quality, ULONGLONG at_ms)
{
    (void)of, (void)link_item, (void)error, (void)quality, (void)at_ms;
}

void rm_session_event(struct rm_session *of, enum rm_event_id id, unsigned machine, DWORD code,
                      const WCHAR *detail)
{
    (void)of, (void)id, (void)machine, (void)code, (void)detail;
}

void rm_session_lock(struct rm_session *of)
{
    (void)of;
}

void rm_session_unlock(struct rm_session *of)
{
    (void)of;
}

ULONGLONG rm_module_now_ms(void)
{
    return now_ms;
}

static FILETIME filetime(LONGLONG time_ms)
{
    ULONGLONG number = (ULONGLONG)time_ms * MS_100NS;
    FILETIME time = {(DWORD)number, (DWORD)(number >> 32)};

    return time;
}

/* The client has had LAST_VALUE of LAST_MS from the machine before. */
static int set_up(void **state)
{
    (void)state;
    memset(&session, 0, sizeof(session));
    session.config = &config;
    link.session = &session;
    now_ms = 0;
    memset(&group, 0, sizeof(group));
    memset(&item, 0, sizeof(item));
    group.session = &session;
    group.revised_rate_ms = 1000;
    rm_list_init(&group.delivery.held);
    item.handle = 77;
    item.last.is_valid = true;
    item.last.is_skew_known = true;
    item.last.link = NEW_LINK - 1;
    item.last.quality = OPC_QUALITY_GOOD;
    item.last.time = filetime(LAST_MS);
    item.last.corrected_100ns = (LONGLONG)LAST_MS * MS_100NS;
    V_VT(&item.last.value) = VT_I4;
    V_I4(&item.last.value) = LAST_VALUE;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rm_filter_drop_held(&group, item.handle);
    return 0;
}

/* A data change with values of the item, 100 ms apart, as a counter of 100 ms has them. */
struct run
{
    OPCHANDLE clients[SAMPLES];
    VARIANT values[SAMPLES];
    WORD qualities[SAMPLES];
    FILETIME times[SAMPLES];
    HRESULT errors[SAMPLES];
    struct rm_callback data;
};

static void make_run(struct run *run, LONG first, DWORD count)
{
    memset(run, 0, sizeof(*run));
    for (DWORD i = 0; i < count; i++)
    {
        run->clients[i] = CLIENT;
        V_VT(&run->values[i]) = VT_I4;
        V_I4(&run->values[i]) = LAST_VALUE + first + (LONG)i;
        run->qualities[i] = OPC_QUALITY_GOOD;
        run->times[i] = filetime(LAST_MS + 100 * (first + (LONG)i));
    }
    run->data.kind = RM_CALLBACK_DATA_CHANGE;
    run->data.group = 5;
    run->data.count = count;
    run->data.clients = run->clients;
    run->data.values = run->values;
    run->data.qualities = run->qualities;
    run->data.times = run->times;
    run->data.errors = run->errors;
}

static void check_values(const struct rm_callback *callback, LONG first, DWORD count)
{
    assert_int_equal(callback->count, count);
    for (DWORD i = 0; i < count; i++)
    {
        assert_int_equal(callback->clients[i], CLIENT);
        assert_int_equal(V_I4(&callback->values[i]), LAST_VALUE + first + (LONG)i);
    }
}

/* From `first` on `count` values arrive; `passed` of them, the last ones, are to be delivered. */
static void arrive(LONG first, DWORD count, DWORD passed)
{
    struct rm_filtered filtered;
    struct run run;

    make_run(&run, first, count);
    rm_filter_data_change(&group, &link, &run.data, false, &filtered);
    assert_int_equal(filtered.is_all, passed == count);
    assert_int_equal(filtered.is_nothing, passed == 0 && count);
    if (passed)
        check_values(&filtered.callback, first + (LONG)(count - passed), passed);
    rm_filtered_clear(&filtered);
}

static void test_same_machine(void **state)
{
    (void)state;
    item.last.link = NEW_LINK;
    arrive(1, 5, 5);
    arrive(6, 8, 8);
    arrive(0, 3, 3); /* one machine's data are its own affair, whatever their order */
}

static void test_newer(void **state)
{
    (void)state;
    arrive(1, 6, 6);
    arrive(7, 2, 2);
}

/* The new machine has sampled before the old one was gone: what the client has isn't sent twice. */
static void test_overlap(void **state)
{
    (void)state;
    item.settings.has_rate = true;
    item.revised_sampling_ms = 100;
    arrive(-3, 8, 4); /* three are older, one is the same */
    assert_true(rm_list_is_empty(&group.delivery.held));
    arrive(5, 3, 3);
}

/* All are older: they are held together, in order, until it is known that nothing newer follows. */
static void test_all_older(void **state)
{
    struct rm_held *held;

    (void)state;
    arrive(-6, 4, 0);
    assert_null(rm_filter_take_due(&group, now_ms + 1000));
    held = rm_filter_take_due(&group, now_ms + 60000);
    assert_non_null(held);
    assert_true(rm_list_is_empty(&group.delivery.held));
    assert_int_equal(held->link, NEW_LINK);
    assert_int_equal(held->update->group, 5);
    check_values(held->update, -6, 4);
    rm_held_free(held);
}

/* What the machine sends next makes void what was held: later samples of it, or news. */
static void test_void(void **state)
{
    struct rm_held *held;

    (void)state;
    arrive(-6, 2, 0);
    arrive(-4, 3, 0);
    held = rm_filter_take_due(&group, now_ms + 60000);
    assert_non_null(held);
    check_values(held->update, -4, 3);
    rm_held_free(held);
    assert_true(rm_list_is_empty(&group.delivery.held));
    arrive(-2, 1, 0);
    arrive(3, 2, 2);
    assert_true(rm_list_is_empty(&group.delivery.held));
}

/* Values that come back within the group's period, but not within that of the item's sampling. */
static void test_period(void **state)
{
    struct rm_filtered filtered;
    struct run run;

    (void)state;
    item.settings.has_rate = true;
    item.revised_sampling_ms = 100;
    make_run(&run, 3, 1);
    V_I4(&run.values[0]) = LAST_VALUE; /* the same value again, 300 ms later */
    rm_filter_data_change(&group, &link, &run.data, false, &filtered);
    assert_true(filtered.is_all);
    rm_filtered_clear(&filtered);
    set_up(state);
    rm_filter_data_change(&group, &link, &run.data, false, &filtered);
    assert_true(filtered.is_nothing);
    rm_filtered_clear(&filtered);
}

/* The item can't be read, says the machine of that number; whether the client is told. */
static bool fails(DWORD machine, LONG after_100ms, HRESULT error, WORD quality, bool is_own_refresh)
{
    struct rm_filtered filtered;
    struct run run;
    bool is_told;

    make_run(&run, after_100ms, 1);
    V_VT(&run.values[0]) = VT_EMPTY;
    run.qualities[0] = quality;
    run.errors[0] = error;
    link.number = machine;
    rm_filter_data_change(&group, &link, &run.data, is_own_refresh, &filtered);
    link.number = NEW_LINK;
    is_told = filtered.is_all;
    assert_true(filtered.is_nothing == !is_told);
    rm_filtered_clear(&filtered);
    return is_told;
}

/* A failure that the client knows of is no news, though its time stamp is a new one: what can't be
 * read has none of its own. */
static void test_same_failure(void **state)
{
    (void)state;
    assert_true(fails(NEW_LINK - 1, 1, OPC_E_BADRIGHTS, OPC_QUALITY_BAD, false));
    assert_false(fails(NEW_LINK, 500, OPC_E_BADRIGHTS, OPC_QUALITY_BAD, false));
    /* One machine's data are its own affair, but not what we have asked it for. */
    assert_true(fails(NEW_LINK, 600, OPC_E_BADRIGHTS, OPC_QUALITY_BAD, false));
    assert_false(fails(NEW_LINK, 700, OPC_E_BADRIGHTS, OPC_QUALITY_BAD, true));
}

/* Any other failure is, and so are the failure of what could be read and the end of a failure. */
static void test_other_failure(void **state)
{
    (void)state;
    assert_true(fails(NEW_LINK, -500, OPC_E_BADRIGHTS, OPC_QUALITY_GOOD, false));
    assert_true(fails(NEW_LINK + 1, -500, OPC_E_UNKNOWNITEMID, OPC_QUALITY_GOOD, false));
    assert_true(fails(NEW_LINK + 2, -600, OPC_E_UNKNOWNITEMID, OPC_QUALITY_BAD, false));
    arrive(-700, 1, 1); /* it was readable there at all times */
    assert_true(rm_list_is_empty(&group.delivery.held));
}

/* A code that is a success says something, too: the client gets it, if it has got another one. */
static void test_other_success(void **state)
{
    struct rm_filtered filtered;
    struct run run;

    (void)state;
    make_run(&run, 0, 1);
    run.errors[0] = OPC_S_CLAMP;
    rm_filter_data_change(&group, &link, &run.data, false, &filtered);
    assert_true(filtered.is_all);
    rm_filtered_clear(&filtered);
}

/* Whether a value of an item with that client handle reaches the client. */
static bool passes(OPCHANDLE client, LONG value, DWORD transaction)
{
    struct rm_filtered filtered;
    struct run run;
    bool is_told;

    make_run(&run, value, 1);
    run.clients[0] = client;
    run.data.transaction = transaction;
    rm_filter_data_change(&group, &link, &run.data, false, &filtered);
    is_told = filtered.is_all;
    assert_true(filtered.is_nothing == !is_told);
    rm_filtered_clear(&filtered);
    return is_told;
}

/* A callback that crossed SetClientHandles: it is known of which item it is. */
static void test_other_handle(void **state)
{
    (void)state;
    assert_false(passes(OTHER, 0, 0));
    assert_true(passes(OTHER, 1, 0));
    assert_int_equal(V_I4(&item.last.value), LAST_VALUE + 1);
}

/* One that crossed RemoveItems is about nothing that the client has; not so where an item may have
 * been added just now, or where the client has asked. */
static void test_unknown_handle(void **state)
{
    (void)state;
    assert_false(passes(UNKNOWN, 1, 0));
    assert_true(passes(UNKNOWN, 1, 44));
    group.adds_out = 1;
    assert_true(passes(UNKNOWN, 1, 0));
    group.adds_out = 0;
    group.is_attached = true;
    assert_true(passes(UNKNOWN, 1, 0));
}

/* A machine whose data stay older than what the client has is not held for ever: what was held
 * first says when it is enough. */
static void test_always_older(void **state)
{
    struct rm_held *held;

    (void)state;
    arrive(-60, 1, 0);
    now_ms += 2400;
    arrive(-40, 1, 0);
    assert_null(rm_filter_take_due(&group, now_ms));
    now_ms += 100;
    held = rm_filter_take_due(&group, now_ms);
    assert_non_null(held);
    check_values(held->update, -40, 1);
    rm_held_free(held);
}

/* The value that the client has, but surely older: the machine is still behind, and what it sends
 * next is no news because of that. */
static void test_equal_but_older(void **state)
{
    struct rm_filtered filtered;
    struct run run;

    (void)state;
    make_run(&run, -50, 1);
    V_I4(&run.values[0]) = LAST_VALUE;
    rm_filter_data_change(&group, &link, &run.data, false, &filtered);
    assert_true(filtered.is_nothing);
    rm_filtered_clear(&filtered);
    arrive(-40, 1, 0);
    arrive(1, 1, 1);
}

/* A keep-alive has no items, and passes. */
static void test_keep_alive(void **state)
{
    (void)state;
    arrive(0, 0, 0);
}

#define TEST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_same_machine),  TEST(test_newer),
        TEST(test_overlap),       TEST(test_all_older),
        TEST(test_void),          TEST(test_period),
        TEST(test_same_failure),  TEST(test_other_failure),
        TEST(test_other_success), TEST(test_keep_alive),
        TEST(test_other_handle),  TEST(test_unknown_handle),
        TEST(test_always_older),  TEST(test_equal_but_older),
    };

    return cmocka_run_group_tests(tests, NULL, NULL) +
           _cmocka_run_group_tests("run", run_tests, run_test_count, NULL, NULL);
}
