#include "session/identity.h"

#include <string.h>

#define SECURITY_WIN32
#include <sspi.h>

#include "module/memory.h"

#define TEXT_MAX       65536
#define TEXTS          4
#define FLAT_MAX       (4 * TEXT_MAX)
#define FORM_PLAIN     0 /* no version: its first member is a pointer */
#define IS_WIDE(flags) (((flags)&SEC_WINNT_AUTH_IDENTITY_UNICODE) != 0)

/* The block: this, and the texts one behind the other; or, flat as it is, the structure itself. */
struct kept_identity
{
    DWORD form, flags;
    DWORD lengths[TEXTS]; /* user, domain, password, packages */
    union
    {
        SEC_WINNT_AUTH_IDENTITY_W plain;
        SEC_WINNT_AUTH_IDENTITY_EXW versioned;
    } opened; /* filled by rm_identity_open */
};

struct parts
{
    DWORD form, flags;
    const void *texts[TEXTS];
    DWORD lengths[TEXTS];
};

static void take_plain(const SEC_WINNT_AUTH_IDENTITY_W *plain, struct parts *parts)
{
    parts->flags = plain->Flags;
    parts->texts[0] = plain->User;
    parts->lengths[0] = plain->UserLength;
    parts->texts[1] = plain->Domain;
    parts->lengths[1] = plain->DomainLength;
    parts->texts[2] = plain->Password;
    parts->lengths[2] = plain->PasswordLength;
}

static void take_versioned(const SEC_WINNT_AUTH_IDENTITY_EXW *versioned, struct parts *parts)
{
    parts->flags = versioned->Flags;
    parts->texts[0] = versioned->User;
    parts->lengths[0] = versioned->UserLength;
    parts->texts[1] = versioned->Domain;
    parts->lengths[1] = versioned->DomainLength;
    parts->texts[2] = versioned->Password;
    parts->lengths[2] = versioned->PasswordLength;
    parts->texts[3] = versioned->PackageList;
    parts->lengths[3] = versioned->PackageListLength;
}

static size_t text_bytes(const struct parts *parts, int i)
{
    return parts->texts[i] ? parts->lengths[i] * (IS_WIDE(parts->flags) ? sizeof(WCHAR) : 1) : 0;
}

/* Each text with an end that COM may look for. */
static HRESULT keep_texts(const struct parts *parts, struct rm_secret **kept_out)
{
    struct kept_identity *block;
    size_t size = sizeof(*block);
    BYTE *at;

    for (int i = 0; i < TEXTS; i++)
    {
        if (parts->lengths[i] > TEXT_MAX)
            return E_INVALIDARG;
        size += text_bytes(parts, i) + sizeof(WCHAR);
    }
    block = rm_alloc_zero(1, size);
    if (!block)
        return E_OUTOFMEMORY;
    block->form = parts->form;
    block->flags = parts->flags;
    at = (BYTE *)(block + 1);
    for (int i = 0; i < TEXTS; i++)
    {
        block->lengths[i] = parts->texts[i] ? parts->lengths[i] : MAXDWORD;
        memcpy(at, parts->texts[i] ? parts->texts[i] : at, text_bytes(parts, i));
        at += text_bytes(parts, i) + sizeof(WCHAR);
    }
    *kept_out = rm_secret_new(block, size);
    SecureZeroMemory(block, size);
    rm_free(block);
    return *kept_out ? S_OK : E_OUTOFMEMORY;
}

static HRESULT keep_flat(const SEC_WINNT_AUTH_IDENTITY_EX2 *flat, struct rm_secret **kept_out)
{
    if (flat->cbStructureLength < sizeof(*flat) || flat->cbStructureLength > FLAT_MAX)
        return E_INVALIDARG;
    *kept_out = rm_secret_new(flat, flat->cbStructureLength);
    return *kept_out ? S_OK : E_OUTOFMEMORY;
}

/* The first member says which form it is, as Windows itself finds out. */
HRESULT rm_identity_keep(const void *identity, struct rm_secret **kept_out)
{
    struct parts parts = {.form = FORM_PLAIN};

    *kept_out = NULL;
    switch (*(const DWORD *)identity)
    {
    case SEC_WINNT_AUTH_IDENTITY_VERSION_2: return keep_flat(identity, kept_out);
    case SEC_WINNT_AUTH_IDENTITY_VERSION:
        parts.form = SEC_WINNT_AUTH_IDENTITY_VERSION;
        take_versioned(identity, &parts);
        break;
    default: take_plain(identity, &parts); break;
    }
    return keep_texts(&parts, kept_out);
}

static void *next_text(const struct kept_identity *block, int i, BYTE **at)
{
    size_t size = IS_WIDE(block->flags) ? sizeof(WCHAR) : 1;
    void *text = block->lengths[i] == MAXDWORD ? NULL : *at;

    *at += (text ? block->lengths[i] * size : 0) + sizeof(WCHAR);
    return text;
}

static DWORD length_of(const struct kept_identity *block, int i)
{
    return block->lengths[i] == MAXDWORD ? 0 : block->lengths[i];
}

static void *open_texts(struct kept_identity *block)
{
    SEC_WINNT_AUTH_IDENTITY_EXW *versioned = &block->opened.versioned;
    SEC_WINNT_AUTH_IDENTITY_W *plain = &block->opened.plain;
    BYTE *at = (BYTE *)(block + 1);
    void *texts[TEXTS];

    for (int i = 0; i < TEXTS; i++)
        texts[i] = next_text(block, i, &at);
    if (block->form == FORM_PLAIN)
    {
        *plain = (SEC_WINNT_AUTH_IDENTITY_W){
            texts[0], length_of(block, 0), texts[1],    length_of(block, 1),
            texts[2], length_of(block, 2), block->flags};
        return plain;
    }
    *versioned = (SEC_WINNT_AUTH_IDENTITY_EXW){
        .Version = SEC_WINNT_AUTH_IDENTITY_VERSION,
        .Length = sizeof(*versioned),
        .User = texts[0],
        .UserLength = length_of(block, 0),
        .Domain = texts[1],
        .DomainLength = length_of(block, 1),
        .Password = texts[2],
        .PasswordLength = length_of(block, 2),
        .Flags = block->flags,
        .PackageList = texts[3],
        .PackageListLength = length_of(block, 3),
    };
    return versioned;
}

bool rm_identity_open(const struct rm_secret *kept, struct rm_open_identity *open)
{
    open->identity = NULL;
    open->clear = rm_secret_open(kept);
    if (!open->clear)
        return false;
    open->identity = rm_secret_bytes(open->clear);
    if (*(DWORD *)open->identity != SEC_WINNT_AUTH_IDENTITY_VERSION_2)
        open->identity = open_texts(open->identity);
    return true;
}

void rm_identity_close(struct rm_open_identity *open)
{
    rm_secret_free(open->clear);
    open->clear = NULL;
    open->identity = NULL;
}
