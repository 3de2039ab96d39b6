/* rm/event.h: the catalogue of events: text, severity and arguments, shared by all that shows,
 * stores or mails them.
 *
 * Texts RM-241 .. RM-262 are kept letter for letter (F-15); "%m" in a row's format stands for
 * "primary machine", "secondary machine" or "machine 3" .. "machine 15" (F-17), "removed machine".
 *
 * Units: none.
 * Ownership: struct rm_event borrows its strings; the catalogue is static.
 * Threads: any; no state.
 * Errors: none; an unknown id is an assert, an unknown name gets the enum's COUNT.
 * Source: features 1.13, F-15, F-17.
 */
#ifndef RM_EVENT_H
#define RM_EVENT_H

#include <stddef.h>
#include <stdint.h>

enum rm_severity
{
    RM_SEVERITY_INFORMATIONAL,
    RM_SEVERITY_WARNING,
    RM_SEVERITY_ERROR,
    RM_SEVERITY_COUNT
};

enum rm_event_id
{
    RM_EVENT_CONNECTED,         /* RM-243/244: server, machine */
    RM_EVENT_DISCONNECTED,      /* RM-248/249: server, machine; we dropped the connection */
    RM_EVENT_CONNECT_FAILED,    /* RM-251/252: server, machine, code */
    RM_EVENT_PROMOTED,          /* RM-257/258: server, machine */
    RM_EVENT_SHUTDOWN_RECEIVED, /* RM-259/260: server, machine */
    RM_EVENT_STATUS_LOST,       /* RM-261/262: server, machine */
    RM_EVENT_ALL_LOST,          /* server: no machine answers (F-10) */
    RM_EVENT_NO_BETTER_MACHINE, /* server (F-06) */
    RM_EVENT_ITEM_REFUSED,      /* server, machine, item in detail, code (C-07) */
    RM_EVENT_WRITE_UNKNOWN,     /* server, machine, items in detail (C-20) */
    RM_EVENT_INTEGRITY_REFUSED, /* server, machine: packet integrity refused, host's default used */
    RM_EVENT_INTERFACE_UNKNOWN, /* server, IID in detail: vendor interface not passed on */
    RM_EVENT_INTERFACE_MISSING, /* server, machine, IID in detail: the new machine lacks it */
    RM_EVENT_GROUP_REFUSED,     /* server, machine, group in detail, code */
    RM_EVENT_WORKERS_ABANDONED, /* server, machine, count in code: calls stuck for long */
    RM_EVENT_STANDBY_REFUSED,   /* server, machine, code: it runs, but takes no further client */
    RM_EVENT_LOGON_REFUSED,     /* server, machine, code: the client was logged on elsewhere */
    RM_EVENT_NETWORK_LOST,     /* server: all machines went at once; in place of ALL_LOST (CX-24) */
    RM_EVENT_CALLBACKS_SILENT, /* server, machine (C-05) */
    RM_EVENT_NOT_RUNNING,      /* server, machine: it answers with another state (CX-11) */
    RM_EVENT_FLAPPING, /* server, machine, promotions in code: not returned to for a while */
    RM_EVENT_MAINTENANCE_BEGUN, /* server, machine */
    RM_EVENT_MAINTENANCE_ENDED, /* server, machine */
    RM_EVENT_SWITCH_REFUSED,    /* server, machine, reason in detail (D2-13) */
    RM_EVENT_LINK_SPLIT,        /* server, machine: the others are there, we can't follow */
    RM_EVENT_ACKNOWLEDGE_DUE,   /* server, machine (CX-07) */
    RM_EVENT_ACKNOWLEDGED,      /* server */
    RM_EVENT_STARVED,           /* server, ms in code: decisions are postponed */
    RM_EVENT_NO_SWITCH,         /* server, reason in detail: a switch without a machine (D2-13) */
    RM_EVENT_COMMANDED,         /* server, command and user in detail (D2-13) */
    RM_EVENT_BLACKBOX_FAILED,   /* server, folder in detail, code: no report of a switch written */
    RM_EVENT_BUFFER_OVERFLOW,   /* server, machine, count in code (design.md 3.6) */
    RM_EVENT_ITEM_DIFFERS,      /* server, machine, difference in detail (C-07) */
    RM_EVENT_ITEM_BAD,          /* server, machine, difference in detail: bad from the start */
    RM_EVENT_MORE_DIFFERENCES,  /* server, machine, count in code: items beyond those told */
    RM_EVENT_ITEMS_FORGOTTEN,   /* server, machine, group in detail, count in code (D2-16) */
    RM_EVENT_STAYS_ACTIVE,      /* server, machine: it can't have inactive groups (D2-16) */
    RM_EVENT_STATUS_REFUSED,    /* server, machine, code: it answers GetStatus with an error */
    RM_EVENT_EVENTS_LOST,       /* server, count in code: the service was away too long (F-12) */
    RM_EVENT_SETTINGS_CHANGED,  /* server, the new values in detail (RM-230) */
    RM_EVENT_SETTINGS_UNUSABLE, /* server: those stored can't be read, the old ones stay */
    RM_EVENT_MACHINES_CHANGED,  /* server, what is added, removed and moved in detail (RM-230) */
    RM_EVENT_MONITOR_ERROR,     /* RM-253/254: server, machine */
    RM_EVENT_MONITOR_PASSED,    /* RM-255/256: server, machine */
    RM_EVENT_MONITOR_ITEM_REFUSED, /* RM-241/242: server, machine, item in detail */
    RM_EVENT_MONITOR_ITEM_ARRAY,   /* RM-246/247: server, machine, item in detail */
    RM_EVENT_MONITOR_BLIND,   /* server, code: no machine's items can be tested by the service */
    RM_EVENT_AGREED,          /* server, machine, processes in detail: the others follow them */
    RM_EVENT_REMOVED_SERVES,  /* server, machine: not in the list, but no other is fit (RM-230) */
    RM_EVENT_SETTINGS_BROKEN, /* server, what is wrong in detail: the last good ones stay (F-14) */
    RM_EVENT_SETTINGS_MENDED, /* server */
    RM_EVENT_SERVICE_LEFT,    /* RM-250: told by who follows the service's events; in no log */
    RM_EVENT_WINDOWS_SERVICE_STARTED, /* server, machine, service in detail (CX-16) */
    RM_EVENT_WINDOWS_SERVICE_FAILED,  /* server, machine, service in detail, code */
    RM_EVENT_COUNT
};

