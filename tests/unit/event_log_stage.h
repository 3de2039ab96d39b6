/* event_log_stage.h: what the tests of the event log share: events that are told apart by their
 * number, and a file in the working directory. */
#ifndef RM_TESTS_EVENT_LOG_STAGE_H
#define RM_TESTS_EVENT_LOG_STAGE_H

#include <rm/event_log.h>

#define LOG_PATH  "test_event_log.log"
#define LOG_FRESH LOG_PATH ".new"

/* The number'th of a source that is always the same; odd ones have a tab in their text. */
struct rm_event_record stage_record(uint32_t number);

struct rm_event_log *stage_open(const char *path, uint32_t limit);

/* Whether the log has exactly these events, in their order. */
void stage_has(const struct rm_event_log *log, uint32_t first, uint32_t last);

/* The same of what is in the file. */
void stage_file_has(const char *path, uint32_t first, uint32_t last);

void stage_append(struct rm_event_log *log, uint32_t first, uint32_t last);

#endif
