/* What a command says beside its own output. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl.h"
#include "output.h"

void ctl_note(struct ctl *ctl, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (!ctl->is_json)
    {
        output_print("%s\n", text);
    }
    else if (ctl->note_count < CTL_NOTES_MAX)
    {
        char *copy = malloc(strlen(text) + 1);
        if (copy != NULL)
        {
            strcpy(copy, text);
            ctl->notes[ctl->note_count++] = copy;
        }
    }
}

enum ctl_exit ctl_fail(struct ctl *ctl, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ctl->error, sizeof ctl->error, format, arguments);
    va_end(arguments);
    output_error("%s", ctl->error);
    return CTL_FAILED;
}

enum ctl_exit ctl_misuse(struct ctl *ctl, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ctl->error, sizeof ctl->error, format, arguments);
    va_end(arguments);
    output_error("%s See 'rmctl%s%s --help'.", ctl->error, ctl->command != NULL ? " " : "",
                 ctl->command != NULL ? ctl->command->name : "");
    return CTL_USAGE;
}

void ctl_put_json(void *to, const char *text)
{
    (void)to;
    output_print("%s", text);
}

void ctl_print_result(struct ctl *ctl, enum ctl_exit status)
{
    struct rm_json json = {.put = ctl_put_json};
    rm_json_begin_object(&json, NULL);
    rm_json_bool(&json, "ok", status == CTL_FINE);
    rm_json_begin_array(&json, "messages");
    for (size_t i = 0; i < ctl->note_count; i++)
    {
        rm_json_text(&json, NULL, ctl->notes[i]);
        free(ctl->notes[i]);
    }
    ctl->note_count = 0;
    rm_json_end_array(&json);
    if (status != CTL_FINE)
    {
        rm_json_text(&json, "error", ctl->error);
    }
    rm_json_end_object(&json);
}
