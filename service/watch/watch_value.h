/* watch/watch_value.h: the value of an OPC item as monitor items and people see it.
 *
 * Units: none.
 * Ownership: a reading of a text borrows the caller's buffer.
 * Threads: any; no state.
 * Errors: a type that can't be compared is RM_READING_NONE.
 * Source: RM-171 .. RM-173.
 */
#ifndef RM_WATCH_VALUE_H
#define RM_WATCH_VALUE_H

#include <windows.h>
#include <oleauto.h>
#include <stdbool.h>

#include <rm/reading.h>

#define RM_WATCH_TEXT_SIZE 1024 /* of a value, UTF-8; longer ones are cut */

struct rm_reading rm_watch_reading(const VARIANT *value, char text[RM_WATCH_TEXT_SIZE]);

/* As a person reads it; "array", "" for none. */
void rm_watch_value_text(const struct rm_reading *reading, char text[RM_WATCH_TEXT_SIZE]);

#endif
