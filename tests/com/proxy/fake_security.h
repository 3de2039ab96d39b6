/* tests/com/proxy/fake_security.h: a COM that has blankets, in the eyes of redundancymaster.dll.
 *
 * Wine has none, so what the DLL imports for them is replaced in its import table: what it says of
 * which proxy is recorded, and answered when it asks.
 *
 * Units: none.
 * Ownership: none; the recorded proxies are only compared,
 *   and asked for their interface while the DLL holds them.
 * Threads: the DLL's own call it; any may ask.
 * Errors: fake_security_start fails the running test.
 */
#ifndef PROXY_FAKE_SECURITY_H
#define PROXY_FAKE_SECURITY_H

#include "stage.h"

struct said_blanket
{
    IUnknown *proxy;
    const IID *iid; /* of the proxy; NULL: one that no test asks about */
    DWORD authentication, authorization, level, impersonation, capabilities;
    WCHAR principal[64]; /* "default": COLE_DEFAULT_PRINCIPAL; "": none */
    WCHAR user[64], password[64];
    bool has_identity, has_default_identity, has_token;
};

void fake_security_start(void);
void fake_security_stop(void);

/* How often a blanket of that level was said of a proxy of that interface; the last one of them. */
LONG fake_security_count(const IID *iid, DWORD level, struct said_blanket *last);

/* Until it was said so often; false: not within WAIT_MS. */
bool fake_security_wait(const IID *iid, DWORD level, LONG count);

/* Whether the thread that asked last had a token. */
bool fake_security_asker_had_token(void);

#endif
