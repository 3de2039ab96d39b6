#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    const unsigned char *byte = (const unsigned char *)text;
    if (byte[0] < 0x80)
    {
        return byte[0] >= 0x20 && byte[0] != 0x7f ? 1 : 0;
    }
    size_t length = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
    if (byte[0] < 0xc2 || byte[0] > 0xf4)
    {
        return 0;
    }
    uint32_t code = byte[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++)
    {
        if ((byte[i] & 0xc0) != 0x80)
        {
            return 0;
        }
        code = code << 6 | (byte[i] & 0x3fu);
    }
    bool is_too_long = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    bool is_no_character =
        (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff || code == 0xfffe || code == 0xffff;
    return is_too_long || is_no_character ? 0 : length;
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
