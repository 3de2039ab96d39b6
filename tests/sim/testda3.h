/* testda3.h: what the tests of Data Access 3.0 share beside testclient.h.
 *
 * SimTestC is a server of 2.05a and 3.0 whose counters count every 20 ms; SimTestD has 3.0 only.
 *
 * Ownership: who gets an array frees it, with the helpers here.
 * Threads: as testclient.h says.
 * Errors: helpers fail the running test.
 */
#ifndef SIM_TESTDA3_H
#define SIM_TESTDA3_H

#include "testclient.h"

#define TEST_PERIOD_MS 20

/* The one session with SimTestC; tests leave it without groups. */
IOPCServer *test_da3(void);
void test_da3_release(void);

/* Only a value. */
OPCITEMVQT test_vqt(VARIANT value);

/* Waits until the sink has got so many callbacks, empty ones too; returns how many it has. */
DWORD test_wait_callbacks(struct session *session, DWORD count);

/* Reads one item by IOPCSyncIO2; the caller clears the value. */
HRESULT test_read_max_age(struct session *session, DWORD handle, DWORD max_age, VARIANT *value,
                          WORD *quality, FILETIME *stamp);

extern const struct CMUnitTest da3_server_tests[];
extern const size_t da3_server_test_count;
extern const struct CMUnitTest da3_browse_tests[];
extern const size_t da3_browse_test_count;
extern const struct CMUnitTest da3_group_tests[];
extern const size_t da3_group_test_count;
extern const struct CMUnitTest da3_item_tests[];
extern const size_t da3_item_test_count;
extern const struct CMUnitTest difficult_da3_tests[];
extern const size_t difficult_da3_test_count;
extern const struct CMUnitTest dialect_tests[];
extern const size_t dialect_test_count;

#endif
