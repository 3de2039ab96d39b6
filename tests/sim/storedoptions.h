/* storedoptions.h: the options of a registered machine, word by word, as a value of its class's
 * key.
 *
 * They don't stand in the command line of LocalServer32: Wine takes 260 characters at most from
 * there, the program's path included. Of a longer line it says nothing: it starts dllhost.exe
 * instead, which ends at once, and the client gets E_NOINTERFACE.
 *
 * Ownership: none.  Threads: the main thread.
 * Errors: false, with a message on standard error.
 * Source: Wine 8.0, dlls/combase/rpc.c, create_server and create_surrogate_server.
 */
#ifndef SIM_STOREDOPTIONS_H
#define SIM_STOREDOPTIONS_H

#include "options.h"

#include <windows.h>
#include <stdbool.h>

/* `path` names the class's key below HKEY_LOCAL_MACHINE, which is there, in the registry view
 * `view`. What was stored before is replaced. */
bool sim_stored_options_write(REGSAM view, const wchar_t *path, int count, wchar_t *const *words);

/* As sim_options_parse, for the stored words, if there are any, with `words` after them. */
bool sim_stored_options_parse(const wchar_t *path, int count, wchar_t *const *words,
                              struct sim_options *options);

#endif
