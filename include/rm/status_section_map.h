/* rm/status_section_map.h: the status section as an open mapping: who creates it, how a session
 * takes a slot in it, how a slot is written and read.
 *
 * The section is "Global\RedundancyMaster.Status" where this process may create or open that, else
 * "Local\RedundancyMaster.Status": an ordinary user's program may open a global section but not
 * create one. So there can be two at a time, and a reader looks at both; in session 0 both names
 * are the same section, which a reader tells by process id, start time and session number.
 *
 * Access, as set when the section is created: SYSTEM and administrators have full access;
 * authenticated users may query, read and write it, but neither delete it nor change its access;
 * nobody else gets in (network and anonymous log-ons that are not authenticated). Whoever may write
 * can write nonsense: readers get checked copies. What decides reads one thing of it: whether
 * another session has a long call out on a machine, which can't do more than lengthen the patience
 * with pings that go unanswered to busyGrace.
 *
 *   process_id  sequence  the slot is
 *   0           even      free
 *   0           odd       never (release changes both at once)
 *   n           odd       being claimed or written by process n
 *   n           even      process n's, unless n is gone or started at another time: then free
 *
 * Units: times as in rm/status_section.h.
 * Ownership: the caller owns struct rm_status_map; the section pointer and slots live until
 *   rm_status_section_close. The system keeps the section until the last process has closed it.
 * Threads: opening and closing: one thread at a time per map. Claiming: any thread of any process.
 *   Writing a slot: one thread at a time, its owner. Reading: any.
 * Errors: RM_E_NOT_FOUND (reader: no such section), RM_E_VERSION (other layout; not used),
 *   RM_E_IO (the system refused). On failure the map is closed.
 * Source: design.md 5; RM-190 .. RM-192.
 */
#ifndef RM_STATUS_SECTION_MAP_H
#define RM_STATUS_SECTION_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include <rm/status.h>
#include <rm/status_section.h>

enum rm_status_scope
{
    RM_STATUS_SCOPE_GLOBAL, /* all sessions of this computer */
    RM_STATUS_SCOPE_LOCAL,  /* this log-on session */
    RM_STATUS_SCOPE_COUNT
};

struct rm_status_map
{
    void *mapping;                     /* the system's handle */
    struct rm_status_section *section; /* NULL = not open */
};

/* Opens the section, creating it where needed. `instance` is L"" or an instance's name. */
enum rm_status rm_status_section_open_writer(struct rm_status_map *map, const wchar_t *instance);

/* Opens one that is there, read-only. */
enum rm_status rm_status_section_open_reader(struct rm_status_map *map, enum rm_status_scope scope,
                                             const wchar_t *instance);

void rm_status_section_close(struct rm_status_map *map);

/* This process's image name, without its folder. */
void rm_status_process_name(char *name, size_t size);

/* When this process was started: with its id that names it for good. */
uint64_t rm_status_process_started(void);

/* The present time, as events and slots bear it: a FILETIME in UTC. */
uint64_t rm_status_now(void);

/* A slot for session number `session` of this process, with the identity (process, session,
 * server, started_at) filled in and the rest zero. NULL: all slots are taken. */
struct rm_status_slot *rm_status_slot_claim(struct rm_status_map *map, uint64_t session,
                                            const char *server);

/* Gives the slot back. NULL is allowed. */
void rm_status_slot_release(struct rm_status_slot *slot);

/* Whether the process that owns this slot (or this copy of one) is still there. */
bool rm_status_slot_is_alive(const struct rm_status_slot *slot);

/* Between these two the owner writes; never nested, nothing slow in between. */
void rm_status_slot_write_begin(struct rm_status_slot *slot);
void rm_status_slot_write_end(struct rm_status_slot *slot);

/* Puts an event into the slot's ring, between write_begin and write_end. Event number n is at
 * events[(n - 1) % RM_STATUS_EVENTS]; the text is cut at a character boundary. */
void rm_status_slot_add_event(struct rm_status_slot *slot, uint64_t number, uint64_t time,
                              enum rm_event_id id, const char *text);

/* Another session's call that may rightly take long is out on that machine of this slot's session
 * (the same host and ProgID, without case), for all that is known. */
bool rm_status_is_busy_elsewhere(const struct rm_status_map *map, const struct rm_status_slot *own,
                                 unsigned machine);

/* A consistent copy, with strings ended, control characters in them replaced, enums and counts
 * within their bounds. A free slot (process_id 0) still holds what its last owner left in it.
 * False: it was being written throughout. */
bool rm_status_slot_read(const struct rm_status_slot *slot, struct rm_status_slot *copy);

/* The same, but waits for up to half a second for an owner that is alive and has lost the processor
 * while it was writing. */
bool rm_status_slot_read_patiently(const struct rm_status_slot *slot, struct rm_status_slot *copy);

#endif
