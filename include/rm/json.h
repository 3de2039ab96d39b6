/* rm/json.h: JSON, written piece by piece to whatever takes it.
 *
 * Objects and arrays nest to 16 levels; commas and indentation are set by the writer. A name is
 * given inside an object and NULL inside an array or at the top. Texts are escaped; bytes that are
 * no UTF-8 become U+FFFD.
 *
 * Units: bytes.
 * Ownership: names and texts are borrowed; the bytes of a struct rm_json_buffer are freed with
 *   free().
 * Threads: one per object.
 * Errors: a mismatched begin and end is an assert. A buffer without memory keeps what it has and
 *   says so.
 */
#ifndef RM_JSON_H
#define RM_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RM_JSON_DEPTH_MAX 16

struct rm_json
{
    void (*put)(void *to, const char *text); /* takes each piece of the text */
    void *to;
    bool is_compact; /* all on one line; may be changed on the way */
    unsigned depth;
    bool has_members[RM_JSON_DEPTH_MAX];
};

void rm_json_begin_object(struct rm_json *json, const char *name);
void rm_json_begin_array(struct rm_json *json, const char *name);
void rm_json_end_object(struct rm_json *json);
void rm_json_end_array(struct rm_json *json);
void rm_json_text(struct rm_json *json, const char *name, const char *text);
void rm_json_number(struct rm_json *json, const char *name, int64_t number);
void rm_json_bool(struct rm_json *json, const char *name, bool value);

/* A place for the whole text. */
struct rm_json_buffer
{
    char *bytes; /* ended by a zero; NULL while empty */
    size_t size, room;
    bool is_short_of_memory;
};

void rm_json_buffer_put(void *buffer, const char *text); /* for struct rm_json */

#endif
