/* tests/com/proxy/stage3.h: what the tests of Data Access 3.0 share: sessions over machines of that
 * version, groups with all their interfaces, and the same directly on the server.
 *
 * Units, ownership, threads, errors: as stage.h.
 */
#ifndef PROXY_STAGE3_H
#define PROXY_STAGE3_H

#include "stage.h"

#define PROGID3  L"RMSim.P3A.1" /* over P3A and P3B, both 3.0 */
#define PROGIDG  L"RMSim.PGA.1" /* over PGA and PGB, both 3.0 with public groups */
#define PROGID32 L"RMSim.P3C.1" /* over P3C, which is 3.0, and PB, which is 2.05a */

/* A new session through redundancymaster.dll, or the server itself. */
IOPCServer *stage3_connect(const WCHAR *prog_id, bool is_direct);

struct stage3_group
{
    IOPCServer *server;
    IOPCItemMgt *items;
    IOPCGroupStateMgt2 *state;
    IOPCSyncIO2 *sync;
    IOPCAsyncIO3 *async;
    IOPCItemDeadbandMgt *deadband;
    IOPCItemSamplingMgt *sampling;
    OPCHANDLE handle;
    IConnectionPoint *point; /* NULL: not advised */
    DWORD cookie;
    struct sink *sink;
};

/* An active group of 100 ms. */
void stage3_open(struct stage3_group *group, IOPCServer *server, const WCHAR *name);

/* The interfaces of a group that is there already; takes over the reference. */
void stage3_take(struct stage3_group *group, IOPCServer *server, IUnknown *unknown);
void stage3_advise(struct stage3_group *group);
void stage3_close(struct stage3_group *group);

OPCHANDLE stage3_add(struct stage3_group *group, const WCHAR *id, OPCHANDLE client);

/* The whole call for one item; the item's own result. */
HRESULT stage3_set_deadband(struct stage3_group *group, OPCHANDLE handle, FLOAT deadband);
HRESULT stage3_get_deadband(struct stage3_group *group, OPCHANDLE handle, FLOAT *deadband);
HRESULT stage3_clear_deadband(struct stage3_group *group, OPCHANDLE handle);
HRESULT stage3_set_rate(struct stage3_group *group, OPCHANDLE handle, DWORD rate_ms);
HRESULT stage3_get_rate(struct stage3_group *group, OPCHANDLE handle, DWORD *rate_ms);
HRESULT stage3_clear_rate(struct stage3_group *group, OPCHANDLE handle);
HRESULT stage3_set_buffer(struct stage3_group *group, OPCHANDLE handle, BOOL is_buffered);
HRESULT stage3_get_buffer(struct stage3_group *group, OPCHANDLE handle, BOOL *is_buffered);

void stage3_wait_state(IOPCServer *server, OPCSERVERSTATE wanted);

/* After a machine was ended: until the session has another one. */
void stage3_wait_running(IOPCServer *server);

/* All machines of these tests are well again: before each test. */
int stage3_clear(void **state);

#define stage3_test(test) cmocka_unit_test_setup(test, stage3_clear)

extern const struct CMUnitTest da3_same_tests[], da3_argument_tests[], da3_switch_tests[],
    da3_async_tests[], gap_tests[], object_tests[];
extern const size_t da3_same_test_count, da3_argument_test_count, da3_switch_test_count,
    da3_async_test_count, gap_test_count, object_test_count;

#endif
