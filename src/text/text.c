/* text.c: copies of texts in fields of a fixed size. */
#include <rm/text.h>

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
