#include "session/secret.h"

#include <dpapi.h>
#include <stdbool.h>
#include <string.h>
#include <wchar.h>

#include "module/memory.h"

struct rm_secret
{
    DWORD size_bytes; /* of what follows, a multiple of CRYPTPROTECTMEMORY_BLOCK_SIZE */
    BYTE bytes[];     /* with padding; protected */
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

struct rm_secret *rm_secret_new(const void *bytes, size_t size_bytes)
{
    const size_t block = CRYPTPROTECTMEMORY_BLOCK_SIZE;
    size_t room = (size_bytes + block - 1) / block * block;
    struct rm_secret *secret = rm_alloc_zero(1, sizeof(*secret) + room);

    if (!secret)
        return NULL;
    secret->size_bytes = (DWORD)room;
    memcpy(secret->bytes, bytes, size_bytes);
    if (protect(secret->bytes, secret->size_bytes))
        return secret;
    rm_secret_free(secret);
    return NULL;
}

struct rm_secret *rm_secret_copy(const struct rm_secret *secret)
{
    return rm_memdup(secret, 1, sizeof(*secret) + secret->size_bytes);
}

struct rm_secret *rm_secret_open(const struct rm_secret *secret)
{
    struct rm_secret *clear = rm_secret_copy(secret);

    if (!clear ||
        system_unprotect(clear->bytes, clear->size_bytes, CRYPTPROTECTMEMORY_SAME_PROCESS))
        return clear;
    rm_secret_free(clear);
    return NULL;
}

void *rm_secret_bytes(struct rm_secret *clear)
{
    return clear->bytes;
}

void rm_secret_free(struct rm_secret *secret)
{
    if (secret)
        SecureZeroMemory(secret->bytes, secret->size_bytes);
    rm_free(secret);
}
