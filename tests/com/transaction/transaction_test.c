/* transaction_test.c: what becomes of asynchronous writes that are out when another machine becomes
 * the active one (C-20). A group of two links; the session's lock, the client and the event log are
 * functions of the test. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "call/hresult_class.h"
#include "delivery/callback.h"
#include "delivery/delivery.h"
#include "delivery/transaction.h"
#include "link/link.h"
#include "module/module.h"
#include "session/item_names.h"
#include "session/session.h"

#define TRANSACTION 77
#define REAL_CANCEL 5

static struct rm_session session;
static struct rm_group group;
static struct rm_item items[2];
static struct rm_link links[3];
static int lock_depth;
static int events;
static unsigned event_machine;
static WCHAR event_items[RM_ITEM_NAMES_ROOM];
static int completions;

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
    (void)of, (void)code;
    assert_int_equal(id, RM_EVENT_WRITE_UNKNOWN);
    events++;
    event_machine = machine;
    wcscpy(event_items, detail);
}

void rm_session_wake_waiters(struct rm_session *of)
{
    (void)of;
    fail();
}

ULONGLONG rm_module_now_ms(void)
{
    return 1000;
}

struct rm_item *rm_group_find_item(struct rm_group *of, OPCHANDLE handle)
{
    (void)of;
    return handle < 2 ? &items[handle] : NULL;
}

void rm_item_names(struct rm_group *of, DWORD count, const OPCHANDLE *handles, WCHAR *text,
                   size_t room)
{
    (void)of, (void)room;
    assert_int_equal(lock_depth, 1);
    assert_int_equal(count, 2);
    assert_int_equal(handles[1], 1);
    wcscpy(text, L"A, B");
}

struct rm_link_group *rm_link_group_of(struct rm_link *link, const struct rm_group *of)
{
    (void)link, (void)of;
    fail(); /* writes are not issued again */
    return NULL;
}

void *rm_link_take_group(struct rm_link *link, const struct rm_group *of,
                         enum rm_group_interface which)
{
    (void)link, (void)of, (void)which;
    fail();
    return NULL;
}

void rm_delivery_own(struct rm_group *of, const struct rm_callback *callback)
{
    (void)of;
    assert_int_equal(lock_depth, 1);
    assert_int_equal(callback->kind, RM_CALLBACK_WRITE_COMPLETE);
    assert_int_equal(callback->transaction, TRANSACTION);
    assert_int_equal(callback->count, 2);
    for (DWORD i = 0; i < 2; i++)
    {
        assert_int_equal(callback->clients[i], items[i].client);
        assert_int_equal(callback->errors[i], RM_HRESULT_CALL_FAILED);
    }
    completions++;
}

/* Machine 1 is active, machines 2 and 3 stand by. */
static int set_up(void **state)
{
    (void)state;
    memset(&session, 0, sizeof(session));
    memset(&group, 0, sizeof(group));
    for (unsigned i = 0; i < 3; i++)
    {
        links[i] = (struct rm_link){.session = &session, .machine = i + 1, .number = 10 + i};
        rm_list_init(&links[i].works);
        session.links[i] = &links[i];
    }
    items[0].client = 100;
    items[1].client = 101;
    group.session = &session;
    rm_list_init(&group.transactions);
    events = completions = 0;
    event_machine = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    rm_transaction_forget_all(&group);
    return 0;
}

static void write_on(const struct rm_link *link)
{
    static const OPCHANDLE handles[] = {0, 1};
    const struct rm_transaction_order order = {
        .kind = RM_TRANSACTION_WRITE, .id = TRANSACTION, .count = 2, .handles = handles};
    DWORD cancel_id = rm_transaction_begin(&group, link, &order);

    assert_int_not_equal(cancel_id, 0);
    rm_transaction_settle(&group, cancel_id, REAL_CANCEL, true);
}

static void lose(struct rm_link *link)
{
    session.links[link->machine - 1] = NULL;
    link->is_dead = 1;
}

/* Whoever reads the event goes to see what the plant did there. */
static void test_unknown_write_names_the_machine_that_had_it(void **state)
{
    (void)state;
    write_on(&links[0]);
    lose(&links[0]);
    rm_transaction_resume(&group, &links[1]);
    assert_int_equal(completions, 1);
    assert_int_equal(events, 1);
    assert_int_equal(event_machine, 1);
    assert_memory_equal(event_items, L"A, B", sizeof(L"A, B"));
}

/* Where the machine that takes over is lost before it has settled anything, the third one does. */
static void test_the_same_two_machines_later(void **state)
{
    (void)state;
    write_on(&links[0]);
    lose(&links[0]);
    lose(&links[1]);
    rm_transaction_resume(&group, &links[1]);
    assert_int_equal(events, 0);
    write_on(&links[1]);
    rm_transaction_resume(&group, &links[2]);
    assert_int_equal(completions, 2);
    assert_int_equal(events, 2);
    assert_int_equal(event_machine, 2); /* the one that was written last */
}

/* A machine that was only demoted still answers; when it goes, the outcome is unknown. */
static void test_demoted_machine_still_answers(void **state)
{
    (void)state;
    write_on(&links[0]);
    rm_transaction_resume(&group, &links[1]);
    assert_int_equal(events + completions, 0);
    lose(&links[0]);
    rm_transaction_resume(&group, &links[1]);
    assert_int_equal(completions, 1);
    assert_int_equal(event_machine, 1);
}

/* The setting that has calls repeated says nothing of what was accepted: the client may have
 * written something newer since. */
static void test_accepted_write_is_never_repeated(void **state)
{
    struct rm_server_config config = {.unknown_write = RM_UNKNOWN_WRITE_REPEAT};

    (void)state;
    session.config = &config;
    write_on(&links[0]);
    lose(&links[0]);
    rm_transaction_resume(&group, &links[1]);
    assert_int_equal(completions, 1);
    assert_int_equal(events, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_unknown_write_names_the_machine_that_had_it, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_the_same_two_machines_later, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_demoted_machine_still_answers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_accepted_write_is_never_repeated, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
