/* pipe/pipe_rights.h: the pipe's security descriptor, and what a peer may do (rm/wire.h says it in
 * English).
 *
 * Units: none.
 * Ownership: the descriptor is freed with LocalFree.
 * Threads: any; the calling thread takes over the peer's identity for a moment, and gives it back:
 *   where that fails the process is ended rather than going on as somebody else.
 * Errors: false when it can't be found out: who isn't known has no rights.
 * Source: design.md 5 (Pipe).
 */
#ifndef RM_PIPE_RIGHTS_H
#define RM_PIPE_RIGHTS_H

#include <windows.h>
#include <stdbool.h>

#include <rm/wire.h>

/* Protected; nobody from the network; full access for SYSTEM and administrators; reading, and
 * writing without making instances (FILE_GENERIC_READ | FILE_WRITE_DATA | FILE_WRITE_EA |
 * FILE_WRITE_ATTRIBUTES) for authenticated users. */
#define RM_PIPE_ACCESS L"D:P(D;;GA;;;NU)(A;;GA;;;SY)(A;;GA;;;BA)(A;;0x12019b;;;AU)"

PSECURITY_DESCRIPTOR rm_pipe_descriptor(void); /* NULL: no memory */

/* Whether the user at the other end of this instance of the pipe has the right. Something must have
 * been read from it. */
bool rm_pipe_has_right(HANDLE pipe, enum rm_wire_right right);

/* "DOMAIN\name" of that user, UTF-8; "?" */
void rm_pipe_user(HANDLE pipe, char *name, size_t size);

#endif
