/* runtime/apply.h: settings that somebody has written into the file reach the clients (RM-230).
 *
 * Clients have their settings from the registry. rmctl puts them there when it changes the file; a
 * file that was edited, or copied from another computer, is put there from here, for servers that
 * are enabled. What is the same already is left alone.
 *
 * Units: none.
 * Ownership: what is given is borrowed.
 * Threads: the service's one.
 * Errors: false: another program is changing them, or the registry refused, which is told once:
 *   to be tried again.
 * Source: design.md 5 (Settings).
 */
#ifndef RM_RUNTIME_APPLY_H
#define RM_RUNTIME_APPLY_H

#include <stdbool.h>

#include "runtime/settings.h"

bool rm_apply_settings(struct rm_settings *settings);

#endif
