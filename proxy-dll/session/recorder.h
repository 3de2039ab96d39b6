/* session/recorder.h: the session's black box: keeps the last minute, and writes a report of it
 * when another machine was promoted or all were lost.
 *
 * What is recorded costs no wait: counting a call or a callback is some additions under the lock
 * that is held there anyway. The driver samples the counts once a second. A worker writes the file,
 * from a copy, with no lock held; a disk that hangs holds up that worker and no further report.
 *
 * Units: milliseconds.
 * Ownership: the session owns its recorder. NULL, for want of memory: nothing is recorded.
 * Threads: as said at each function.
 * Errors: none: a report that can't be written is an event, once until one could be.
 * Source: issue 5, black-box report.
 */
#ifndef RM_RECORDER_H
#define RM_RECORDER_H

#include <stdbool.h>
#include <windows.h>

#include <rm/event.h>
#include <rm/failover.h>

struct rm_call;
struct rm_recorder;
struct rm_session;

struct rm_recorder *rm_recorder_new(struct rm_session *session);
void rm_recorder_free(struct rm_recorder *recorder);

/* By the driver, not locked: after each step; in each round, which writes what is due; at its end.
 */
void rm_recorder_step(struct rm_recorder *recorder, const struct rm_failover *failover,
                      const struct rm_failover_event *event,
                      const struct rm_failover_actions *actions);
void rm_recorder_round(struct rm_recorder *recorder, const struct rm_failover *failover);
void rm_recorder_end(struct rm_recorder *recorder, const struct rm_failover *failover);

/* Any thread, any lock. detail is UTF-8, or NULL. */
void rm_recorder_event(struct rm_recorder *recorder, enum rm_event_id id, unsigned machine,
                       DWORD code, const char *detail);

/* Session locked: a call has come back, or its link has ended. */
void rm_recorder_call(struct rm_recorder *recorder, const struct rm_call *call);

/* Session locked: that link has sent data of so many items. */
void rm_recorder_data(struct rm_recorder *recorder, DWORD link, DWORD items);

/* Session locked: this machine is active now; its first data is waited for. */
void rm_recorder_await_data(struct rm_recorder *recorder, unsigned machine);

#endif
