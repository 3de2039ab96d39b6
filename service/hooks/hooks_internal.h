/* hooks/hooks_internal.h: what hooks.c, hooks_check.c and hooks_query.c share.
 *
 * Units: none.  Ownership: none.  Threads: no state.
 * Errors: rm_hooks_fail_registry turns a Windows error code into a sentence that says what to do.
 */
#ifndef RM_HOOKS_HOOKS_INTERNAL_H
#define RM_HOOKS_HOOKS_INTERNAL_H

#include <hooks/class_info.h>
#include <hooks/hooks.h>
#include <hooks/registry.h>

/* The DLL for each view, "" where there is none. */
struct rm_hooks_dlls
{
    wchar_t paths[RM_REG_VIEW_COUNT][MAX_PATH];
};

/* The server's class, if it is one that can be hooked. */
enum rm_status rm_hooks_find_class(const struct rm_hooks *hooks,
                                   const struct rm_server_config *server,
                                   wchar_t clsid[RM_CLASS_TEXT_MAX], struct rm_config_error *error);

/* Refuses a class that another installation has enabled: each would take the other's hook for what
 * was there before. */
enum rm_status rm_hooks_check_instance(const struct rm_hooks *hooks,
                                       const struct rm_server_config *server, const wchar_t *clsid,
                                       struct rm_config_error *error);

/* At least one DLL. */
enum rm_status rm_hooks_find_dlls(const struct rm_hooks *hooks, struct rm_hooks_dlls *dlls,
                                  struct rm_config_error *error);

/* Tells which clients can't be served. */
void rm_hooks_tell_bitness(const struct rm_hooks *hooks, const struct rm_hooks_dlls *dlls);

/* The class under which `name` (ProgID or "{CLSID}") is enabled. */
bool rm_hooks_find_enabled(const char *name, wchar_t clsid[RM_CLASS_TEXT_MAX]);

void rm_hooks_query_class(const wchar_t *clsid, struct rm_hook_info *info);

__attribute__((format(printf, 3, 4))) enum rm_status
rm_hooks_fail(struct rm_config_error *error, enum rm_status status, const char *format, ...);

enum rm_status rm_hooks_fail_registry(struct rm_config_error *error, LSTATUS code,
                                      const char *doing);

#endif
