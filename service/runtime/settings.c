#include "runtime/settings.h"

#include <stdio.h>
#include <string.h>

#include <hooks/wide.h>
#include <rm/config_xml.h>

#define PATH_SIZE   1024
#define NOTE_SIZE   1024
#define PATIENCE_MS 2000u /* an editor may be at work */
#define RETRY_MS    500u
#define LOCKED_MS   5000u /* another program has the file, and keeps it */

/* All zero: there is no file. */
static void look_at_file(const struct rm_settings *settings, WIN32_FILE_ATTRIBUTE_DATA *now)
{
    wchar_t path[PATH_SIZE];

    memset(now, 0, sizeof *now);
    if (!rm_wide_from_utf8(settings->path, path, PATH_SIZE) ||
        !GetFileAttributesExW(path, GetFileExInfoStandard, now))
        memset(now, 0, sizeof *now);
}

static bool is_as_seen(const struct rm_settings *settings, const WIN32_FILE_ATTRIBUTE_DATA *now)
{
    return settings->has_looked &&
           CompareFileTime(&now->ftLastWriteTime, &settings->seen.ftLastWriteTime) == 0 &&
           now->nFileSizeLow == settings->seen.nFileSizeLow &&
           now->dwFileAttributes == settings->seen.dwFileAttributes;
}

static bool is_changed(struct rm_settings *settings)
{
    WIN32_FILE_ATTRIBUTE_DATA now;
    bool is_same;

    look_at_file(settings, &now);
    is_same = is_as_seen(settings, &now);
    settings->seen = now;
    settings->has_looked = true;
    return !is_same;
}

bool rm_settings_is_current(const struct rm_settings *settings)
{
    WIN32_FILE_ATTRIBUTE_DATA now;

    look_at_file(settings, &now);
    return settings->is_loaded && !settings->is_due && !settings->is_fault_told &&
           is_as_seen(settings, &now);
}

/* ---- what is told -------------------------------------------------------------------------- */

static void tell_fault(struct rm_settings *settings, const char *fault)
{
    const struct rm_config *config = &settings->config;
    char text[NOTE_SIZE];

    if (settings->is_fault_told)
        return;
    settings->is_fault_told = true;
    snprintf(text, sizeof text, "%s %s until that is put right.", fault,
             settings->is_loaded ? "The last good settings are in force"
                                 : "There is no last good version: nothing is tested");
    settings->note(settings->note_context, RM_SEVERITY_ERROR, text);
    for (size_t i = 0; i < config->server_count; i++)
        settings->usable(settings->usable_context, config->servers[i]->progid, fault);
}

static void tell_usable(struct rm_settings *settings)
{
    const struct rm_config *config = &settings->config;
    char text[NOTE_SIZE];

    if (!settings->is_fault_told)
        return;
    settings->is_fault_told = false;
    snprintf(text, sizeof text, "%s can be used again, and is in force.", settings->path);
    settings->note(settings->note_context, RM_SEVERITY_INFORMATIONAL, text);
    for (size_t i = 0; i < config->server_count; i++)
        settings->usable(settings->usable_context, config->servers[i]->progid, NULL);
}

static void tell_keeping(struct rm_settings *settings, const struct rm_config_error *kept)
{
    bool is_failed = kept->status != RM_OK;

    if (is_failed && !settings->is_keeping_told)
        settings->note(settings->note_context, RM_SEVERITY_WARNING, kept->message);
    settings->is_keeping_told = is_failed;
}

/* ---- reading ------------------------------------------------------------------------------- */

static void take(struct rm_settings *settings, const struct rm_config *config)
{
    for (size_t i = 0; i < config->notice_count; i++)
        settings->note(settings->note_context, RM_SEVERITY_WARNING, config->notices[i]);
    rm_config_clear(&settings->config);
    settings->config = *config;
    settings->is_loaded = true;
}

/* true: there are settings in force that were not before. */
static bool fall_back(struct rm_settings *settings)
{
    struct rm_config good;

    if (settings->is_loaded || rm_config_load_good(&good, settings->path, NULL) != RM_OK)
        return false;
    take(settings, &good);
    return true;
}

/* A file that isn't there, and never was, is one without redundant servers. */
static bool is_beginning(struct rm_settings *settings, enum rm_status status)
{
    return status == RM_E_NOT_FOUND && settings->config.server_count == 0;
}

static bool read_file(struct rm_settings *settings, ULONGLONG now_ms)
{
    struct rm_config config;
    struct rm_config_error error = {.status = RM_OK}, kept = {.status = RM_OK};
    enum rm_status status = rm_config_load_and_keep(&config, settings->path, &error, &kept);
    bool is_other = status != RM_OK && fall_back(settings);

    if (status == RM_OK || is_beginning(settings, status))
    {
        settings->is_due = false;
        take(settings, &config);
        tell_usable(settings);
        tell_keeping(settings, &kept);
        return true;
    }
    if (now_ms - settings->changed_ms < PATIENCE_MS)
        return is_other;
    if (status == RM_E_NOT_FOUND)
        snprintf(error.message, sizeof error.message,
                 "%.200s is not there any more: copy its last good version, "
                 "%.200s" RM_CONFIG_GOOD_ENDING ", to that name.",
                 settings->path, settings->path);
    tell_fault(settings, error.message);
    settings->is_due = status == RM_E_IO || status == RM_E_NO_MEMORY; /* may pass by itself */
    return is_other;
}

bool rm_settings_look(struct rm_settings *settings, ULONGLONG now_ms)
{
    ULONGLONG pause_ms = settings->is_fault_told ? LOCKED_MS : RETRY_MS;

    if (is_changed(settings))
    {
        settings->is_due = true;
        settings->changed_ms = now_ms;
    }
    else if (!settings->is_due || now_ms - settings->tried_ms < pause_ms)
        return false;
    settings->tried_ms = now_ms;
    return read_file(settings, now_ms);
}

void rm_settings_clear(struct rm_settings *settings)
{
    rm_config_clear(&settings->config);
}
