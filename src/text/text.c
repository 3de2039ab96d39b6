/* text.c: UTF-8, and copies of texts in fields of a fixed size. */
#include <rm/text.h>

#include <stdint.h>
#include <string.h>

void rm_text_fit(char *target, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size)
    {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xc0u) == 0x80u)
        {
            length--;
        }
    }
    memcpy(target, text, length);
    memset(target + length, 0, size - length);
}

size_t rm_text_utf8(const char *text, size_t size)
{
    const unsigned char *byte = (const unsigned char *)text;
    if (size == 0 || byte[0] < 0x80)
    {
        return size > 0;
    }
    size_t length = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
    if (byte[0] < 0xc2 || byte[0] > 0xf4)
    {
        return 0;
    }
    uint32_t code = byte[0] & (0xffu >> (length + 1));
    for (size_t i = 1; i < length; i++)
    {
        if (i == size || (byte[i] & 0xc0) != 0x80)
        {
            return 0;
        }
        code = code << 6 | (byte[i] & 0x3fu);
    }
    bool is_too_long = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
    bool is_no_character = (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff;
    return is_too_long || is_no_character ? 0 : length;
}

void rm_text_clean(char *text)
{
    for (unsigned char *at = (unsigned char *)text; *at != 0; at++)
    {
        if (*at < 0x20 || *at == 0x7f)
        {
            *at = '?';
        }
        else if (*at == 0xc2 && at[1] >= 0x80 && at[1] < 0xa0)
        {
            *at++ = '?';
            *at = '?';
        }
    }
}

/* U+FFFE and U+FFFF, which XML forbids. */
static bool is_forbidden(const char *text, size_t length)
{
    return length == 3 && memcmp(text, "\xEF\xBF", 2) == 0 && (unsigned char)text[2] >= 0xbe;
}

bool rm_text_is_utf8(const char *text, size_t size)
{
    for (size_t at = 0; at < size;)
    {
        size_t length = text[at] != '\0' ? rm_text_utf8(text + at, size - at) : 0;
        if (length == 0 || is_forbidden(text + at, length))
        {
            return false;
        }
        at += length;
    }
    return true;
}
