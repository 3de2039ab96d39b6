/* rmctl blackbox: the reports that sessions have left of their switches. */
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/blackbox_folder.h>
#include <rm/blackbox_report.h>

#include <hooks/wide.h>

#include "ctl.h"
#include "output.h"

#define NAME_BYTES (RM_BLACKBOX_PATH_SIZE * 3)
#define LINE_BYTES 8000 /* what goes out at a time; our lines are shorter */

struct report_list
{
    size_t count, room;
    wchar_t (*names)[RM_BLACKBOX_PATH_SIZE];
    bool is_short_of_memory;
};

static void add_name(void *context, const wchar_t *name)
{
    struct report_list *list = context;
    if (list->count == list->room)
    {
        size_t room = list->room > 0 ? list->room * 2 : 64;
        void *names = realloc(list->names, room * sizeof *list->names);
        if (names == NULL)
        {
            list->is_short_of_memory = true;
            return;
        }
        list->names = names;
        list->room = room;
    }
    wcscpy(list->names[list->count++], name);
}

/* The names begin with the time: the newest first. */
static int compare_names(const void *one, const void *other)
{
    return -wcscmp(one, other);
}

/* Any user may put a file there, and a terminal obeys what it is sent. */
static void tame(char *text)
{
    for (; *text != '\0'; text++)
    {
        unsigned char character = (unsigned char)*text;
        if ((character < 0x20 && strchr("\n\r\t", character) == NULL) || character == 0x7f)
        {
            *text = '?';
        }
    }
}

/* The whole file, ended by a zero, freed with free(). NULL: it can't be read, or is none of ours.
 */
static char *read_report(const wchar_t *folder, const wchar_t *name)
{
    wchar_t path[RM_BLACKBOX_PATH_SIZE * 2 + 2];
    swprintf(path, sizeof path / sizeof *path, L"%ls\\%ls", folder, name);
    FILE *file = _wfopen(path, L"rb");
    if (file == NULL)
    {
        return NULL;
    }
    char *text = malloc(RM_BLACKBOX_BYTES_MAX + 1);
    size_t size = text != NULL ? fread(text, 1, RM_BLACKBOX_BYTES_MAX, file) : 0;
    fclose(file);
    if (text != NULL)
    {
        text[size] = '\0';
    }
    if (text == NULL || strstr(text, "\"format\": \"" RM_BLACKBOX_FORMAT "\"") == NULL)
    {
        free(text);
        return NULL;
    }
    tame(text);
    return text;
}

/* The text that begins at the quotation mark, without its escapes; what stands behind it. */
static const char *take_text(const char *at, char *text, size_t size)
{
    size_t used = 0;
    for (at++; *at != '\0' && *at != '"'; at++)
    {
        char character = *at;
        if (character == '\\' && at[1] == 'u')
        {
            character = '?'; /* a control character */
            at += strnlen(at, 5);
        }
        else if (character == '\\' && at[1] != '\0')
        {
            character = *++at;
        }
        if (used + 1 < size)
        {
            text[used++] = character;
        }
        if (*at == '\0')
        {
            break;
        }
    }
    text[used] = '\0';
    return *at == '"' ? at + 1 : at;
}

/* One of the members at the top, which have a line each; "" if it isn't there. */
static void take_member(const char *report, const char *name, char *text, size_t size)
{
    char member[64];
    snprintf(member, sizeof member, "\n  \"%s\": \"", name);
    const char *at = strstr(report, member);
    text[0] = '\0';
    if (at != NULL)
    {
        take_text(at + strlen(member) - 1, text, size);
    }
}

/* Each sentence of the summary, which comes first of all. */
static void for_each_sentence(const char *report,
                              void (*each)(struct rm_json *json, const char *text),
                              struct rm_json *json)
{
    static const char start[] = "\"summary\": [";
    const char *at = strstr(report, start);
    char text[RM_BLACKBOX_TEXT_SIZE];
    if (at == NULL)
    {
        return;
    }
    for (at += strlen(start); *(at += strspn(at, " ,\r\n")) == '"';)
    {
        at = take_text(at, text, sizeof text);
        each(json, text);
    }
}

static void print_sentence(struct rm_json *json, const char *text)
{
    if (json != NULL)
    {
        rm_json_text(json, NULL, text);
    }
    else
    {
        output_print("  %s\n", text);
    }
}

