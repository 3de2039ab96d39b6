/* ctl/json.h: JSON for scripts, written straight to standard output.
 *
 * Objects and arrays nest to 16 levels; commas and indentation are set by the writer. A name is
 * given inside an object and NULL inside an array or at the top. Texts are escaped; bytes that are
 * no UTF-8 become U+FFFD.
 *
 * Units: none.  Ownership: names and texts are borrowed.  Threads: one per object.
 * Errors: none; a mismatched begin and end is an assert.
 */
#ifndef RM_CTL_JSON_H
#define RM_CTL_JSON_H

#include <stdbool.h>
#include <stdint.h>

#define JSON_DEPTH_MAX 16

struct json
{
    bool is_compact; /* all on one line */
    unsigned depth;
    bool has_members[JSON_DEPTH_MAX];
};

void json_begin_object(struct json *json, const char *name);
void json_begin_array(struct json *json, const char *name);
void json_end_object(struct json *json);
void json_end_array(struct json *json);
void json_text(struct json *json, const char *name, const char *text);
void json_number(struct json *json, const char *name, int64_t number);
void json_bool(struct json *json, const char *name, bool value);

#endif
