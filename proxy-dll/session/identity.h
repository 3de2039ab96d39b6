/* session/identity.h: SEC_WINNT_AUTH_IDENTITY, which has four forms, as one block that can be kept.
 *
 * Units: lengths of its texts in characters.
 * Ownership: the secret is the caller's; an opened identity lives until rm_identity_close.
 * Threads: any.
 * Errors: E_INVALIDARG: a version that we don't know, or a text of more than 64 K characters.
 * Source: SEC_WINNT_AUTH_IDENTITY, _EX, _EX2 of the platform SDK.
 */
#ifndef RM_IDENTITY_H
#define RM_IDENTITY_H

#include <stdbool.h>

#include "session/secret.h"

HRESULT rm_identity_keep(const void *identity, struct rm_secret **kept_out);

struct rm_open_identity
{
    struct rm_secret *clear;
    void *identity; /* what COM is given */
};

/* false: no memory. */
bool rm_identity_open(const struct rm_secret *kept, struct rm_open_identity *open);
void rm_identity_close(struct rm_open_identity *open);

#endif
