/* readiness_test.c: what is known of a standby while all is well: counted, listed, told once. A
 * session of two links and one group of many items; machine 1 is active. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <opc/opcconst.h>
#include <opc/opcda.h>
#include <opc/opcerror.h>

#include <rm/difference.h>

#include "link/link.h"
#include "link/readiness.h"
#include "module/module.h"
#include "session/driver.h"
#include "session/session.h"

#define ITEMS        100
#define EVENTS_MAX   64
#define GRACE_MS     2000
#define DETAIL_WIDTH 256

struct seen_event
{
    enum rm_event_id id;
    unsigned machine;
    DWORD code;
    WCHAR detail[DETAIL_WIDTH];
};

static struct rm_session session;
static struct rm_server_config config;
static struct rm_group group, *groups[1] = {&group};
static struct rm_item items[ITEMS];
static WCHAR names[ITEMS][32];
static WCHAR group_name[] = L"Pumps";
static struct rm_link links[2];
static struct rm_link_group link_groups[2];
static struct rm_link_item link_items[2][ITEMS];
static struct rm_link *const active = &links[0], *const standby = &links[1];
static int lock_depth, kicks, posts;
static unsigned posted_percent;
static struct seen_event events[EVENTS_MAX];
static int event_count;
static ULONGLONG now_ms;

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

void rm_session_event(struct rm_session *of, enum rm_event_id id, unsigned machine, DWORD code,
                      const WCHAR *detail)
{
    struct seen_event *event = &events[event_count++];

    assert_ptr_equal(of, &session);
    assert_int_equal(lock_depth, 0);
    assert_true(event_count < EVENTS_MAX);
    *event = (struct seen_event){.id = id, .machine = machine, .code = code};
    if (detail)
        wcsncpy(event->detail, detail, DETAIL_WIDTH - 1);
}

struct rm_link_group *rm_link_group_of(struct rm_link *link, const struct rm_group *of)
{
    assert_ptr_equal(of, &group);
    return link->groups;
}

struct rm_link_item *rm_link_item_of(struct rm_link_group *link_group, const struct rm_group *of,
                                     const struct rm_item *item)
{
    return &link_group->items[item - of->items];
}

void rm_driver_post(struct rm_driver *driver, const struct rm_failover_event *event)
{
    (void)driver;
    assert_int_equal(event->kind, RM_FAILOVER_ITEMS);
    posted_percent = event->percent;
    posts++;
}

void rm_link_kick(struct rm_link *link)
{
    (void)link;
    kicks++;
}

ULONGLONG rm_module_now_ms(void)
{
    return now_ms;
}

static void set_up_link(int i)
{
    links[i] = (struct rm_link){.session = &session,
                                .machine = (unsigned)i + 1,
                                .number = (DWORD)i + 10,
                                .groups = &link_groups[i],
                                .group_slots = 1,
                                .readiness.percent = 100};
    link_groups[i] =
        (struct rm_link_group){.group = &group, .items = link_items[i], .item_slots = ITEMS};
    session.links[i] = &links[i];
    for (int k = 0; k < ITEMS; k++)
        link_items[i][k] = (struct rm_link_item){.state = RM_LINK_ITEM_ADDED,
                                                 .canonical_type = VT_R8,
                                                 .access_rights = OPC_READABLE | OPC_WRITEABLE};
}

static int set_up(void **state)
{
    (void)state;
    memset(&session, 0, sizeof(session));
    memset(&group, 0, sizeof(group));
    config.machine_count = 2;
    rm_server_rank_machines(&config);
    config.mode = RM_MODE_HOT;
    session.config = &config;
    session.groups = groups;
    session.group_slots = 1;
    session.active = active;
    group.session = &session;
    group.name = group_name;
    group.items = items;
    group.item_slots = group.item_count = ITEMS;
    for (int i = 0; i < ITEMS; i++)
    {
        swprintf(names[i], 32, L"Pump.%03d", i);
        items[i] = (struct rm_item){.is_used = true, .item_id = names[i]};
        items[i].last.is_valid = true;
        items[i].last.quality = OPC_QUALITY_GOOD;
    }
    set_up_link(0);
    set_up_link(1);
    now_ms = 100000;
    kicks = posts = event_count = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rm_readiness_clear(&links[0].readiness);
    rm_readiness_clear(&links[1].readiness);
    return 0;
}

static void refuse(int from, int count)
{
    for (int i = from; i < from + count; i++)
    {
        link_items[1][i].state = RM_LINK_ITEM_REFUSED;
        link_items[1][i].status = OPC_E_UNKNOWNITEMID;
        rm_readiness_tell_refused(standby, OPC_E_UNKNOWNITEMID, names[i]);
    }
}

static void begin_badly(int i, WORD quality)
{
    rm_readiness_note_quality(standby, &link_items[1][i], S_OK, quality, now_ms);
}

static int count_events(enum rm_event_id id)
{
    int count = 0;

    for (int i = 0; i < event_count; i++)
        count += events[i].id == id;
    return count;
}

static void test_all_is_well(void **state)
{
    (void)state;
    rm_readiness_measure(standby);
    assert_true(standby->readiness.is_measured);
    assert_int_equal(standby->readiness.items, ITEMS);
    assert_int_equal(standby->readiness.percent, 100);
    assert_int_equal(standby->readiness.differences, 0);
    assert_null(standby->readiness.list);
    assert_int_equal(posts, 0);
    assert_int_equal(event_count, 0);
}

/* Five are named, the rest counted; the share is rounded down, so 100 % means all. */
static void test_refused(void **state)
{
    (void)state;
    refuse(3, 8);
    rm_readiness_measure(standby);
    assert_int_equal(standby->readiness.refused, 8);
    assert_int_equal(posts, 1);
    assert_int_equal(posted_percent, 92);
    assert_int_equal(count_events(RM_EVENT_ITEM_REFUSED), 5);
    assert_int_equal(event_count, 6);
    assert_int_equal(events[5].id, RM_EVENT_MORE_DIFFERENCES);
    assert_int_equal(events[5].machine, 2);
    assert_int_equal(events[5].code, 3);
    assert_int_equal(standby->readiness.listed, 8);
    assert_int_equal(standby->readiness.list[0].kind, RM_DIFFERENCE_REFUSED);
    assert_int_equal(standby->readiness.list[0].there, (DWORD)OPC_E_UNKNOWNITEMID);
    assert_string_equal(standby->readiness.list[0].name, "Pump.003");
    rm_readiness_measure(standby); /* nothing new */
    assert_int_equal(posts, 1);
    assert_int_equal(event_count, 6);
    refuse(20, 1); /* the next round names five again */
    rm_readiness_measure(standby);
    assert_int_equal(event_count, 7);
    assert_int_equal(events[6].id, RM_EVENT_ITEM_REFUSED);
    assert_int_equal(posted_percent, 91);
}

