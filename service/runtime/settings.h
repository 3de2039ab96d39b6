/* runtime/settings.h: redundancymaster.xml as the service has it, which follows the file.
 *
 * Whoever changes the file replaces it as a whole: so its time and size tell. A file that can't be
 * read changes nothing; that is told once.
 *
 * Units: none.
 * Ownership: the settings own their configuration, which lives until the next look that says true.
 * Threads: the service's one.
 * Errors: told to `note`.
 * Source: F-14; design.md 5 (Settings).
 */
#ifndef RM_RUNTIME_SETTINGS_H
#define RM_RUNTIME_SETTINGS_H

#include <windows.h>
#include <stdbool.h>

#include <rm/config.h>
#include <rm/event.h>

struct rm_settings
{
    const char *path; /* UTF-8; the caller's */
    void (*note)(void *context, enum rm_severity severity, const char *text);
    void *note_context;
    struct rm_config config;
    WIN32_FILE_ATTRIBUTE_DATA seen; /* all zero: no file */
};

/* true: the configuration is another one. */
bool rm_settings_look(struct rm_settings *settings);
void rm_settings_clear(struct rm_settings *settings);

#endif