static void print_report(struct rm_json *json, const wchar_t *name, const char *report)
{
    char file[NAME_BYTES], server[RM_PROGID_MAX + 1], process[NAME_BYTES];
    rm_utf8_from_wide(name, file, sizeof file);
    take_member(report, "server", server, sizeof server);
    take_member(report, "process", process, sizeof process);
    if (json == NULL)
    {
        output_print("\n%s, %s: %s\n", server, process, file);
        for_each_sentence(report, print_sentence, NULL);
        return;
    }
    rm_json_begin_object(json, NULL);
    rm_json_text(json, "file", file);
    rm_json_text(json, "server", server);
    rm_json_text(json, "process", process);
    rm_json_begin_array(json, "summary");
    for_each_sentence(report, print_sentence, json);
    rm_json_end_array(json);
    rm_json_end_object(json);
}

static void print_list(struct ctl *ctl, const wchar_t *folder, const struct report_list *list)
{
    struct rm_json json = {.put = ctl_put_json};
    char folder_text[NAME_BYTES];
    rm_utf8_from_wide(folder, folder_text, sizeof folder_text);
    if (ctl->is_json)
    {
        rm_json_begin_object(&json, NULL);
        rm_json_text(&json, "folder", folder_text);
        rm_json_begin_array(&json, "reports");
    }
    else
    {
        output_print("%u %s in %s\n", (unsigned)list->count,
                     list->count == 1 ? "report" : "reports", folder_text);
    }
    for (size_t i = 0; i < list->count; i++)
    {
        char *report = read_report(folder, list->names[i]);
        if (report != NULL)
        {
            print_report(ctl->is_json ? &json : NULL, list->names[i], report);
        }
        free(report);
    }
    if (ctl->is_json)
    {
        rm_json_end_array(&json);
        rm_json_end_object(&json);
    }
}

static enum ctl_exit list_reports(struct ctl *ctl, const wchar_t *folder)
{
    struct report_list list = {0};
    uint32_t error = rm_blackbox_folder_list(folder, add_name, &list);
    enum ctl_exit status = CTL_FINE;
    if (error != 0)
    {
        status = ctl_fail(ctl, "The folder of black-box reports can't be read (error %u).",
                          (unsigned)error);
    }
    else if (list.is_short_of_memory)
    {
        status = ctl_fail(ctl, "Out of memory.");
    }
    else
    {
        if (list.count > 0)
        {
            qsort(list.names, list.count, sizeof *list.names, compare_names);
        }
        print_list(ctl, folder, &list);
    }
    free(list.names);
    return status;
}

static enum ctl_exit show_report(struct ctl *ctl, const wchar_t *folder, const char *name)
{
    wchar_t wide[RM_BLACKBOX_PATH_SIZE];
    char *report = NULL;
    if (strpbrk(name, "\\/:") == NULL &&
        MultiByteToWideChar(CP_UTF8, 0, name, -1, wide, RM_BLACKBOX_PATH_SIZE))
    {
        report = read_report(folder, wide);
    }
    if (report == NULL)
    {
        return ctl_fail(ctl, "There is no black-box report '%s'. 'rmctl blackbox' lists them.",
                        name);
    }
    for (const char *at = report; *at != '\0';)
    {
        size_t length = strcspn(at, "\n");
        output_print("%.*s\n", length < LINE_BYTES ? (int)length : LINE_BYTES, at);
        at += length + (at[length] == '\n');
    }
    free(report);
    return CTL_FINE;
}

static enum ctl_exit run_blackbox(struct ctl *ctl)
{
    wchar_t folder[RM_BLACKBOX_PATH_SIZE];
    uint32_t error = rm_blackbox_folder_path(ctl->instance, folder);
    if (error != 0)
    {
        return ctl_fail(ctl, "There is no folder for black-box reports (error %u).",
                        (unsigned)error);
    }
    if (ctl->plain_count == 0)
    {
        return list_reports(ctl, folder);
    }
    if (ctl->plain_count == 2 && strcmp(ctl->plain[0], "show") == 0)
    {
        return show_report(ctl, folder, ctl->plain[1]);
    }
    return ctl_misuse(ctl, "'blackbox' takes nothing, or 'show FILE'.");
}

const struct ctl_command ctl_command_blackbox = {
    .name = "blackbox",
    .arguments = "[show FILE]",
    .summary = "shows the reports of the last switches, and why they were made",
    .details = "Two seconds after each switch the client's process writes what happened in the"
               " minute\nbefore: pings, failed calls, callbacks per second, decisions and their"
               " causes.\nWithout 'show': all reports, the newest first, in a sentence or two.\n",
    .plain_max = 2,
    .prints_json = true,
    .run = run_blackbox,
};
