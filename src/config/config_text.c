#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

#include "config_internal.h"

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool rm_text_same(const char *left, const char *right)
{
    while (*left != '\0' && lower(*left) == lower(*right))
    {
        left++;
        right++;
    }
    return lower(*left) == lower(*right);
}

char *rm_text_copy(const char *text)
{
    const char *source = text != NULL ? text : "";
    size_t size = strlen(source) + 1;
    char *copy = malloc(size);
    if (copy != NULL)
    {
        memcpy(copy, source, size);
    }
    return copy;
}

size_t rm_text_character(const char *text)
{
    const unsigned char first = (unsigned char)text[0];
    size_t length = first < 0x20 || first == 0x7f ? 0 : rm_text_utf8(text, SIZE_MAX);
    return rm_text_is_utf8(text, length) ? length : 0;
}

/* Takes out what is no character: control characters from a file, halves of cut ones. */
static void clean(char *message)
{
    char *target = message;
    const char *source = message;
    while (*source != '\0')
    {
        size_t length = rm_text_character(source);
        memmove(target, source, length);
        target += length;
        source += length > 0 ? length : 1;
    }
    *target = '\0';
}

enum rm_status rm_config_refuse(struct rm_config_error *error, enum rm_status status, unsigned line,
                                const char *format, ...)
{
    if (error == NULL)
    {
        return status;
    }
    char message[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    message[sizeof message - 1] = '\0';
    clean(message);
    error->status = status;
    error->line = line;
    memcpy(error->message, message, sizeof message);
    return status;
}

enum rm_status rm_config_no_memory(struct rm_config_error *error)
{
    return rm_config_refuse(error, RM_E_NO_MEMORY, 0,
                            "Not enough memory: nothing was changed. Close other programs and try "
                            "again.");
}
