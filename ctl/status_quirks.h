/* ctl/status_quirks.h: what was found out about the server of a machine, in words.
 *
 * That it has no keep-alive is true of each server of Data Access 2 and nothing to look at: it is
 * in the output for scripts only.
 *
 * Units: none.
 * Ownership: the caller's.
 * Threads: one.
 * Errors: none.
 * Source: features D2-16; rm/quirk.h, rm/portion.h.
 */
#ifndef RM_CTL_STATUS_QUIRKS_H
#define RM_CTL_STATUS_QUIRKS_H

#include <stdbool.h>
#include <stddef.h>

struct status_server;

#define STATUS_QUIRKS_SIZE 256

/* "takes at most 30 items in a call, forgets items that it has added", of all sessions that are
 * connected to it; false: there is nothing. */
bool status_quirk_words(const struct status_server *server, unsigned machine, char *text,
                        size_t size);

#endif
