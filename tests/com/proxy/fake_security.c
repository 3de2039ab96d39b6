#include "fake_security.h"

#include <string.h>
#include <wchar.h>

#define SECURITY_WIN32
#include <sspi.h>

#define SAID_MAX 400

static SRWLOCK lock = SRWLOCK_INIT;
static struct said_blanket said[SAID_MAX];
static LONG said_count;
static volatile LONG asker_had_token;

static bool has_token(void)
{
    HANDLE token;

    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
        return false;
    CloseHandle(token);
    return true;
}

static void copy_text(WCHAR to[64], const unsigned short *from, DWORD length)
{
    memcpy(to, from, (length < 63 ? length : 63) * sizeof(*to));
}

/* The flat form has places instead of pointers, and one for its credentials. */
static void copy_flat(struct said_blanket *blanket, const SEC_WINNT_AUTH_IDENTITY_EX2 *flat)
{
    const BYTE *base = (const BYTE *)flat;

    copy_text(blanket->user, (const void *)(base + flat->UserOffset),
              flat->UserLength / sizeof(WCHAR));
    copy_text(blanket->password, (const void *)(base + flat->PackedCredentialsOffset),
              flat->PackedCredentialsLength / sizeof(WCHAR));
}

static void copy_identity(struct said_blanket *blanket, const void *identity)
{
    const SEC_WINNT_AUTH_IDENTITY_EXW *versioned = identity;
    const SEC_WINNT_AUTH_IDENTITY_W *plain = identity;

    blanket->has_default_identity = (intptr_t)identity == -1;
    blanket->has_identity = identity && !blanket->has_default_identity;
    if (!blanket->has_identity)
        return;
    if (versioned->Version == SEC_WINNT_AUTH_IDENTITY_VERSION)
    {
        copy_text(blanket->user, versioned->User, versioned->UserLength);
        copy_text(blanket->password, versioned->Password, versioned->PasswordLength);
        return;
    }
    if (versioned->Version == SEC_WINNT_AUTH_IDENTITY_VERSION_2)
    {
        copy_flat(blanket, identity);
        return;
    }
    copy_text(blanket->user, plain->User, plain->UserLength);
    copy_text(blanket->password, plain->Password, plain->PasswordLength);
}

static const IID *iid_of(IUnknown *proxy)
{
    static const IID *const iids[] = {&IID_IOPCServer, &IID_IOPCCommon, &IID_IOPCSyncIO,
                                      &IID_IOPCItemProperties, &IID_IConnectionPoint};

    for (size_t i = 0; i < ARRAYSIZE(iids); i++)
    {
        IUnknown *same;

        if (FAILED(IUnknown_QueryInterface(proxy, iids[i], (void **)&same)))
            continue;
        IUnknown_Release(same);
        if (same == proxy)
            return iids[i];
    }
    return NULL;
}

static HRESULT WINAPI fake_set(IUnknown *proxy, DWORD authentication, DWORD authorization,
                               OLECHAR *principal, DWORD level, DWORD impersonation,
                               RPC_AUTH_IDENTITY_HANDLE identity, DWORD capabilities)
{
    struct said_blanket blanket = {.proxy = proxy,
                                   .iid = iid_of(proxy),
                                   .authentication = authentication,
                                   .authorization = authorization,
                                   .level = level,
                                   .impersonation = impersonation,
                                   .capabilities = capabilities,
                                   .has_token = has_token()};

    if (principal == COLE_DEFAULT_PRINCIPAL)
        wcscpy(blanket.principal, L"default");
    else if (principal)
        wcsncpy(blanket.principal, principal, ARRAYSIZE(blanket.principal) - 1);
    copy_identity(&blanket, identity);
    AcquireSRWLockExclusive(&lock);
    if (said_count < SAID_MAX)
        said[said_count++] = blanket;
    ReleaseSRWLockExclusive(&lock);
    return S_OK;
}

static void put(DWORD *place, DWORD value)
{
    if (place)
        *place = value;
}