/* The list is the machine's share of the section, however much there is. */
static void test_list_is_bounded(void **state)
{
    (void)state;
    refuse(0, ITEMS);
    rm_readiness_measure(standby);
    assert_int_equal(posted_percent, 0);
    assert_int_equal(standby->readiness.differences, ITEMS);
    assert_int_equal(standby->readiness.listed, RM_STATUS_DIFFERENCES / 2);
}

static void test_types_and_rights(void **state)
{
    (void)state;
    link_items[1][7].canonical_type = VT_I4;
    link_items[1][8].access_rights = OPC_READABLE;
    link_items[1][9].canonical_type = VT_I4;
    link_items[1][9].access_rights = OPC_READABLE;
    link_items[1][10].canonical_type = VT_EMPTY; /* it doesn't say */
    rm_readiness_measure(standby);
    assert_int_equal(standby->readiness.differing, 3);
    assert_int_equal(standby->readiness.differences, 4);
    assert_int_equal(standby->readiness.percent, 100);
    assert_int_equal(count_events(RM_EVENT_ITEM_DIFFERS), 4);
    assert_int_equal(events[0].machine, 2);
    assert_true(wcscmp(events[0].detail, L"item 'Pump.007' is of type I4 there, of type R8 on the "
                                         L"active machine") == 0);
    rm_readiness_measure(standby);
    assert_int_equal(event_count, 4);
    link_items[1][7].canonical_type = VT_R8; /* it was put right, and then not */
    rm_readiness_measure(standby);
    assert_int_equal(standby->readiness.differing, 2);
    link_items[1][7].canonical_type = VT_I2;
    rm_readiness_measure(standby);
    assert_int_equal(event_count, 5);
    rm_readiness_measure(active); /* it is what the others are compared with */
    assert_int_equal(active->readiness.differences, 0);
    session.active = NULL;
    rm_readiness_measure(standby);
    assert_int_equal(standby->readiness.differing, 0);
}

/* Names in other scripts, longer than there is room for, are cut between characters. */
static void test_long_names(void **state)
{
    WCHAR name[400];

    (void)state;
    for (int i = 0; i < 399; i++)
        name[i] = 0x4E2D;
    name[399] = 0;
    items[0].item_id = name;
    link_items[1][0].canonical_type = VT_I4;
    rm_readiness_measure(standby);
    assert_int_equal(strlen(standby->readiness.list[0].name) % 3, 0);
    assert_true(strlen(standby->readiness.list[0].name) >= RM_STATUS_ITEM - 4);
    assert_int_equal(event_count, 1);
    assert_true(wcsstr(events[0].detail, L"of type I4 there, of type R8 on the active") != NULL);
}

/* A group that is refused is one difference, its items count as refused. */
static void test_refused_group(void **state)
{
    (void)state;
    link_groups[1].status = E_OUTOFMEMORY;
    memset(link_items[1], 0, sizeof(link_items[1]));
    rm_readiness_measure(standby);
    assert_int_equal(standby->readiness.refused, ITEMS);
    assert_int_equal(posted_percent, 0);
    assert_int_equal(standby->readiness.listed, 1);
    assert_int_equal(standby->readiness.list[0].kind, RM_DIFFERENCE_GROUP);
    assert_string_equal(standby->readiness.list[0].name, "Pumps");
    assert_int_equal(event_count, 0); /* GROUP_REFUSED was told by whoever asked for it */
}

