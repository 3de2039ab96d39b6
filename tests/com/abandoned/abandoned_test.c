/* abandoned_test.c: workers that were given up count from their link's death until they are back,
 * as stuck only when they stay out; a machine that has cost too many is not tried again, and its
 * server not waited for (C-01). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call/abandoned.h"
#include "link/link.h"
#include "link/link_work.h"
#include "module/module.h"
#include "session/session.h"

#define SESSION 3
#define OTHER   4
#define DEAD    70 /* servers */
#define WELL    71

static ULONGLONG clock_ms = 1000;

ULONGLONG rm_module_now_ms(void)
{
    return clock_ms;
}

static unsigned wakes;

void rm_session_wake_waiters(struct rm_session *of)
{
    (void)of;
    wakes++;
}

/* After a switch to a machine that is well the calls that were out come back within milliseconds.
 */
static void test_who_comes_back_at_once_is_never_stuck(void **state)
{
    struct rm_abandoned record = {
        .node = {NULL, NULL}
    };
    ULONGLONG now_ms;

    (void)state;
    /* One after the other: there is always one out, but none for long. */
    for (now_ms = 1000; now_ms < 1000 + 4 * RM_STUCK_MS; now_ms += 10)
    {
        rm_abandoned_enter(&record, SESSION, 1, now_ms);
        assert_int_equal(rm_abandoned_count(), 1);
        assert_int_equal(rm_abandoned_stuck(SESSION, 1, now_ms + 10), 0);
        rm_abandoned_leave(&record);
    }
    assert_int_equal(rm_abandoned_count(), 0);
}

static void test_who_stays_out_is_stuck(void **state)
{
    static const struct
    {
        DWORD session;
        unsigned machine;
        ULONGLONG now_ms;
        unsigned stuck;
    } rows[] = {
        {SESSION, 1, 1000,                   0},
        {SESSION, 1, 1000 + RM_STUCK_MS - 1, 0},
        {SESSION, 1, 1000 + RM_STUCK_MS,     1},
        {SESSION, 2, 1000 + RM_STUCK_MS,     0},
        {SESSION, 1, 1100 + RM_STUCK_MS,     2},
        {SESSION, 2, 1200 + RM_STUCK_MS,     1},
        {SESSION, 0, 1200 + RM_STUCK_MS,     3}, /* on any machine */
        {OTHER,   1, 1200 + RM_STUCK_MS,     0},
        {OTHER,   1, 1300 + RM_STUCK_MS,     1},
        {OTHER,   0, 1300 + RM_STUCK_MS,     1},
    };
    struct rm_abandoned records[4] = {{.node = {NULL, NULL}}};
    size_t i;

    (void)state;
    rm_abandoned_enter(&records[0], SESSION, 1, 1000);
    rm_abandoned_enter(&records[1], SESSION, 1, 1100);
    rm_abandoned_enter(&records[2], SESSION, 2, 1200);
    rm_abandoned_enter(&records[3], OTHER, 1, 1300);
    assert_int_equal(rm_abandoned_count(), 4);
    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        assert_int_equal(rm_abandoned_stuck(rows[i].session, rows[i].machine, rows[i].now_ms),
                         rows[i].stuck);
    rm_abandoned_leave(&records[0]);
    assert_int_equal(rm_abandoned_stuck(SESSION, 1, 1100 + RM_STUCK_MS), 1);
    for (i = 0; i < 4; i++)
        rm_abandoned_leave(&records[i]); /* the first one a second time */
    assert_int_equal(rm_abandoned_count(), 0);
    assert_int_equal(rm_abandoned_stuck(SESSION, 0, 1200 + RM_STUCK_MS), 0);
}

static void test_name_of_a_server(void **state)
{
    unsigned server = rm_abandoned_server("opc-a", "Vendor.Server.1");

    (void)state;
    assert_int_equal(rm_abandoned_server("OPC-A", "vendor.server.1"), server);
    assert_int_not_equal(rm_abandoned_server("opc-b", "Vendor.Server.1"), server);
    assert_int_not_equal(rm_abandoned_server("opc-a", "Vendor.Server.2"), server);
    assert_int_not_equal(rm_abandoned_server("opc-aV", "endor.Server.1"), server);
}