struct rm_event
{
    enum rm_event_id id;
    const char *server; /* ProgID that the client asked for */
    unsigned machine;   /* rank: 1 = primary; 0 = not about one, or about a removed one */
    const char *host;   /* of that machine; "" when it is about none */
    uint32_t code;      /* HRESULT or count; 0 when the text has none */
    const char *detail; /* item, group, interface; "" when the text has none */
};

#define RM_EVENT_TEXT_SIZE 512

enum rm_severity rm_event_severity(enum rm_event_id id);
const char *rm_severity_name(enum rm_severity severity); /* "Informational" .. */
enum rm_severity rm_severity_find(const char *name);     /* RM_SEVERITY_COUNT: no such word */

/* What an event is called in files and on the command line ("connectFailed"), in this version and
 * all later ones; the number is none of their business. */
#define RM_EVENT_NAME_SIZE 32
const char *rm_event_name(enum rm_event_id id);
enum rm_event_id rm_event_find(const char *name); /* RM_EVENT_COUNT: unknown to this version */

/* The format string as the list of e-mail events shows it, e.g.
 * "Connected to '%s' on primary machine '%s'." for machine 1. */
void rm_event_template(enum rm_event_id id, unsigned machine, char *buffer, size_t size);

/* The event's full text, cut at size - 1 bytes at a character boundary. */
void rm_event_format(const struct rm_event *event, char *buffer, size_t size);

/* "primary machine", "secondary machine", "machine 3" ..; 0: "removed machine" */
void rm_event_machine_words(unsigned machine, char *buffer, size_t size);

#endif
