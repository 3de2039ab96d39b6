/* tests/com/proxy/stage.h: what the tests of the proxy's COM objects share.
 *
 * One session over two simulated machines is opened for all tests; each test makes groups of its
 * own in it. The class is asked for in the process, so it is redundancymaster.dll that answers.
 *
 * Units: milliseconds.
 * Ownership: the stage owns the session; what a test makes it releases.
 * Threads: one, of the apartment that the command line names; waiting pumps in both.
 * Errors: helpers fail the running test.
 */
#ifndef PROXY_STAGE_H
#define PROXY_STAGE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <windows.h>
#include <olectl.h>
#include <cmocka.h>

#include <opc/opccomn.h>
#include <opc/opcconst.h>
#include <opc/opcda.h>
#include <opc/opcerror.h>

#define PROGID   L"RMSim.PA.1"
#define NULL_REF ((HRESULT)0x800706F4L)
#define LOST     ((HRESULT)0x800706BAL)
#define POISON   ((void *)(uintptr_t)0xDEADBEEF)
#define WAIT_MS  15000

/* Wine 8 asks 30 times, a second apart, for the class of a server that it has started, and only in
 * the first second sees that the process is gone or that its only object went to another activation
 * (of a session before, given up by then): such an activation of a standby ends after 30 s. */
#define STAGE_READY_MS 45000

extern IOPCServer *stage_server;

/* A new session. */
IOPCServer *stage_connect(void);

/* The same of another class; CLSCTX_LOCAL_SERVER goes past redundancymaster.dll to the server. */
IOPCServer *stage_connect_to(const WCHAR *progid, DWORD context);

/* The interface of an object that must have it. */
void *stage_query(void *object, const IID *iid);

/* References that are left after the release. */
ULONG stage_release(void *object);

struct stage_group
{
    IOPCItemMgt *items;
    IOPCGroupStateMgt *state;
    IOPCSyncIO *sync;
    IOPCAsyncIO2 *async;
    IConnectionPointContainer *points;
    OPCHANDLE handle;
};

/* An active group of 100 ms of that name in the stage's session; NUL: the server names it. */
void stage_group_open(struct stage_group *group, const WCHAR *name);

/* Releases and removes it; the server must say that nobody held it any more. */
void stage_group_close(struct stage_group *group);

/* Adds one item that must be accepted; its server handle. */
OPCHANDLE stage_add(struct stage_group *group, const WCHAR *id, OPCHANDLE client);

/* Adds Memory.I4, Memory.R8 and Memory.String with client handles 1, 2, 3. */
void stage_add_three(struct stage_group *group, OPCHANDLE handles[3]);

/* Handles the messages of the thread for at most that long, and returns earlier when the event is
 * set. Without a window that is what a single-threaded client does while it waits. */
void stage_pump(HANDLE event, DWORD timeout_ms);

/* The same for all of that time, whatever messages come: nothing else may. */
void stage_quiet(DWORD time_ms);

/* Runs `rmsim ARGUMENTS`; must succeed. */
void stage_rmsim(const WCHAR *arguments);

/* What a command prints, cut at room; false: it couldn't be run, or failed. Asserts nothing: for
 * any thread. */
bool stage_read(const WCHAR *command, char *text, DWORD room);

/* Whether a fault was put on that machine, by name, since the last stage_forget_touched. */
bool stage_has_touched(const WCHAR *machine);
void stage_forget_touched(void);

/* dwServerState of the stage's session. */
OPCSERVERSTATE stage_server_state(void);

/* Until both machines of the session with that name are ready, however long Wine needs for that.
 * false: they are not. */
bool stage_wait_both(const WCHAR *progid);

/* Around a test with a session of its own, on machine A, with both machines ready: one that dies
 * while the other one is still being connected is another test's matter. */
int stage_open_both(void **state);
int stage_close_both(void **state);

#define assert_hr(got, wanted)                                                                     \
    assert_int_equal((unsigned)(HRESULT)(got), (unsigned)(HRESULT)(wanted))

/* The client's sink. */
struct sink
{
    IOPCDataCallback IOPCDataCallback_iface;
    LONG refs;
    HANDLE event;            /* set by each callback */
    void (*on_change)(void); /* called in each data change; NULL: nothing */
    volatile LONG changes, reads, writes, cancels;
    volatile LONG keep_alives; /* changes without items, with arrays nevertheless */
    volatile LONG refreshes;   /* changes with a transaction id */
    volatile LONG sample_count;
    LONG samples[2000];      /* VT_I4 values of client handle 1, as they came */
    LONG largest_change;     /* the most samples in one change */
    volatile LONG overflows; /* changes whose first item has OPC_S_DATAQUEUEOVERFLOW */
    HRESULT overflow_master; /* master error of the last of them */
    DWORD id;                /* transaction of the last completion */
    DWORD cancelled[8];      /* transactions, as their OnCancelComplete came */
    DWORD thread;            /* of a single-threaded client: the one that it has; else 0 */
    volatile LONG elsewhere; /* callbacks that came in another thread than that one */
    DWORD count;             /* items of the last callback */
    OPCHANDLE clients[16];
    HRESULT errors[16];
    WORD qualities[16];
    volatile LONG object_answers; /* what the last object among the values has answered */
    OPCHANDLE last_bad, lowest;   /* client handles: of the last item told as bad, of all told */
};

struct sink *sink_new(void);
void sink_release(struct sink *sink);

/* Until the counter has reached that value, or the time is up. */
bool sink_wait(struct sink *sink, const volatile LONG *counter, LONG wanted);

extern const struct CMUnitTest identity_tests[], argument_tests[], handle_tests[], group_tests[],
    item_tests[], browse_tests[], point_tests[], async_tests[], lost_tests[], unload_tests[],
    forgotten_tests[], setback_tests[], blanket_tests[], value_tests[], million_tests[],
    silence_tests[], cancel_tests[];
extern const size_t identity_test_count, argument_test_count, handle_test_count, group_test_count,
    item_test_count, browse_test_count, point_test_count, async_test_count, lost_test_count,
    unload_test_count, forgotten_test_count, setback_test_count, blanket_test_count,
    value_test_count, million_test_count, silence_test_count, cancel_test_count;

#endif
