/* session/secret.h: a few bytes that nobody else is to read: in memory only, and there protected by
 * CryptProtectMemory; in clear in a copy, for as long as a call needs it.
 *
 * Units: bytes.
 * Ownership: the caller's; rm_secret_free wipes first.
 * Threads: any; a secret doesn't change.
 * Errors: NULL: no memory, or a system without CryptProtectMemory, which no supported one is.
 * Source: design.md 7.
 */
#ifndef RM_SECRET_H
#define RM_SECRET_H

#include <stddef.h>
#include <windows.h>

struct rm_secret;

struct rm_secret *rm_secret_new(const void *bytes, size_t size_bytes);
struct rm_secret *rm_secret_copy(const struct rm_secret *secret);

/* A copy in clear; its bytes may be read and changed. */
struct rm_secret *rm_secret_open(const struct rm_secret *secret);
void *rm_secret_bytes(struct rm_secret *clear);

void rm_secret_free(struct rm_secret *secret); /* NULL is fine */

#endif
