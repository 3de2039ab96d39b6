/* watch/watch_internal.h: what watch.c and watch_look.c share: the redundant servers and their
 * machines, as they are watched, and what was told of them.
 *
 * Units: none.  Ownership: each struct owns what it points to.  Threads: the watch's one.
 * Errors: none.  Source: watch/watch.h.
 */
#ifndef RM_WATCH_INTERNAL_H
#define RM_WATCH_INTERNAL_H

#include "watch/watch.h"
#include "watch/watched.h"

struct rm_watch_machine
{
    struct rm_watched *watched;     /* NULL: not watched */
    struct rm_wire_verdict verdict; /* as told */
    enum rm_verdict event;          /* told last as an event: BAD, GOOD (passed); or UNKNOWN */
};

struct rm_watch_server
{
    struct rm_watch_server *next;
    struct rm_server_config *config; /* a copy */
    bool has_sessions;
    bool is_blind_told;
    unsigned active;
    struct rm_watch_machine machines[RM_MACHINES_MAX];
};

struct rm_watch
{
    struct rm_watch_handler handler;
    struct rm_watch_server *first;
    bool is_com; /* this thread has entered COM, and keeps it for the others */
};

/* Where that server is; its end of the list: NULL. */
struct rm_watch_server **rm_watch_place(struct rm_watch *watch, const char *progid);

/* Tells it unless it was told last. */
void rm_watch_say(struct rm_watch *watch, struct rm_watch_machine *machine, enum rm_verdict verdict,
                  uint32_t score, bool is_observable);

#endif
