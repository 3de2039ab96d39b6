#include <windows.h>
#include <string.h>

#include <hooks/wide.h>

#include "output.h"
#include "password.h"

#define LINE_SIZE (PASSWORD_SIZE * 3)

/* Ends the text at the end of its line; false if there is none, or if nothing is before it. */
static bool cut_line(wchar_t *text)
{
    size_t length = wcscspn(text, L"\r\n");
    bool is_whole = text[length] != L'\0';
    text[length] = L'\0';
    return is_whole && length > 0;
}

enum ctl_exit password_ask(struct ctl *ctl, const char *account, wchar_t password[PASSWORD_SIZE])
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    DWORD mode = 0, count = 0;
    if (!GetConsoleMode(input, &mode))
    {
        return ctl_fail(ctl,
                        "The password of '%s' is asked for at a terminal, and there is none. Give "
                        "it by standard input, with --password-stdin. Nothing was changed.",
                        account);
    }
    output_error("Password of '%s' (it is not shown):", account);
    SetConsoleMode(input, (mode & ~(DWORD)ENABLE_ECHO_INPUT) | ENABLE_LINE_INPUT);
    BOOL is_read = ReadConsoleW(input, password, PASSWORD_SIZE - 1, &count, NULL);
    SetConsoleMode(input, mode);
    password[is_read ? count : 0] = L'\0';
    return cut_line(password) ? CTL_FINE
                              : ctl_fail(ctl, "No password was given. Nothing was changed.");
}

enum ctl_exit password_read(struct ctl *ctl, wchar_t password[PASSWORD_SIZE])
{
    char line[LINE_SIZE];
    size_t used = 0;
    DWORD count = 0;
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
    while (used < sizeof line - 1 && ReadFile(input, line + used, 1, &count, NULL) && count == 1 &&
           line[used] != '\n')
    {
        used++;
    }
    while (used > 0 && line[used - 1] == '\r')
    {
        used--;
    }
    line[used] = '\0';
    bool is_good = used > 0 && rm_wide_from_utf8(line, password, PASSWORD_SIZE);
    SecureZeroMemory(line, sizeof line);
    return is_good ? CTL_FINE
                   : ctl_fail(ctl,
                              "Standard input has no password in its first line (UTF-8, at most "
                              "%d characters). Nothing was changed.",
                              PASSWORD_SIZE - 1);
}

void password_wipe(wchar_t password[PASSWORD_SIZE])
{
    SecureZeroMemory(password, PASSWORD_SIZE * sizeof *password);
}
