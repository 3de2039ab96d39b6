/* ctl/status_source.h: the sessions of this computer, read from the status sections.
 *
 * Units: as in rm/status_section.h.
 * Ownership: status_source_close frees what open took; struct status_list owns its slots.
 * Threads: one.
 * Errors: no section at all is no error: then no client has a redundant server open.
 */
#ifndef RM_CTL_STATUS_SOURCE_H
#define RM_CTL_STATUS_SOURCE_H

#include <rm/status_section_map.h>

struct status_source
{
    const wchar_t *instance; /* whose sessions; "" or its name; the caller's */
    struct rm_status_map maps[RM_STATUS_SCOPE_COUNT];
    bool is_other_version; /* a section is there that this rmctl can't read */
};

/* Opens what there is and is not open yet; to be called again and again. */
void status_source_open(struct status_source *source);
void status_source_close(struct status_source *source);

struct status_list
{
    size_t count;
    struct rm_status_slot *slots; /* copies; by server, then by the time of their start */
};

/* The live sessions. False: no memory. */
bool status_list_read(struct status_source *source, struct status_list *list);
void status_list_free(struct status_list *list);

struct status_line
{
    const struct rm_status_slot *slot;
    const struct rm_status_event *event;
};

/* The last events of `count` sessions, oldest first, at most `maximum` of them; the number of
 * events. */
size_t status_last_events(const struct rm_status_slot *slots, size_t count,
                          struct status_line *lines, size_t maximum);

#endif
