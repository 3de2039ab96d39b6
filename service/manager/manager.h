/* manager/manager.h: our service as Windows' service manager knows it: installed, started, removed.
 *
 * An instance is installed once per computer: installing it again changes what is there in place,
 * and only what the wish names. A service of the same name that runs another program than
 * rmservice.exe is never touched. Starting and stopping return when it is so, or when it is known
 * that it will not be so.
 *
 * Units: milliseconds, seconds where the name says so.
 * Ownership: struct rm_manager and what it points to are the caller's; handles are closed before a
 *   function returns. Texts that are told are UTF-8 and valid during the call.
 * Threads: no state; changes are to be made by one process at a time.
 * Errors: false, and a sentence in manager->error that says what was wrong and what to do.
 * Source: RM-067, RM-068; design.md 5.
 */
#ifndef RM_MANAGER_MANAGER_H
#define RM_MANAGER_MANAGER_H

#include <windows.h>
#include <stdbool.h>

#include <manager/image_path.h>
#include <manager/instance.h>

#define RM_MANAGER_TEXT_SIZE 1536

struct rm_manager
{
    const wchar_t *instance;                          /* valid, or "" */
    void (*tell)(void *context, const char *text);    /* what was done or changed */
    void (*waiting)(void *context, const char *text); /* every two seconds while it waits */
    void *context;
    char error[RM_MANAGER_TEXT_SIZE];
};

enum rm_manager_start
{
    RM_MANAGER_START_AS_IS, /* of a new service: AUTO */
    RM_MANAGER_START_AUTO,
    RM_MANAGER_START_DELAYED, /* two minutes after the others */
    RM_MANAGER_START_MANUAL,
    RM_MANAGER_START_DISABLED, /* an administrator's doing, never ours */
    RM_MANAGER_START_COUNT
};

/* NULL and AS_IS: as it is; of a new service, the default. */
struct rm_manager_wish
{
    const wchar_t *program; /* rmservice.exe; always needed */
    const wchar_t *config_path, *data_path;
    const wchar_t *account;  /* default LocalSystem */
    const wchar_t *password; /* NULL for accounts that have none */
    enum rm_manager_start start;
};

#define RM_MANAGER_RESTARTS 3

struct rm_manager_recovery
{
    bool is_known;                               /* Wine 8 does not tell it */
    bool is_restart;                             /* it is restarted, as the rest says */
    DWORD restart_after_ms[RM_MANAGER_RESTARTS]; /* the last one for all further failures */
    DWORD reset_after_s;
    bool is_on_error; /* also when it stops by itself with an error */
};

struct rm_manager_info
{
    bool is_installed;
    bool is_ours; /* it runs an rmservice.exe; the rest is filled in anyway */
    DWORD state;  /* SERVICE_RUNNING .. */
    DWORD process_id;
    DWORD exit_code; /* of the last run; 0: well, or ERROR_SERVICE_NEVER_STARTED */
    enum rm_manager_start start;
    wchar_t account[256];
    wchar_t image_path[RM_IMAGE_PATH_SIZE];
    struct rm_manager_recovery recovery;
    bool has_event_source;
};

bool rm_manager_install(struct rm_manager *manager, const struct rm_manager_wish *wish);

/* Stops it first. One that isn't there is a success, and is told. */
bool rm_manager_remove(struct rm_manager *manager);

/* One that runs, or has stopped, already is a success, and is told. */
bool rm_manager_start(struct rm_manager *manager);
bool rm_manager_stop(struct rm_manager *manager);

/* A service that isn't there is an answer, no error. */
bool rm_manager_query(struct rm_manager *manager, struct rm_manager_info *info);

/* "running" .. */
const char *rm_manager_state_name(DWORD state);
/* "auto" .. */
const char *rm_manager_start_name(enum rm_manager_start start);

/* Whether an account is used without a password: the system's own, virtual and managed ones. */
bool rm_manager_has_no_password(const wchar_t *account);

#endif