/* A proxy of which nothing was said is at the level of a connection, as an old host has it. */
static HRESULT WINAPI fake_query(IUnknown *proxy, DWORD *authentication, DWORD *authorization,
                                 LPOLESTR *principal, DWORD *level, DWORD *impersonation,
                                 RPC_AUTH_IDENTITY_HANDLE *identity, DWORD *capabilities)
{
    struct said_blanket found = {.authentication = RPC_C_AUTHN_WINNT,
                                 .level = RPC_C_AUTHN_LEVEL_CONNECT,
                                 .impersonation = RPC_C_IMP_LEVEL_IDENTIFY};

    (void)identity;
    asker_had_token = has_token();
    AcquireSRWLockShared(&lock);
    for (LONG i = 0; i < said_count; i++)
        found = said[i].proxy == proxy ? said[i] : found;
    ReleaseSRWLockShared(&lock);
    put(authentication, found.authentication);
    put(authorization, found.authorization);
    put(level, found.level);
    put(impersonation, found.impersonation);
    put(capabilities, found.capabilities);
    if (principal)
    {
        *principal = CoTaskMemAlloc(sizeof(found.principal));
        wcscpy(*principal, found.principal);
    }
    return S_OK;
}

static ULONG_PTR *find_import(const char *name)
{
    BYTE *base = (BYTE *)GetModuleHandleW(L"redundancymaster.dll");
    IMAGE_DOS_HEADER *dos = (IMAGE_DOS_HEADER *)(void *)base;
    IMAGE_NT_HEADERS *headers;
    IMAGE_IMPORT_DESCRIPTOR *import;

    assert_non_null(base);
    headers = (IMAGE_NT_HEADERS *)(void *)(base + dos->e_lfanew);
    import =
        (IMAGE_IMPORT_DESCRIPTOR *)(void *)(base + headers->OptionalHeader
                                                       .DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT]
                                                       .VirtualAddress);
    for (; import->Name; import++)
    {
        IMAGE_THUNK_DATA *names = (IMAGE_THUNK_DATA *)(void *)(base + import->OriginalFirstThunk);
        IMAGE_THUNK_DATA *places = (IMAGE_THUNK_DATA *)(void *)(base + import->FirstThunk);

        for (; names->u1.AddressOfData; names++, places++)
        {
            const IMAGE_IMPORT_BY_NAME *by_name;

            if (IMAGE_SNAP_BY_ORDINAL(names->u1.Ordinal))
                continue;
            by_name = (const IMAGE_IMPORT_BY_NAME *)(void *)(base + names->u1.AddressOfData);
            if (strcmp((const char *)by_name->Name, name) == 0)
                return (ULONG_PTR *)&places->u1.Function;
        }
    }
    fail_msg("redundancymaster.dll doesn't import %s", name);
    return NULL;
}

static ULONG_PTR replace(const char *name, ULONG_PTR function)
{
    ULONG_PTR *place = find_import(name), before = *place;
    DWORD protection;

    assert_true(VirtualProtect(place, sizeof(*place), PAGE_READWRITE, &protection));
    *place = function;
    VirtualProtect(place, sizeof(*place), protection, &protection);
    return before;
}

static ULONG_PTR real_set, real_query;

void fake_security_start(void)
{
    said_count = 0;
    asker_had_token = FALSE;
    real_set = replace("CoSetProxyBlanket", (ULONG_PTR)fake_set);
    real_query = replace("CoQueryProxyBlanket", (ULONG_PTR)fake_query);
}

void fake_security_stop(void)
{
    replace("CoSetProxyBlanket", real_set);
    replace("CoQueryProxyBlanket", real_query);
}

LONG fake_security_count(const IID *iid, DWORD level, struct said_blanket *last)
{
    LONG count = 0;

    AcquireSRWLockShared(&lock);
    for (LONG i = 0; i < said_count; i++)
    {
        if (said[i].iid != iid || said[i].level != level)
            continue;
        count++;
        if (last)
            *last = said[i];
    }
    ReleaseSRWLockShared(&lock);
    return count;
}

bool fake_security_wait(const IID *iid, DWORD level, LONG count)
{
    ULONGLONG until = GetTickCount64() + WAIT_MS;

    while (fake_security_count(iid, level, NULL) < count && GetTickCount64() < until)
        stage_pump(NULL, 20);
    return fake_security_count(iid, level, NULL) >= count;
}

bool fake_security_asker_had_token(void)
{
    return asker_had_token != FALSE;
}
