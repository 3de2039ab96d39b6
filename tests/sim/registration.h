/* registration.h: `rmsim /regserver NAME [options]` and `/unregserver NAME`.
 *
 * A machine NAME is the class RMSim.<NAME>.1 with a class id made from its name, so any number of
 * machines can stand side by side and registering one again changes nothing but its options: see
 * storedoptions.h. Everything is written to both registry views.
 *
 * Ownership: none.  Threads: the main thread.
 * Errors: false, with a message on standard error.
 * Source: opc-da-reference 8.1, OPC Common 1.0.
 */
#ifndef SIM_REGISTRATION_H
#define SIM_REGISTRATION_H

#include "options.h"

#include <windows.h>
#include <stdbool.h>

/* The class id of a machine; the same whatever the case of the name. */
CLSID sim_registration_clsid(const char *machine);

/* `options` were checked before; `da` is what they say, and gives the class its categories. */
bool sim_registration_add(const char *machine, enum sim_da da, int option_count,
                          wchar_t *const *options);

/* The options of the registered machine options->name, with `arguments` after them. */
bool sim_registration_options(int count, wchar_t *const *arguments, struct sim_options *options);

bool sim_registration_exists(const char *machine);
bool sim_registration_remove(const char *machine);

#endif
