/* tests/com/proxy/server_stage.h: what the tests of the server object's further interfaces share.
 *
 * Two simulated machines of Data Access 3.0 with everything that is optional. Each test opens
 * sessions of its own, for it may switch them to the other machine; beside them a direct connection
 * to the first machine's class shows what a client gets without us.
 *
 * Units: milliseconds.
 * Ownership: what a test opens it releases.
 * Threads: one, but for struct killer.
 * Errors: helpers fail the running test.
 */
#ifndef PROXY_SERVER_STAGE_H
#define PROXY_SERVER_STAGE_H

#include "stage.h"

#include <opc/opcsec.h>

#define DA3_PROGID L"RMSim.QA.1"

#define RPC_LOST ((HRESULT)0x800706BEL) /* the outcome is unknown */

/* Where the machines journal; by the command line. */
extern const WCHAR *server_journals;

/* Both machines are there and without faults; a session on the first one. */
IOPCServer *server_open_through(void);
IOPCServer *server_open_direct(void);

/* The interface of a new object, which is the only reference to it. */
void *server_interface_through(const IID *iid);
void *server_interface_direct(const IID *iid);

/* The last reference. */
void server_close(void *object);

/* Kills the machine QA for good as soon as a call waits in it. */
struct killer
{
    HANDLE thread;
};

/* The next call of that method waits in QA. */
void killer_start(struct killer *killer, const WCHAR *method);
void killer_join(struct killer *killer);

/* Until a machine answers again; what GetStatus says then. */
HRESULT server_wait_back(IUnknown *object);

/* How often a value was written to an item on a machine ("QA"), by its journals. */
unsigned server_count_writes(const WCHAR *machine, const char *item, const char *value);

/* Whether `rmctl status` shows that text. */
bool server_has_event(const char *text);

/* The same text, or both NULL. */
void assert_same_text(const WCHAR *left, const WCHAR *right);

/* Of equal type and value. */
void assert_same_value(const VARIANT *left, const VARIANT *right);

/* Around all of public_tests. */
int server_open_public(void **state);
int server_close_public(void **state);

extern const struct CMUnitTest browse3_tests[], item_io_tests[], memory_tests[], partner_tests[],
    persist_tests[], public_tests[], security_tests[];
extern const size_t browse3_test_count, item_io_test_count, memory_test_count, partner_test_count,
    persist_test_count, public_test_count, security_test_count;

#endif
