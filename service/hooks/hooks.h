/* hooks/hooks.h: redundancy of one server switched on and off on this computer.
 *
 * Enabling compiles the settings into the registry and then hooks the server's class in both
 * registry views, so that clients of 32 and 64 bit that ask COM for the server get our DLL in their
 * own process. Disabling puts back exactly what was there and leaves nothing of ours. Whether a
 * server is enabled is a fact of the computer, not of the file: it is known by the registry alone.
 * Changes need administrator rights; questions don't.
 *
 *   views with a record   of these, changed by others   state
 *   none                  -                             OFF
 *   one or two            none                          ON
 *   one or two            one or two                    DAMAGED (C-12): enabling repairs it
 *
 * Units: none.
 * Ownership: nothing is kept; texts are UTF-8.
 * Threads: no state; changes are to be made by one process at a time.
 * Errors: struct rm_config_error with a sentence that says what to do. A failed enable undoes what
 * it had done; a failed disable can be repeated. Source: design.md 6; RM-231 .. RM-240, F-16, F-17,
 * C-09, C-12.
 */
#ifndef RM_HOOKS_HOOKS_H
#define RM_HOOKS_HOOKS_H

#include <stdarg.h>

#include <rm/config.h>

/* Who is told what an engineer should know beside success or failure: a sentence at a time. */
struct rm_hooks
{
    const char *dll_directory; /* where our DLLs are */
    void (*tell)(void *context, const char *text);
    void *context;
};

enum rm_hook_state
{
    RM_HOOK_OFF,
    RM_HOOK_ON,
    RM_HOOK_DAMAGED,
    RM_HOOK_STATE_COUNT
};

struct rm_hook_info
{
    char progid[RM_PROGID_MAX * 3 + 1]; /* as it was enabled; "" when OFF */
    char clsid[RM_CLSID_TEXT_SIZE];     /* "" if the class isn't known here */
    enum rm_hook_state state;
    bool is_served_64; /* clients of that bitness get our DLL */
    bool is_served_32;
};

/* Switches it on, or brings an enabled one up to date: damaged hooks, DLLs that have moved or come,
 * settings. *was_enabled: it was on before, undamaged. */
enum rm_status rm_hooks_enable(const struct rm_hooks *hooks, const struct rm_server_config *server,
                               bool *was_enabled, struct rm_config_error *error);

/* Switches it off; `name` is the ProgID with which it was enabled, or its "{CLSID}". Needs no
 * settings file. *was_enabled false: there was nothing to do. */
enum rm_status rm_hooks_disable(const struct rm_hooks *hooks, const char *name, bool *was_enabled,
                                struct rm_config_error *error);

/* Gives an enabled server's new settings to the registry; *was_enabled false: nothing was done. */
enum rm_status rm_hooks_update(const struct rm_hooks *hooks, const struct rm_server_config *server,
                               bool *was_enabled, struct rm_config_error *error);

/* How things stand with a ProgID or "{CLSID}". */
void rm_hooks_query(const char *name, struct rm_hook_info *info);

/* Whether the enabled server works with other settings than these. */
bool rm_hooks_is_outdated(const struct rm_server_config *server);

/* The enabled servers of this computer, 0, 1, 2 ..; false when there are no more. */
bool rm_hooks_enumerate(unsigned index, struct rm_hook_info *info);

/* "no", "yes", "damaged" */
const char *rm_hook_state_name(enum rm_hook_state state);

/* For the other files of this room. */
__attribute__((format(printf, 2, 3))) void rm_hooks_tell(const struct rm_hooks *hooks,
                                                         const char *format, ...);

#endif
