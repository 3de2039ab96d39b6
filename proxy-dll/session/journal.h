/* session/journal.h: the session's events, and what it tells the world about itself.
 *
 * Until the service is there, events and status go into the shared section of rm/status_section.h,
 * where rmctl reads them. A session that finds no free slot works all the same.
 *
 * Units: none.  Ownership: the session owns its journal.
 * Threads: rm_journal_add from any thread, with or without the session's lock; rm_journal_publish
 *   from the driver, session locked.
 * Errors: none: a journal that can't write is silent.
 * Source: design.md 5; RM-190 .. RM-192.
 */
#ifndef RM_JOURNAL_H
#define RM_JOURNAL_H

#include <windows.h>

#include <rm/event.h>
#include <rm/failover.h>

struct rm_journal;
struct rm_session;

struct rm_journal *rm_journal_new(struct rm_session *session);
void rm_journal_free(struct rm_journal *journal);

/* The machine by its number; the world is told its rank. */
void rm_journal_add(struct rm_journal *journal, enum rm_event_id id, unsigned machine, DWORD code,
                    const WCHAR *detail);

/* Calls that are out now, on all links. Session locked. */
uint32_t rm_journal_count_calls(const struct rm_session *session);

/* A call that may rightly take long goes out to that machine, or is back: +1, -1. Session locked.
 */
void rm_journal_long_call(struct rm_journal *journal, unsigned machine, int change);

/* Another session of this computer has one out there. Session locked. */
bool rm_journal_is_busy_elsewhere(const struct rm_journal *journal, unsigned machine);

void rm_journal_publish(struct rm_journal *journal, const struct rm_failover *failover);

#endif
