/* runtime/settings.h: redundancymaster.xml as the service has it, which follows the file.
 *
 * Our programs replace the file as a whole; an editor may write it in pieces, or rename files to
 * and fro. So a file that can't be used counts as broken when it has stayed so for two seconds. A
 * broken file, or one that is gone, changes nothing: what was read last stays in force, after a
 * start of the service the last good version beside the file (rm/config_xml.h). It is told once,
 * and once that it can be used again.
 *
 * Units: milliseconds of any clock that only goes forward.
 * Ownership: the settings own their configuration, which lives until the next look that says true.
 * Threads: the service's one.
 * Errors: told to `note` and `usable`.
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
    /* For each redundant server that there is: fault says why the file can't be used; NULL: it can
     * be used again. */
    void (*usable)(void *context, const char *server, const char *fault);
    void *usable_context;

    struct rm_config config;
    /* private */
    WIN32_FILE_ATTRIBUTE_DATA seen; /* all zero: no file */
    ULONGLONG changed_ms, tried_ms;
    bool has_looked, is_loaded;
    bool is_due; /* the file is to be read (again) */
    bool is_fault_told, is_keeping_told, is_apply_told;
};

/* true: the configuration is another one. */
bool rm_settings_look(struct rm_settings *settings, ULONGLONG now_ms);

/* The configuration is what is in the file now, not a last good version. */
bool rm_settings_is_current(const struct rm_settings *settings);

void rm_settings_clear(struct rm_settings *settings);

#endif
