/* runtime/runtime.h: what the service does while it runs: it knows the sessions of this computer's
 * clients, keeps their events, and tests monitor items for them.
 *
 * Units: milliseconds.
 * Ownership: rm_runtime_open takes copies of paths; rm_runtime_close frees.
 * Threads: one; rm_runtime_wake may be called by any.
 * Errors: Windows error codes, 0 if all is well.
 * Source: design.md 2, 5.
 */
#ifndef RM_RUNTIME_H
#define RM_RUNTIME_H

#include <windows.h>

#include <rm/event.h>

struct rm_runtime;

struct rm_runtime_terms
{
    const wchar_t *instance; /* "" or a valid name; lives longer */
    const char *config;      /* UTF-8: redundancymaster.xml, which need not be there */
    const char *folder;      /* UTF-8: of the logs; is made if it is not there */
    /* What the service itself has to say: on the console, or in Windows' own event log. */
    void (*note)(void *context, enum rm_severity severity, const char *text);
    /* An event that is a warning or an error, once: for Windows' own event log, too. */
    void (*report)(void *context, enum rm_severity severity, const char *text);
    void *context;
};

DWORD rm_runtime_open(const struct rm_runtime_terms *terms, struct rm_runtime **runtime_out);
void rm_runtime_close(struct rm_runtime *runtime); /* NULL is allowed */

/* Serves for a while, or until it is woken. */
void rm_runtime_serve(struct rm_runtime *runtime);
void rm_runtime_wake(struct rm_runtime *runtime);

#endif
