/* owner_test: whom the client's end of the service's pipe talks to, in a system of the test's own.
 * Each test's name is a row of run.sh. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <windows.h>
#include <aclapi.h>
#include <wchar.h>

#include <cmocka.h>

#include "service_pipe_internal.h"

#define NAME L"\\\\.\\pipe\\RedundancyMaster.Test"

/* ---- the system ---------------------------------------------------------------------------- */

static struct
{
    WELL_KNOWN_SID_TYPE owner; /* of the pipe */
    DWORD security;            /* what asking for that fails with */
    ULONG server;              /* process that has made the pipe; 0: that can't be found out */
    DWORD service;             /* process of the service; 0: it isn't installed, or stopped */
    unsigned asked, open;
} fake;

static BYTE sid[SECURITY_MAX_SID_SIZE];

DWORD WINAPI GetSecurityInfo(HANDLE handle, SE_OBJECT_TYPE type, SECURITY_INFORMATION wanted,
                             PSID *owner, PSID *group, PACL *dacl, PACL *sacl,
                             PSECURITY_DESCRIPTOR *descriptor)
{
    DWORD size = sizeof sid;

    (void)handle;
    (void)group;
    (void)dacl;
    (void)sacl;
    assert_int_equal(type, SE_KERNEL_OBJECT);
    assert_int_equal(wanted, OWNER_SECURITY_INFORMATION);
    assert_true(CreateWellKnownSid(fake.owner, NULL, sid, &size));
    *owner = sid;
    *descriptor = sid;
    return fake.security;
}

HLOCAL WINAPI fake_LocalFree(HLOCAL memory);
HLOCAL WINAPI fake_LocalFree(HLOCAL memory)
{
    assert_ptr_equal(memory, sid);
    return NULL;
}

BOOL WINAPI fake_GetNamedPipeServerProcessId(HANDLE pipe, PULONG server);
BOOL WINAPI fake_GetNamedPipeServerProcessId(HANDLE pipe, PULONG server)
{
    (void)pipe;
    *server = fake.server;
    return fake.server != 0;
}

SC_HANDLE WINAPI OpenSCManagerW(LPCWSTR machine, LPCWSTR database, DWORD access)
{
    assert_null(machine);
    assert_null(database);
    assert_int_equal(access, SC_MANAGER_CONNECT);
    fake.asked++;
    fake.open++;
    return (SC_HANDLE)(void *)&fake.asked;
}

SC_HANDLE WINAPI OpenServiceW(SC_HANDLE manager, LPCWSTR name, DWORD access)
{
    assert_ptr_equal(manager, &fake.asked);
    assert_true(wcscmp(name, L"RedundancyMaster.Test") == 0);
    assert_int_equal(access, SERVICE_QUERY_STATUS); /* what an ordinary user has */
    fake.open++;
    return (SC_HANDLE)(void *)&fake.open;
}

BOOL WINAPI QueryServiceStatusEx(SC_HANDLE service, SC_STATUS_TYPE level, LPBYTE bytes, DWORD size,
                                 LPDWORD needed)
{
    SERVICE_STATUS_PROCESS *status = (void *)bytes;

    (void)level;
    (void)needed;
    assert_ptr_equal(service, &fake.open);
    assert_int_equal(size, sizeof *status);
    status->dwProcessId = fake.service;
    return TRUE;
}

BOOL WINAPI CloseServiceHandle(SC_HANDLE handle)
{
    (void)handle;
    fake.open--;
    return TRUE;
}

/* ---- the tests ----------------------------------------------------------------------------- */

static void decide(WELL_KNOWN_SID_TYPE owner, ULONG server, DWORD service, bool wanted)
{
    fake.owner = owner;
    fake.server = server;
    fake.service = service;
    fake.asked = 0;
    assert_int_equal(rm_service_pipe_is_trusted(&fake, NAME), wanted);
    assert_int_equal(fake.open, 0);
}

static void owners_that_are_trusted(void **state)
{
    (void)state;
    decide(WinLocalSystemSid, 0, 0, true);
    decide(WinBuiltinAdministratorsSid, 0, 0, true);
    assert_int_equal(fake.asked, 0); /* the service manager need not be asked */
}

static void a_service_with_an_account_of_its_own(void **state)
{
    (void)state;
    decide(WinLocalServiceSid, 4711, 4711, true);
    assert_int_equal(fake.asked, 1);
}

static void anybody_else(void **state)
{
    (void)state;
    decide(WinLocalServiceSid, 4711, 4712, false); /* beside a service that runs */
    decide(WinLocalServiceSid, 4711, 0, false);
    decide(WinLocalServiceSid, 0, 0, false);
    decide(WinWorldSid, 0, 4711, false);
}

static void an_owner_that_is_not_told(void **state)
{
    (void)state;
    fake.security = ERROR_ACCESS_DENIED;
    decide(WinLocalSystemSid, 0, 0, false);
    decide(WinLocalSystemSid, 4711, 4711, true);
    fake.security = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(owners_that_are_trusted),
        cmocka_unit_test(a_service_with_an_account_of_its_own),
        cmocka_unit_test(anybody_else),
        cmocka_unit_test(an_owner_that_is_not_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
