/* rm/config_xml.h: redundancymaster.xml read and written (libxml2; no network, no entities, no
 * DTD).
 *
 * The schema is ours (docs/redundancymaster.xsd); unknown elements are kept on save, a file of a
 * newer schema version is refused (F-13). Saving writes a temporary file beside the target, flushes
 * it and replaces the target; the file that was there is kept as <path>.bak (design.md 5).
 *
 * The last version that was fit for use is kept as <path>.good, by whoever works with it: something
 * to go on with while the file itself is broken or gone.
 *
 * Units: none.
 * Ownership: the caller owns config; on failure it is left as rm_config_init made it.
 * Threads: one lock inside (libxml2 is built without threads); any thread may call.
 * Errors: struct rm_config_error with the line in the file, or 0.
 * Source: F-13, F-14, RM-237.
 */
#ifndef RM_CONFIG_XML_H
#define RM_CONFIG_XML_H

#include <rm/config.h>

#define RM_CONFIG_FILE_SIZE_MAX  (16u * 1024u * 1024u)
#define RM_CONFIG_SCHEMA_VERSION 1

#define RM_CONFIG_GOOD_ENDING ".good"

/* path is UTF-8. A file that isn't there is RM_E_NOT_FOUND. */
enum rm_status rm_config_load(struct rm_config *config, const char *path,
                              struct rm_config_error *error);

/* The same; what was read is then the last good version. kept->status says whether that could be
 * written. */
enum rm_status rm_config_load_and_keep(struct rm_config *config, const char *path,
                                       struct rm_config_error *error, struct rm_config_error *kept);

/* The last good version of path. */
enum rm_status rm_config_load_good(struct rm_config *config, const char *path,
                                   struct rm_config_error *error);

enum rm_status rm_config_save(const struct rm_config *config, const char *path,
                              struct rm_config_error *error);

/* Reads the file as rm_config_load does, and tells each thing that is wrong with it, in the
 * sequence of the file, at most RM_CONFIG_FAULTS_MAX. Of what holds between the elements of a
 * redundant server it tells the first, and only if all of them could be read. A message has neither
 * path nor line in front, but where the file itself can't be read. Returns the number of faults;
 * with 0, config is filled. */
#define RM_CONFIG_FAULTS_MAX 100
unsigned rm_config_examine(struct rm_config *config, const char *path,
                           void (*tell)(void *context, const struct rm_config_error *fault),
                           void *context);

/* The same from and to memory; *text_out is freed with free(). */
enum rm_status rm_config_parse(struct rm_config *config, const char *text, size_t size_bytes,
                               struct rm_config_error *error);
enum rm_status rm_config_format(const struct rm_config *config, char **text_out, size_t *size_out,
                                struct rm_config_error *error);

#endif
