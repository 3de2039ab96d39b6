/* ctl/password.h: an account's password, never on the command line.
 *
 * Units: characters, the final zero included.
 * Ownership: the caller's buffer, which the caller wipes.
 * Threads: one.
 * Errors: the exit status; what was wrong has been printed.
 */
#ifndef RM_CTL_PASSWORD_H
#define RM_CTL_PASSWORD_H

#include "ctl.h"

#define PASSWORD_SIZE 257

/* Asks at the terminal, without echo. */
enum ctl_exit password_ask(struct ctl *ctl, const char *account, wchar_t password[PASSWORD_SIZE]);

/* The first line of standard input, in UTF-8. */
enum ctl_exit password_read(struct ctl *ctl, wchar_t password[PASSWORD_SIZE]);

void password_wipe(wchar_t password[PASSWORD_SIZE]);

#endif