/* Bad from the start, and for long enough that no device can still be asked for the first time. */
static void test_bad_from_the_start(void **state)
{
    (void)state;
    begin_badly(5, OPC_QUALITY_DEVICE_FAILURE);
    begin_badly(6, OPC_QUALITY_WAITING_FOR_INITIAL_DATA); /* is no value yet */
    begin_badly(7, OPC_QUALITY_BAD);
    begin_badly(8, OPC_QUALITY_GOOD);
    begin_badly(8, OPC_QUALITY_BAD);         /* not from the start */
    items[7].last.quality = OPC_QUALITY_BAD; /* as on the active machine */
    rm_readiness_measure(standby);
    assert_int_equal(standby->readiness.bad, 0);
    rm_readiness_watch(standby, now_ms + GRACE_MS - 1);
    assert_int_equal(kicks, 0);
    now_ms += GRACE_MS;
    rm_readiness_watch(standby, now_ms);
    assert_int_equal(kicks, 1);
    rm_readiness_watch(standby, now_ms);
    assert_int_equal(kicks, 1);
    rm_readiness_measure(standby);
    assert_int_equal(standby->readiness.bad, 1);
    assert_int_equal(event_count, 1);
    assert_int_equal(events[0].id, RM_EVENT_ITEM_BAD);
    assert_true(wcscmp(events[0].detail, L"item 'Pump.005' has bad quality there (0x0C), good on "
                                         L"the active machine") == 0);
    begin_badly(5, OPC_QUALITY_BAD); /* once more is nothing new */
    rm_readiness_watch(standby, now_ms + 10 * GRACE_MS);
    assert_int_equal(kicks, 1);
    begin_badly(5, OPC_QUALITY_GOOD);
    rm_readiness_watch(standby, now_ms);
    assert_int_equal(kicks, 2);
    rm_readiness_measure(standby);
    assert_int_equal(standby->readiness.bad, 0);
    assert_int_equal(event_count, 1);
}

static void test_error_is_bad(void **state)
{
    (void)state;
    rm_readiness_note_quality(standby, &link_items[1][0], E_FAIL,
                              OPC_QUALITY_WAITING_FOR_INITIAL_DATA, now_ms);
    now_ms += GRACE_MS;
    rm_readiness_measure(standby);
    assert_int_equal(standby->readiness.bad, 1);
}

/* Another active machine: everybody is compared with that one, at once. */
static void test_after_a_promotion(void **state)
{
    (void)state;
    rm_readiness_due_for_all(&session);
    rm_readiness_watch(active, now_ms);
    rm_readiness_watch(standby, now_ms);
    assert_int_equal(kicks, 2);
    session.links[0] = NULL;
    rm_readiness_due_for_all(&session);
}

/* Not twice within a quarter of a second, but then; and not while clients wait for it. */
static void test_when_it_is_wanted(void **state)
{
    (void)state;
    assert_true(rm_readiness_is_wanted(standby));
    now_ms += 249;
    assert_false(rm_readiness_is_wanted(standby));
    rm_readiness_watch(standby, now_ms);
    assert_int_equal(kicks, 0);
    now_ms++;
    rm_readiness_watch(standby, now_ms);
    assert_int_equal(kicks, 1);
    assert_true(rm_readiness_is_wanted(standby));
    now_ms += 250;
    standby->is_sync_again = true;
    assert_false(rm_readiness_is_wanted(standby));
    assert_false(rm_readiness_is_wanted(active));
    active->is_caught_up = true;
    assert_true(rm_readiness_is_wanted(active));
}

/* More than are looked at in one go, with the group refused: that is one difference all the same.
 */
static void test_many(void **state)
{
    static struct rm_item many[25000];
    static struct rm_link_item refused[25000];

    (void)state;
    for (int i = 0; i < 25000; i++)
    {
        many[i] = items[i % ITEMS];
        refused[i].state = i % 2 ? RM_LINK_ITEM_ADDED : RM_LINK_ITEM_NONE;
    }
    group.items = many;
    group.item_slots = 25000;
    link_groups[1].items = refused;
    link_groups[1].status = E_FAIL;
    session.active = NULL;
    rm_readiness_measure(standby);
    assert_int_equal(standby->readiness.items, 25000);
    assert_int_equal(standby->readiness.refused, 12500);
    assert_int_equal(standby->readiness.percent, 50);
    assert_int_equal(standby->readiness.differences, 1);
}

/* What was found out of a link that has died meanwhile is nobody's. */
static void test_dead_link(void **state)
{
    (void)state;
    refuse(0, 1);
    event_count = 0;
    InterlockedExchange(&standby->is_dead, TRUE);
    rm_readiness_measure(standby);
    assert_false(standby->readiness.is_measured);
    assert_int_equal(posts, 0);
    assert_int_equal(event_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_is_well, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_list_is_bounded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_types_and_rights, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_long_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused_group, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_from_the_start, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_error_is_bad, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_after_a_promotion, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_dead_link, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_when_it_is_wanted, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
