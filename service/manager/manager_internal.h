/* manager/manager_internal.h: what the files of this room share.
 *
 * Units: milliseconds.
 * Ownership: struct service_handles owns both handles until service_close.
 * Threads: as manager.h says.
 * Errors: false, with the sentence in manager->error.
 */
#ifndef RM_MANAGER_INTERNAL_H
#define RM_MANAGER_INTERNAL_H

#include <manager/manager.h>

#define SERVICE_NOT_INSTALLED "The service '%s' is not installed."

struct service_handles
{
    SC_HANDLE manager;
    SC_HANDLE service; /* NULL: there is no such service */
};

/* `deed` completes "The service '..' was not ..". A service of another program is refused. */
bool service_open(struct rm_manager *manager, DWORD manager_access, DWORD access, const char *deed,
                  struct service_handles *handles);
void service_close(struct service_handles *handles);

/* "The service 'X' was not <deed>: <what the code means>. <What to do.>"; always false. */
bool service_fail(struct rm_manager *manager, const char *deed, DWORD code);

__attribute__((format(printf, 2, 3))) bool service_fail_text(struct rm_manager *manager,
                                                             const char *format, ...);
__attribute__((format(printf, 2, 3))) void service_tell(const struct rm_manager *manager,
                                                        const char *format, ...);

/* The service's name in UTF-8. */
void service_name_text(const struct rm_manager *manager, char name[RM_INSTANCE_NAME_SIZE]);

/* What is set now; the info must be all zero before. */
bool service_read(struct rm_manager *manager, SC_HANDLE service, struct rm_manager_info *info);

/* Stops it if it runs and waits for the end of its process. */
bool service_stop(struct rm_manager *manager, SC_HANDLE service, bool *was_running);

/* What install sets. */
extern const struct rm_manager_recovery service_recovery;

/* Says what is otherwise than before, and what has to be done for it. */
void service_tell_changes(struct rm_manager *manager, const struct rm_manager_info *before,
                          const struct rm_manager_info *after, bool has_password);

#endif
