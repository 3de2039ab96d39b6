/* ctl/ctl.h: what the commands of rmctl share: the command line as parsed, and their table.
 *
 * A command is one row: its name, its options, how many plain arguments it takes, and a function.
 * The parser knows only what the row says, and so does --help.
 *
 * Units: none.
 * Ownership: struct ctl and what it points to live for the whole run.
 * Threads: one.
 * Errors: a command returns the exit status; what went wrong has then been printed.
 * Source: issue 2 items 7 and 8; F-13 .. F-17.
 */
#ifndef RM_CTL_CTL_H
#define RM_CTL_CTL_H

#include <stdbool.h>
#include <stddef.h>

#include <rm/config.h>
#include <rm/instance.h>
#include <rm/json.h>

#include <hooks/hooks.h>

enum ctl_exit
{
    CTL_FINE = 0,
    CTL_FAILED = 1,
    CTL_USAGE = 2
};

#define CTL_GIVEN_MAX 128
#define CTL_PLAIN_MAX 64
#define CTL_PATH_SIZE 1024
#define CTL_NOTES_MAX 64

struct ctl_option
{
    const char *name;     /* "--machine" */
    const char *argument; /* "HOST[/PROGID]"; NULL: takes none */
    const char *help;
};

struct ctl;

struct ctl_command
{
    const char *name;
    const char *arguments; /* behind the name, for the usage line */
    const char *summary;   /* one line */
    const char *details;   /* further text for --help; "" for none */
    const struct ctl_option *options;
    size_t option_count;
    unsigned plain_min, plain_max; /* arguments that are no options */
    bool takes_settings;           /* also --<setting> VALUE for each setting */
    bool is_change;                /* one at a time on this computer */
    bool prints_json;              /* writes its own JSON on success */
    enum ctl_exit (*run)(struct ctl *ctl);
};

struct ctl_given
{
    const char *name; /* "--machine" */
    const char *value;
};

struct ctl
{
    const struct ctl_command *command;
    bool is_json;
    char directory[CTL_PATH_SIZE];      /* of rmctl.exe */
    char config_path[CTL_PATH_SIZE];    /* redundancymaster.xml */
    wchar_t instance[RM_INSTANCE_SIZE]; /* of rmctl.exe's folder */
    bool is_config_given;               /* by --config; else it is the one beside rmctl.exe */
    size_t given_count;
    struct ctl_given given[CTL_GIVEN_MAX];
    size_t plain_count;
    const char *plain[CTL_PLAIN_MAX];
    size_t note_count;
    char *notes[CTL_NOTES_MAX]; /* kept for the JSON result */
    char error[1024];           /* the same: the last error */
    bool has_printed_json;      /* a whole object: there is no other one for a failure */
};

extern const struct ctl_command ctl_command_add, ctl_command_remove, ctl_command_set,
    ctl_command_list, ctl_command_show, ctl_command_enable, ctl_command_disable, ctl_command_status,
    ctl_command_switch, ctl_command_automatic, ctl_command_maintenance, ctl_command_prefer,
    ctl_command_acknowledge, ctl_command_blackbox, ctl_command_compare, ctl_command_events,
    ctl_command_service, ctl_command_monitor, ctl_command_validate, ctl_command_metrics;
extern const struct ctl_command *const ctl_commands[];
extern const size_t ctl_command_count;

/* arguments.c */

/* Fills ctl->given and ->plain by the command's row. */
enum ctl_exit ctl_parse(struct ctl *ctl, int count, char **words);
bool ctl_has(const struct ctl *ctl, const char *option);
/* The value of an option that may be given once; NULL if it isn't there. */
const char *ctl_value(const struct ctl *ctl, const char *option);
/* A whole number within bounds; an error is printed. */
enum ctl_exit ctl_number(struct ctl *ctl, const char *option, const char *text, unsigned minimum,
                         unsigned maximum, unsigned *number);

/* help.c */
void ctl_print_help(void);
void ctl_print_command_help(const struct ctl_command *command);

/* report.c */

/* A sentence about what was done or what to do next. */
__attribute__((format(printf, 2, 3))) void ctl_note(struct ctl *ctl, const char *format, ...);
/* An error; the result is CTL_FAILED. */
__attribute__((format(printf, 2, 3))) enum ctl_exit ctl_fail(struct ctl *ctl, const char *format,
                                                             ...);
/* Wrong usage, with the way to the help; the result is CTL_USAGE. */
__attribute__((format(printf, 2, 3))) enum ctl_exit ctl_misuse(struct ctl *ctl, const char *format,
                                                               ...);
/* Takes JSON to standard output. */
void ctl_put_json(void *to, const char *text);
/* {"ok": .., "messages": [..], "error": ..}, for commands without JSON of their own. */
void ctl_print_result(struct ctl *ctl, enum ctl_exit status);

/* settings_file.c */

/* Loads the file; one that isn't there is an empty configuration. */
enum ctl_exit ctl_load(struct ctl *ctl, struct rm_config *config);
enum ctl_exit ctl_save(struct ctl *ctl, const struct rm_config *config);
/* The redundant server, or NULL with an error printed that says what there is. */
struct rm_server_config *ctl_find(struct ctl *ctl, const struct rm_config *config,
                                  const char *progid);
/* Prints what a function of the core refused. */
enum ctl_exit ctl_refused(struct ctl *ctl, const struct rm_config_error *error);
/* HOST, HOST/PROGID or HOST/{CLSID}. */
enum ctl_exit ctl_add_machine(struct ctl *ctl, struct rm_server_config *server, const char *text);
/* The listener for service/hooks. */
struct rm_hooks ctl_hooks(struct ctl *ctl);
/* One process at a time changes settings and hooks. */
enum ctl_exit ctl_lock(struct ctl *ctl);
void ctl_unlock(void);

/* apply.c */

/* Gives the saved settings to the clients if the server is enabled. */
enum ctl_exit ctl_apply(struct ctl *ctl, const struct rm_server_config *server, bool *was_enabled);
/* Two machines on one computer are one computer's failure (D2-19). */
void ctl_warn_same_host(struct ctl *ctl, const struct rm_server_config *server);

#endif
