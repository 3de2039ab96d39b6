/* config_internal.h: what the files of the configuration share among themselves.
 *
 * Units: none.  Threads: any; no state.
 * Ownership: results of rm_text_copy are freed with free().
 * Errors: rm_config_refuse fills the error and returns its status.
 */
#ifndef RM_CONFIG_INTERNAL_H
#define RM_CONFIG_INTERNAL_H

#include <rm/config.h>

/* A copy of text, of "" for NULL. NULL: no memory. */
char *rm_text_copy(const char *text);

/* Compared without case, as COM compares ProgIDs and DNS compares names. */
bool rm_text_same(const char *left, const char *right);

/* The length of the UTF-8 character at text in bytes; 0 where there is none that may be in a name,
 * as control characters, broken sequences and what XML forbids. */
size_t rm_text_character(const char *text);

/* Whether all of it may be in a name; *count is the number of its characters. */
bool rm_text_is_name(const char *text, size_t *count);

/* Decimal digits only. */
bool rm_config_parse_number(const char *text, uint32_t *number);

/* The number of a word in a list that is ended by NULL. */
bool rm_config_parse_choice(const char *const *choices, const char *text, uint32_t *number);

/* Fills *error (which may be NULL) and returns status. A message that is too long is cut at a
 * character boundary. */
#if defined(__GNUC__)
__attribute__((format(printf, 4, 5)))
#endif
enum rm_status
rm_config_refuse(struct rm_config_error *error, enum rm_status status, unsigned line,
                 const char *format, ...);

enum rm_status rm_config_no_memory(struct rm_config_error *error);

/* What is wrong with a name, as the end of a sentence ("is empty"); NULL = nothing. */
const char *rm_progid_fault(const char *progid);
const char *rm_host_fault(const char *host);
const char *rm_clsid_fault(const char *clsid);
const char *rm_service_fault(const char *service);

void rm_unknown_xml_clear(struct rm_unknown_xml *unknown);
/* false: no memory; *target is then to be cleared all the same. */
bool rm_unknown_xml_copy(struct rm_unknown_xml *target, const struct rm_unknown_xml *source);

void rm_monitor_config_init(struct rm_monitor_config *monitor);
void rm_monitor_config_clear(struct rm_monitor_config *monitor);
/* Into one that is as init made it. false: no memory; *target is then to be cleared all the same.
 */
bool rm_monitor_config_copy(struct rm_monitor_config *target,
                            const struct rm_monitor_config *source);

/* A new redundant server with all defaults that belongs to nobody yet. NULL: no memory. */
struct rm_server_config *rm_server_config_new(const char *progid);

#endif
