/* ctl/screen.h: a console window in which a table is shown in place.
 *
 * The table gets a screen buffer of its own: what was in the window comes back when it is closed,
 * also by the end of the process. By the console's functions rather than by escape sequences, which
 * Windows before 10 does not know. Needs standard output to be a console.
 *
 * Units: columns and rows of the window.
 * Ownership: struct screen holds a handle from open to close.
 * Threads: one.
 * Errors: open answers false; what can't be written later is left out.
 */
#ifndef RM_CTL_SCREEN_H
#define RM_CTL_SCREEN_H

#include <stdbool.h>
#include <windows.h>

#include "table.h"

struct screen
{
    HANDLE buffer;
    WORD plain; /* the attributes of the user's text */
};

bool screen_open(struct screen *screen);

/* Replaces what is shown. Lines that the window has no room for are counted in its last row. */
void screen_show(const struct screen *screen, const struct table *table);

void screen_close(struct screen *screen);

#endif