/* One machine that hangs must not keep another one away, and is tried again when its calls are
 * back, whatever they were. */
static void test_dead_machine_is_not_tried_for_ever(void **state)
{
    struct rm_abandoned records[RM_ABANDONED_MAX] = {{.node = {NULL, NULL}}};
    unsigned i;

    (void)state;
    for (i = 0; i < RM_ABANDONED_MAX; i++)
    {
        assert_false(rm_abandoned_forbids(DEAD));
        records[i].server = DEAD;
        rm_abandoned_enter(&records[i], i % 2 ? SESSION : OTHER, 1, 1000);
    }
    assert_true(rm_abandoned_forbids(DEAD));
    assert_false(rm_abandoned_forbids(WELL));
    rm_abandoned_leave(&records[3]);
    assert_false(rm_abandoned_forbids(DEAD));
    for (i = 0; i < RM_ABANDONED_MAX; i++)
        rm_abandoned_leave(&records[i]);
}

/* Any worker that is at the server when the link dies, not only those whom a client waits for. */
static void test_work_of_a_dead_link_is_counted(void **state)
{
    static struct rm_session session = {.number = SESSION};
    static struct rm_link link = {.session = &session, .machine = 2, .server = DEAD};
    struct rm_link_work activation, synchronisation, release;

    (void)state;
    rm_list_init(&link.works);
    rm_link_work_begin(&link, &activation);
    rm_link_work_end(&activation);
    rm_link_work_begin(&link, &activation);
    rm_link_work_begin(&link, &synchronisation);
    assert_int_equal(rm_abandoned_count(), 0);

    clock_ms = 2000;
    link.is_dead = 1;
    rm_link_work_abandon_all(&link);
    assert_int_equal(rm_abandoned_count(), 2);
    rm_link_work_begin(&link, &release);
    assert_int_equal(rm_abandoned_count(), 3);
    assert_int_equal(rm_abandoned_stuck(SESSION, 2, 2000 + RM_STUCK_MS - 1), 0);
    assert_int_equal(rm_abandoned_stuck(SESSION, 2, 2000 + RM_STUCK_MS), 3);

    rm_link_work_end(&synchronisation);
    assert_int_equal(rm_abandoned_stuck(SESSION, 2, 2000 + RM_STUCK_MS), 2);
    rm_link_work_end(&activation);
    rm_link_work_end(&release);
    assert_int_equal(rm_abandoned_count(), 0);
}

/* The last Release waits for what is going on at servers that answer, and for nothing at others:
 * neither for what was begun before that was known, nor for what comes later. */
static void test_who_is_given_up_is_not_awaited(void **state)
{
    static struct rm_session session = {.number = SESSION, .awaited = 1}; /* a report, say */
    static struct rm_link well = {.session = &session}, hung = {.session = &session};

    (void)state;
    rm_link_awaited_begin(&well);
    rm_link_awaited_begin(&hung);
    rm_link_awaited_begin(&hung);
    assert_int_equal(session.awaited, 4);
    rm_link_awaited_end(&hung);
    assert_int_equal(session.awaited, 3);

    wakes = 0;
    rm_link_awaited_give_up(&hung);
    assert_int_equal(session.awaited, 2);
    assert_int_equal(wakes, 1); /* whoever waits looks again */
    rm_link_awaited_begin(&hung);
    assert_int_equal(session.awaited, 2);
    rm_link_awaited_end(&hung); /* they come back, late */
    rm_link_awaited_end(&hung);
    rm_link_awaited_give_up(&hung);
    assert_int_equal(session.awaited, 2);

    wakes = 0;
    rm_link_awaited_end(&well);
    assert_int_equal(session.awaited, 1);
    assert_int_equal(wakes, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_comes_back_at_once_is_never_stuck),
        cmocka_unit_test(test_who_stays_out_is_stuck),
        cmocka_unit_test(test_name_of_a_server),
        cmocka_unit_test(test_dead_machine_is_not_tried_for_ever),
        cmocka_unit_test(test_work_of_a_dead_link_is_counted),
        cmocka_unit_test(test_who_is_given_up_is_not_awaited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
