/* operators_test: the group of operators, in a system of the test's own. Each test's name is a row
 * of run.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <windows.h>
#include <lm.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include <hooks/operators.h>
#include <manager/operators_group.h>

/* ---- the system ---------------------------------------------------------------------------- */

static struct
{
    bool exists, forgets; /* forgets: says yes and does nothing, as Wine 8 does */
    wchar_t comment[256];
    DWORD members;
    DWORD add, list, del; /* what these fail with; 0: they don't */
    unsigned deletions;
} fake;

/* A group of that name in a domain is another one. */
static void is_of_this_computer(const wchar_t *account)
{
    wchar_t computer[MAX_COMPUTERNAME_LENGTH + 1], name[256];
    DWORD length = MAX_COMPUTERNAME_LENGTH + 1;

    assert_true(GetComputerNameW(computer, &length));
    _snwprintf(name, sizeof name / sizeof *name, L"%ls\\%ls", computer, RM_OPERATORS_GROUP);
    assert_true(wcscmp(account, name) == 0);
}

BOOL WINAPI LookupAccountNameW(LPCWSTR system, LPCWSTR account, PSID sid, LPDWORD size,
                               LPWSTR domain, LPDWORD length, PSID_NAME_USE use)
{
    (void)system;
    (void)sid;
    (void)size;
    (void)domain;
    (void)length;
    is_of_this_computer(account);
    *use = SidTypeAlias;
    return fake.exists;
}

NET_API_STATUS WINAPI NetLocalGroupAdd(LPCWSTR server, DWORD level, LPBYTE bytes, LPDWORD bad)
{
    const LOCALGROUP_INFO_1 *group = (const void *)bytes;

    (void)bad;
    assert_null(server);
    assert_int_equal(level, 1);
    assert_true(wcscmp(group->lgrpi1_name, RM_OPERATORS_GROUP) == 0);
    if (fake.add)
        return fake.add;
    fake.exists = !fake.forgets;
    wcscpy(fake.comment, group->lgrpi1_comment);
    return NERR_Success;
}

NET_API_STATUS WINAPI NetLocalGroupGetMembers(LPCWSTR server, LPCWSTR group, DWORD level,
                                              LPBYTE *bytes, DWORD most, LPDWORD count,
                                              LPDWORD total, PDWORD_PTR resume)
{
    (void)server;
    (void)group;
    (void)level;
    (void)most;
    (void)resume;
    *bytes = NULL;
    *count = *total = fake.members;
    return fake.list;
}

NET_API_STATUS WINAPI NetLocalGroupGetInfo(LPCWSTR server, LPCWSTR group, DWORD level,
                                           LPBYTE *bytes)
{
    static wchar_t name[] = RM_OPERATORS_GROUP;
    static LOCALGROUP_INFO_1 info;

    (void)server;
    (void)group;
    assert_int_equal(level, 1);
    info = (LOCALGROUP_INFO_1){name, fake.comment};
    *bytes = (BYTE *)&info;
    return NERR_Success;
}

NET_API_STATUS WINAPI NetApiBufferFree(LPVOID buffer)
{
    (void)buffer;
    return NERR_Success;
}

NET_API_STATUS WINAPI NetLocalGroupDel(LPCWSTR server, LPCWSTR group)
{
    (void)server;
    (void)group;
    if (fake.del)
        return fake.del;
    fake.deletions++;
    fake.exists = false;
    return NERR_Success;
}

/* ---- the tests ----------------------------------------------------------------------------- */

static int reset(void **state)
{
    (void)state;
    memset(&fake, 0, sizeof fake);
    return 0;
}

static void make(DWORD wanted, enum rm_operators_group wanted_done)
{
    enum rm_operators_group done = (enum rm_operators_group)77;

    assert_int_equal(rm_operators_group_make(&done), wanted);
    assert_int_equal(done, wanted_done);
}

static void take_away(DWORD wanted, enum rm_operators_group wanted_done)
{
    enum rm_operators_group done = (enum rm_operators_group)77;

    assert_int_equal(rm_operators_group_remove(&done), wanted);
    assert_int_equal(done, wanted_done);
}

static void made_and_taken_away(void **state)
{
    (void)state;
    make(0, RM_OPERATORS_DONE);
    make(0, RM_OPERATORS_NOTHING);
    take_away(0, RM_OPERATORS_DONE);
    take_away(0, RM_OPERATORS_NOTHING);
    assert_int_equal(fake.deletions, 1);
}

static void members_keep_it(void **state)
{
    (void)state;
    make(0, RM_OPERATORS_DONE);
    fake.members = 1;
    make(0, RM_OPERATORS_NOTHING);
    take_away(0, RM_OPERATORS_KEPT);
    fake.members = 0;
    fake.list = ERROR_ACCESS_DENIED; /* nobody knows whether it has any */
    take_away(ERROR_ACCESS_DENIED, RM_OPERATORS_KEPT);
    assert_int_equal(fake.deletions, 0);
}

static void another_description_keeps_it(void **state)
{
    (void)state;
    fake.exists = true;
    wcscpy(fake.comment, L"the night shift");
    make(0, RM_OPERATORS_NOTHING);
    take_away(0, RM_OPERATORS_KEPT);
    assert_int_equal(fake.deletions, 0);
}

static void failures_are_told(void **state)
{
    (void)state;
    fake.add = ERROR_ACCESS_DENIED;
    make(ERROR_ACCESS_DENIED, RM_OPERATORS_NOTHING);
    fake.add = 0;
    fake.forgets = true;
    make(0, RM_OPERATORS_NO_SUCH);
    fake.forgets = false;
    make(0, RM_OPERATORS_DONE);
    fake.del = ERROR_ACCESS_DENIED;
    take_away(ERROR_ACCESS_DENIED, RM_OPERATORS_KEPT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(made_and_taken_away, reset),
        cmocka_unit_test_setup(members_keep_it, reset),
        cmocka_unit_test_setup(another_description_keeps_it, reset),
        cmocka_unit_test_setup(failures_are_told, reset),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
