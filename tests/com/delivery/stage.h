/* stage.h: a session of two links and one item, whose client is busy in its callbacks: what the
 * tests of deliveries share.
 *
 * What delivery calls besides itself are fakes (fakes.c); a wait is a function of the test, which
 * does what other threads would do meanwhile.
 *
 * Units: in the names; the counters' values say which update it is.
 * Ownership: static; stage_set_up and stage_tear_down before and after each test.
 * Threads: one.
 * Errors: helpers fail the running test.
 */
#ifndef DELIVERY_STAGE_H
#define DELIVERY_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "delivery/callback.h"
#include "delivery/delivery.h"
#include "delivery/standby.h"
#include "session/session.h"

#define CLIENT_HANDLE 7
#define OLD_LINK      1
#define NEW_LINK      2
#define SEEN_MAX      (RM_DELIVERY_QUEUE_MAX + 10)

struct stage
{
    struct rm_session session;
    struct rm_group group, *groups[1];
    struct rm_item item;
    struct rm_link links[2];
    struct rm_link_group link_groups[2];
    struct rm_link_item link_items[2];
    struct rm_server_config config;
    void (*job)(struct rm_group *, void *); /* submitted, not run */
    int wakes;                              /* of the driver */
    ULONGLONG now_ms;
    int lock_depth;
    void (*during_wait)(void);
    void (*during_call)(LONG value);
    HRESULT answer;      /* of the client's sink to data */
    LONG seen[SEEN_MAX]; /* by the client */
    int seen_count;
    int overflow_events;
    unsigned overflow_machine;
    DWORD overflow_code;
    int keep_alives; /* that the client has got */
};

extern struct stage stage;
extern IOPCDataCallbackVtbl stage_client_vtbl; /* takes data changes only */

int stage_set_up(void **state);
int stage_tear_down(void **state);

/* count: of items, at most 1; as_of: the update whose time stamp it bears. */
HRESULT stage_send(DWORD link, DWORD transaction, DWORD count, LONG value, LONG as_of);

HRESULT stage_send_from(DWORD link, LONG value);

/* The answer to a refresh of ours, which bears the time stamp of a later update. */
HRESULT stage_refresh_from(DWORD link, LONG value);

/* The client has seen the updates 0 .. count - 1, in that order, and no others. */
void stage_check_seen(int count);

/* The other machine is the active one from now on. */
void stage_take_over(DWORD link);

void stage_run_job(void);

extern const struct CMUnitTest order_tests[], take_over_tests[], match_tests[], refresh_tests[],
    refusal_tests[], variant_tests[];
extern const size_t order_test_count, take_over_test_count, match_test_count, refresh_test_count,
    refusal_test_count, variant_test_count;

#endif
