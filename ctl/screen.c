#include <stdio.h>
#include <string.h>

#include "screen.h"

#define WIDTH_MAX  512
#define BACKGROUND (BACKGROUND_RED | BACKGROUND_GREEN | BACKGROUND_BLUE | BACKGROUND_INTENSITY)

bool screen_open(struct screen *screen)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    CONSOLE_CURSOR_INFO cursor = {.dwSize = 1, .bVisible = FALSE};
    if (!GetConsoleScreenBufferInfo(GetStdHandle(STD_OUTPUT_HANDLE), &info))
    {
        return false;
    }
    screen->plain = info.wAttributes;
    screen->buffer = CreateConsoleScreenBuffer(GENERIC_READ | GENERIC_WRITE, FILE_SHARE_WRITE, NULL,
                                               CONSOLE_TEXTMODE_BUFFER, NULL);
    if (screen->buffer == INVALID_HANDLE_VALUE)
    {
        return false;
    }
    SetConsoleCursorInfo(screen->buffer, &cursor);
    if (!SetConsoleActiveScreenBuffer(screen->buffer))
    {
        CloseHandle(screen->buffer);
        return false;
    }
    return true;
}

/* Bright letters on the user's own background; on a light one they would be hard to read. */
static WORD tone_attributes(const struct screen *screen, enum table_tone tone)
{
    WORD background = screen->plain & BACKGROUND;
    if ((background & BACKGROUND_INTENSITY) != 0)
    {
        return screen->plain;
    }
    switch (tone)
    {
    case TABLE_PLAIN: return screen->plain;
    case TABLE_TITLE:
        return background | FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE |
               FOREGROUND_INTENSITY;
    case TABLE_GOOD: return background | FOREGROUND_GREEN | FOREGROUND_INTENSITY;
    case TABLE_BAD: return background | FOREGROUND_RED | FOREGROUND_INTENSITY;
    }
    return screen->plain;
}

static void write_row(const struct screen *screen, SHORT row, unsigned width, const char *text,
                      enum table_tone tone)
{
    wchar_t wide[WIDTH_MAX];
    COORD at = {0, row};
    DWORD written;
    int length = MultiByteToWideChar(CP_UTF8, 0, text, -1, wide, WIDTH_MAX);
    for (unsigned i = length > 0 ? (unsigned)length - 1 : 0; i < width; i++)
    {
        wide[i] = L' ';
    }
    FillConsoleOutputAttribute(screen->buffer, tone_attributes(screen, tone), width, at, &written);
    WriteConsoleOutputCharacterW(screen->buffer, wide, width, at, &written);
}

void screen_show(const struct screen *screen, const struct table *table)
{
    CONSOLE_SCREEN_BUFFER_INFO info;
    if (!GetConsoleScreenBufferInfo(screen->buffer, &info))
    {
        return;
    }
    unsigned width = info.dwSize.X > 0 ? (unsigned)info.dwSize.X : 1;
    width = width < WIDTH_MAX ? width : WIDTH_MAX;
    size_t rows = info.srWindow.Bottom >= info.srWindow.Top
                      ? (size_t)(info.srWindow.Bottom - info.srWindow.Top + 1)
                      : 1;
    for (size_t row = 0; row < rows; row++)
    {
        SHORT place = (SHORT)(info.srWindow.Top + (SHORT)row);
        if (row + 1 == rows && table->count > rows)
        {
            char more[64];
            snprintf(more, sizeof more, "(%u lines more: the window is too small)",
                     (unsigned)(table->count - rows + 1));
            write_row(screen, place, width, more, TABLE_TITLE);
        }
        else if (row < table->count)
        {
            write_row(screen, place, width, table->lines[row].text, table->lines[row].tone);
        }
        else
        {
            write_row(screen, place, width, "", TABLE_PLAIN);
        }
    }
}

void screen_close(struct screen *screen)
{
    SetConsoleActiveScreenBuffer(GetStdHandle(STD_OUTPUT_HANDLE));
    CloseHandle(screen->buffer);
    screen->buffer = NULL;
}
