#include "session/security.h"

#include <dpapi.h>
#include <objbase.h>
#include <string.h>
#include <wchar.h>

#include "module/memory.h"

struct rm_credentials
{
    DWORD size_bytes; /* of what follows, a multiple of CRYPTPROTECTMEMORY_BLOCK_SIZE */
    BYTE texts[];     /* two texts, each with its end, and padding; protected */
};

typedef BOOL(WINAPI *memory_function)(void *, DWORD, DWORD);

static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static memory_function system_protect, system_unprotect;

/* Looked up, for most clients never log on and should not have to load it. It stays loaded. */
static BOOL CALLBACK look_up(PINIT_ONCE control, void *parameter, void **context)
{
    WCHAR path[MAX_PATH];
    UINT length = GetSystemDirectoryW(path, MAX_PATH);
    FARPROC protect = NULL, unprotect = NULL;
    HMODULE crypt = NULL;

    (void)control;
    (void)parameter;
    (void)context;
    if (length && length + ARRAYSIZE(L"\\crypt32.dll") <= MAX_PATH)
    {
        wcscpy(path + length, L"\\crypt32.dll");
        crypt = LoadLibraryW(path);
    }
    if (crypt)
    {
        protect = GetProcAddress(crypt, "CryptProtectMemory");
        unprotect = GetProcAddress(crypt, "CryptUnprotectMemory");
    }
    system_protect = (memory_function)(void (*)(void))protect;
    system_unprotect = (memory_function)(void (*)(void))unprotect;
    return TRUE;
}

static bool protect(void *block, DWORD size_bytes)
{
    InitOnceExecuteOnce(&once, look_up, NULL, NULL);
    return system_protect && system_unprotect &&
           system_protect(block, size_bytes, CRYPTPROTECTMEMORY_SAME_PROCESS);
}

static size_t size_of(const WCHAR *text)
{
    return (wcslen(text) + 1) * sizeof(*text);
}

struct rm_credentials *rm_credentials_new(const WCHAR *user, const WCHAR *password)
{
    const size_t block = CRYPTPROTECTMEMORY_BLOCK_SIZE;
    size_t user_bytes = size_of(user), password_bytes = size_of(password);
    size_t size_bytes = (user_bytes + password_bytes + block - 1) / block * block;
    struct rm_credentials *credentials = rm_alloc_zero(1, sizeof(*credentials) + size_bytes);

    if (!credentials)
        return NULL;
    credentials->size_bytes = (DWORD)size_bytes;
    memcpy(credentials->texts, user, user_bytes);
    memcpy(credentials->texts + user_bytes, password, password_bytes);
    if (protect(credentials->texts, credentials->size_bytes))
        return credentials;
    rm_credentials_free(credentials);
    return NULL;
}

struct rm_credentials *rm_credentials_copy(const struct rm_credentials *credentials)
{
    return rm_memdup(credentials, 1, sizeof(*credentials) + credentials->size_bytes);
}

void rm_credentials_free(struct rm_credentials *credentials)
{
    if (credentials)
        SecureZeroMemory(credentials->texts, credentials->size_bytes);
    rm_free(credentials);
}

HRESULT rm_credentials_log_on(const struct rm_credentials *credentials, IOPCSecurityPrivate *real,
                              bool is_level_refused)
{
    struct rm_credentials *clear = rm_credentials_copy(credentials);
    HRESULT hr = E_OUTOFMEMORY;

    if (!clear)
        return hr;
    /* Refusal isn't fatal: the server says what it needs (OPC_S_LOW_AUTHN_LEVEL). */
    if (!is_level_refused)
        CoSetProxyBlanket((IUnknown *)real, RPC_C_AUTHN_DEFAULT, RPC_C_AUTHZ_DEFAULT,
                          COLE_DEFAULT_PRINCIPAL, RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
                          RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_DEFAULT);
    if (system_unprotect(clear->texts, clear->size_bytes, CRYPTPROTECTMEMORY_SAME_PROCESS))
    {
        const WCHAR *user = (const WCHAR *)(const void *)clear->texts;

        hr = IOPCSecurityPrivate_Logon(real, user, user + wcslen(user) + 1);
    }
    else
        hr = HRESULT_FROM_WIN32(GetLastError());
    rm_credentials_free(clear);
    return hr;
}

/* The server sees the identity of the proxy, which is the process's unless it is told to look at
 * the thread. A copy of the proxy is, so that it stays the affair of this one call. */
HRESULT rm_security_change_user(IOPCSecurityNT *real, bool is_level_refused)
{
    DWORD level = is_level_refused ? RPC_C_AUTHN_LEVEL_DEFAULT : RPC_C_AUTHN_LEVEL_PKT_INTEGRITY;
    IUnknown *copy = NULL;
    HANDLE token;
    HRESULT hr;

    if (OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token))
    {
        CloseHandle(token);
        hr = CoCopyProxy((IUnknown *)real, &copy);
        if (SUCCEEDED(hr))
            CoSetProxyBlanket(copy, RPC_C_AUTHN_DEFAULT, RPC_C_AUTHZ_DEFAULT,
                              COLE_DEFAULT_PRINCIPAL, level, RPC_C_IMP_LEVEL_IMPERSONATE, NULL,
                              EOAC_STATIC_CLOAKING);
    }
    if (!copy)
        return IOPCSecurityNT_ChangeUser(real);
    hr = IOPCSecurityNT_ChangeUser((IOPCSecurityNT *)copy);
    IUnknown_Release(copy);
    return hr;
}

void rm_security_clear(struct rm_security *security)
{
    rm_credentials_free(security->credentials);
    security->credentials = NULL;
    if (security->user)
        CloseHandle(security->user);
    security->user = NULL;
}
