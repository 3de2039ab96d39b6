/* fakes.c: what delivery calls, as far as the tests need it. */
#include "stage.h"

#include "delivery/group_job.h"
#include "delivery/transaction.h"
#include "module/module.h"
#include "session/driver.h"
#include "session/recorder.h"

void rm_session_lock(struct rm_session *of)
{
    (void)of;
    assert_int_equal(stage.lock_depth++, 0);
}

void rm_session_unlock(struct rm_session *of)
{
    (void)of;
    assert_int_equal(--stage.lock_depth, 0);
}

/* true as long as there is something to do meanwhile; a wait for nothing would be for ever. */
bool rm_session_wait_change(struct rm_session *of, DWORD timeout_ms)
{
    void (*work)(void) = stage.during_wait;

    (void)timeout_ms;
    assert_non_null(work);
    stage.during_wait = NULL;
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
    return &stage.item;
}

struct rm_item *rm_group_item_by_client(struct rm_group *of, OPCHANDLE client)
{
    (void)of;
    return client == CLIENT_HANDLE ? &stage.item : NULL;
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
    return stage.now_ms;
}

struct rm_link_group *rm_link_group_of(struct rm_link *link, const struct rm_group *of)
{
    (void)of;
    return &stage.link_groups[link->number == NEW_LINK];
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
    stage.wakes++;
}

void rm_session_event(struct rm_session *of, enum rm_event_id id, unsigned machine, DWORD code,
                      const WCHAR *detail)
{
    (void)of;
    assert_int_equal(stage.lock_depth, 0);
    assert_int_equal(id, RM_EVENT_BUFFER_OVERFLOW);
    assert_null(detail);
    stage.overflow_events++;
    stage.overflow_machine = machine;
    stage.overflow_code = code;
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
    assert_null(stage.job);
    stage.job = run;
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
