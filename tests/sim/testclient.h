/* testclient.h: what the tests of the simulator share: a client with a recording sink.
 *
 * Ownership: a session owns its pointers until sim_client_close; strings given stay the caller's.
 * Threads: the tests run on one thread of the multithreaded apartment; the sink records what COM's
 * threads bring, under its own lock.
 * Errors: helpers fail the running test.
 */
#ifndef SIM_TESTCLIENT_H
#define SIM_TESTCLIENT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <windows.h>
#include <cmocka.h>

#include <opc/opccomn.h>
#include <opc/opcconst.h>
#include <opc/opcda.h>
#include <opc/opcerror.h>
#include <stdbool.h>

#define RECORDS_MAX 60000
#define WAIT_MS     5000

enum record_kind
{
    RECORD_CHANGE,
    RECORD_READ,
    RECORD_WRITE,
    RECORD_CANCEL
};

/* One item of one callback; a cancel has no item. */
struct record
{
    enum record_kind kind;
    DWORD callback; /* number of the callback */
    DWORD transaction;
    DWORD client_group;
    DWORD client_handle;
    VARTYPE type;
    double number; /* the value, where it is one */
    WORD quality;
    uint64_t stamp;
    HRESULT error;
    HRESULT master_quality;
    HRESULT master_error;
};

struct sink
{
    IOPCDataCallback IOPCDataCallback_iface;
    IOPCShutdown IOPCShutdown_iface;
    LONG refs;
    CRITICAL_SECTION lock; /* protects the records and the counts */
    struct record *records;
    DWORD record_count;
    DWORD callback_count;
    DWORD shutdown_count;
};

struct session
{
    IOPCServer *server;
    IOPCItemMgt *items; /* of `group` */
    IOPCGroupStateMgt *group;
    IOPCSyncIO *sync;
    IOPCAsyncIO2 *async;
    IConnectionPoint *point;
    DWORD cookie;
    DWORD group_handle;
    struct sink *sink;
};

/* "A" of RMSim.A.1. An activation of its own: a second each. */
IOPCServer *test_connect(const wchar_t *machine);

/* The same after the machine was registered anew with these options; ends without faults. */
IOPCServer *test_connect_with(const wchar_t *machine, const wchar_t *options);

/* The one session with SimTestA that most tests share; they leave it without groups. */
IOPCServer *test_shared(void);
void test_release_shared(void);
void *test_query(void *object, const IID *iid);

/* A session on one group of that rate. */
void test_open(struct session *session, IOPCServer *server, DWORD rate_ms, bool is_active);
void test_close(struct session *session);
DWORD test_add(struct session *session, const wchar_t *id, DWORD client_handle, VARTYPE type);
void test_advise(struct session *session);
void test_unadvise(struct session *session);

/* The records from `first` on that are of that kind; waits until there are `count` of them. */
DWORD test_wait(struct session *session, enum record_kind kind, DWORD count);
DWORD test_count(struct session *session, enum record_kind kind);
struct record test_record(struct session *session, enum record_kind kind, DWORD number);
void test_forget(struct session *session);
void test_forget_kind(struct session *session, enum record_kind kind);

/* Reads one item; the caller clears the value. */
HRESULT test_read(struct session *session, OPCDATASOURCE source, DWORD handle, OPCITEMSTATE *state);
HRESULT test_write(struct session *session, DWORD handle, VARIANT value);

/* The item's own result; `handle` may be NULL. The item ID has less than 1024 characters. */
HRESULT test_try_add(struct session *session, const wchar_t *id, DWORD *handle);
HRESULT test_validate(struct session *session, const wchar_t *id);

OPCSERVERSTATE test_state(IOPCServer *server);

/* A process of SimTestE of its own, without faults, and a session on one group of it. */
IOPCServer *test_open_machine(struct session *session);
void test_close_machine(struct session *session, IOPCServer *server);

WORD test_quality(struct session *session, OPCDATASOURCE source, DWORD handle);

/* Instead of test_close where the server's side is gone already. */
void test_drop(struct session *session);

VARIANT test_i4(LONG value);
VARIANT test_r8(double value);

/* Runs `rmsim ARGUMENTS` and returns its exit status. */
DWORD test_rmsim(const wchar_t *arguments);

struct sink *test_sink_create(void);

extern const struct CMUnitTest server_tests[];
extern const size_t server_test_count;
extern const struct CMUnitTest browse_tests[];
extern const size_t browse_test_count;
extern const struct CMUnitTest group_tests[];
extern const size_t group_test_count;
extern const struct CMUnitTest callback_tests[];
extern const size_t callback_test_count;
extern const struct CMUnitTest fault_tests[];
extern const size_t fault_test_count;
extern const struct CMUnitTest plant_tests[];
extern const size_t plant_test_count;
extern const struct CMUnitTest optional_tests[];
extern const size_t optional_test_count;

extern const struct CMUnitTest fault_call_tests[];
extern const size_t fault_call_test_count;
extern const struct CMUnitTest fault_at_tests[];
extern const size_t fault_at_test_count;
extern const struct CMUnitTest fault_item_tests[];
extern const size_t fault_item_test_count;
extern const struct CMUnitTest difficult_tests[];
extern const size_t difficult_test_count;
extern const struct CMUnitTest difficult_async_tests[];
extern const size_t difficult_async_test_count;

#endif
