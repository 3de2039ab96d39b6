/* watch/watched.h: one machine whose monitor items are tested, by a thread that alone calls its
 * server.
 *
 * The thread may be stuck in a call for ever. Then it is given up: it may not speak any more, its
 * attempt has been followed by another one, and whatever it does when it comes back is heard by
 * nobody. So each word of a thread bears the number of its attempt.
 *
 *   observable   connected, items added, the last status call answered
 *   otherwise    the monitor says UNKNOWN: what this process can't see is no fault of the machine
 *
 * Units: milliseconds of GetTickCount64.
 * Ownership: counted: the watch has one reference, each thread and each of its sinks another.
 * Threads: any; `lock` is never held while a server is called.
 * Errors: NULL, false: no memory, no thread.
 * Source: design.md 5 (Health); RM-160 .. RM-180.
 */
#ifndef RM_WATCHED_H
#define RM_WATCHED_H

#include <windows.h>
#include <oleauto.h>
#include <stdbool.h>

#include <rm/config.h>
#include <rm/monitor.h>

#include "watch/watch_value.h"

/* The sessions come first: a server that is being started for one of them is not asked for another
 * object at that moment. Wine (8.0) loses one of two activations of a class that come at once. */
#define RM_WATCH_DELAY_MS 4000u
#define RM_WATCH_RETRY_MS 2500u /* beyond that of a session */
#define RM_GIVEN_UP_MAX   4u    /* threads of one machine; then it isn't tried until one is back */

struct rm_watched_item
{
    uint32_t id; /* for the thread and the server; never used again */
    bool has_data;
    uint16_t quality;
    HRESULT added;            /* S_FALSE: not tried yet */
    unsigned news;            /* enum rm_monitor_news, of the item, that nobody has taken yet */
    char *value;              /* as text, NULL: keeps none */
    unsigned long long count; /* data changes */
};

struct rm_watched
{
    LONG refs;
    struct rm_server_config *config; /* a copy; changed by the watch, with the lock */
    unsigned number;
    HANDLE look;   /* automatic reset: something is to be done by the thread */
    HANDLE thread; /* the last one; the watch's */

    SRWLOCK lock; /* protects everything below */
    struct rm_monitor monitor;
    struct rm_watched_item *items;
    void (*wake)(void *context); /* there is something new; NULL: nobody listens */
    void *wake_context;
    uint32_t plan;    /* number of the settings; the first one is 1 */
    uint32_t last_id; /* of an item */
    uint32_t attempt; /* of the thread that may speak; 0 = none yet */
    bool is_running;  /* that thread has not ended */
    bool is_ending;   /* it is to leave */
    bool is_observable;
    bool has_tried;        /* it was connected, or that failed, at least once */
    HRESULT code;          /* why it is not observable */
    ULONGLONG call_due_ms; /* the call that is out is given up then; 0 = none is out */
    ULONGLONG retry_ms;    /* a thread may be started from then on */
    unsigned given_up;     /* threads that have not come back */
};

/* keeps_values: also as texts. */
struct rm_watched *rm_watched_new(const struct rm_server_config *config, unsigned number,
                                  bool keeps_values);
void rm_watched_add_ref(struct rm_watched *watched);
void rm_watched_release(struct rm_watched *watched);

/* From the watch: other settings of the same machine, of one that keeps no values. What they leave
 * as it was goes on. false: no memory, nothing has changed. */
bool rm_watched_take(struct rm_watched *watched, const struct rm_server_config *config);

/* From the watch: sees to it that a thread tests the machine, and gives up one that is stuck; true:
 * it has just given one up. Called about once a second. */
bool rm_watched_keep_going(struct rm_watched *watched);

struct rm_monitor_terms rm_watch_terms(const struct rm_server_config *config); /* borrows */

/* Locked: there is something new. */
void rm_watched_tell(struct rm_watched *watched);

/* How long a call of the thread may take, that is no connecting: as long as clients' ones may. */
DWORD rm_watch_limit_ms(const struct rm_server_config *config);

/* How long a machine that was lost is left alone: longer than by a session. */
DWORD rm_watch_retry_ms(const struct rm_server_config *config);

/* The thread leaves the server and ends; not waited for. Nobody is woken any more. */
void rm_watched_end(struct rm_watched *watched);

/* ---- what the thread works by ---- */

/* A copy of its own; all zero at first. */
struct rm_watch_plan
{
    uint32_t number;
    struct rm_server_config *config;
    uint32_t *ids; /* of the items, in their order */
};

/* S_OK: the settings are others than before; S_FALSE: they are not; E_OUTOFMEMORY: as before. */
HRESULT rm_watched_plan(struct rm_watched *watched, struct rm_watch_plan *plan);
void rm_watch_plan_clear(struct rm_watch_plan *plan);

/* ---- the thread's words; false: it was given up, or is to end ---- */

/* A call goes out, which may take so long. */
bool rm_watched_call(struct rm_watched *watched, uint32_t attempt, DWORD limit_ms);
bool rm_watched_back(struct rm_watched *watched, uint32_t attempt);

/* It begins to test, or can't any more. */
bool rm_watched_begin(struct rm_watched *watched, uint32_t attempt);
void rm_watched_lose(struct rm_watched *watched, uint32_t attempt, HRESULT code);

/* Of an item by its id; one that is not there any more says nothing. */
void rm_watched_added(struct rm_watched *watched, uint32_t attempt, uint32_t id, HRESULT hr);
void rm_watched_changed(struct rm_watched *watched, uint32_t attempt, uint32_t id, uint16_t quality,
                        const VARIANT *value);

/* Time has passed. Milliseconds until it is to be called again, at most `most_ms`. */
DWORD rm_watched_tick(struct rm_watched *watched, uint32_t attempt, DWORD most_ms);

/* The thread's last word. */
void rm_watched_leave(struct rm_watched *watched, uint32_t attempt);

/* watch_thread.c: starts a thread for that attempt, which owns a reference. NULL: there is none. */
HANDLE rm_watched_start(struct rm_watched *watched, uint32_t attempt);

#endif
