/* rm/status.h: the few outcomes that functions of the core report.
 *
 * Units: none.  Ownership: none.  Threads: any.
 * Errors: a status is the world (bad input, no memory, I/O); a bug of ours is an assert.
 */
#ifndef RM_STATUS_H
#define RM_STATUS_H

enum rm_status
{
    RM_OK,
    RM_E_INVALID,   /* input breaks a rule; the function's message says which and where */
    RM_E_NOT_FOUND, /* no such entry */
    RM_E_EXISTS,    /* an entry of that name is there already */
    RM_E_TOO_LARGE, /* a size or count from outside is beyond its bound */
    RM_E_NO_MEMORY, /* nothing was changed */
    RM_E_IO,        /* reading or writing failed; nothing was changed */
    RM_E_VERSION,   /* written by a newer version of this product */
    RM_STATUS_COUNT
};

/* A short English phrase, never NULL, static storage. */
const char *rm_status_text(enum rm_status status);

#endif
