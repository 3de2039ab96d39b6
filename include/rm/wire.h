/* rm/wire.h: the pipe protocol between the service and those who talk to it: the sessions in the
 * clients' processes, rmctl and the configuration program.
 *
 * The pipe is \\.\pipe\RedundancyMaster, or \\.\pipe\RedundancyMaster.NAME of the instance NAME. It
 * is local: nobody reaches it through the network. Who may do what:
 *
 *   open it              SYSTEM, administrators, every user who is logged on to this computer
 *   right ANYBODY        whoever has opened it
 *   right OPERATOR       administrators; the local group RedundancyMaster Operators
 *   right ADMINISTRATOR  administrators
 *
 * The right is checked for each message, in the name of the peer's user. A client checks who owns
 * the pipe before it says anything: SYSTEM, administrators, its own user, or the process that the
 * service manager knows as the service.
 *
 * What is sent are frames (rm/frame.h). A request has a sequence number other than 0; each is
 * answered by frames of that number, the last of which is DONE or ERROR. What the service says by
 * itself has number 0. The first request is HELLO.
 *
 *   request        right          answer, in front of DONE
 *   -------------  -------------  ----------------------------------
 *   HELLO          ANYBODY        WELCOME
 *   SESSION_BEGIN  ANYBODY        -
 *   SESSION_ACTIVE ANYBODY        -
 *   SESSION_END    ANYBODY        -
 *   EVENT          ANYBODY        -, once the event is on the disk
 *   LIST_SESSIONS  ANYBODY        a SESSION_ROW for each
 *   LIST_EVENTS    ANYBODY        an EVENT_ROW for each, oldest first
 *   RESET_EVENTS   ADMINISTRATOR  -
 *   METRICS        ANYBODY        TEXT_ROWs, together the text of rm/metrics.h
 *   COMMAND        OPERATOR       -, once the command is stored for the sessions
 *   TAKE_BACK      OPERATOR       -
 *   LIST_STATUS    ANYBODY        for each redundant server a SERVER_ROW, and behind it,
 *                                 if it has monitor items, a MACHINE_ROW for each machine
 *
 * By itself the service says VERDICT, to each process with a session of that redundant server: of
 * each machine that it tests when the session begins, and when it changes; and AGREED to a session:
 * in front of the answer to its SESSION_BEGIN, where others are at that moment, and when it is to
 * follow them (rm/agreement.h). Nobody renews these: with the connection they are void.
 *
 * STOPPING is the last thing that it says when it is stopped; who hears it leaves, and comes back
 * later. Without that word it has crashed.
 *
 * A body is the fields of its structure in their order (rm/field.h). One that is longer comes from
 * a newer version: the rest is skipped. A type that isn't known is answered by ERROR. Of another
 * major version (the upper byte) nothing is understood.
 *
 * Units: FILETIMEs (100 ns since 1601, UTC) as numbers.
 * Ownership: plain values.
 * Threads: any; no state.
 * Errors: rm_wire_decode trusts nothing: RM_E_NOT_FOUND an unknown type, RM_E_VERSION another major
 *   version, RM_E_INVALID a body that is none; then only type and sequence are set.
 * Source: design.md 5 (Pipe), D2-20, F-12.
 */
#ifndef RM_WIRE_H
#define RM_WIRE_H

#include <rm/config.h>
#include <rm/event.h>
#include <rm/frame.h>
#include <rm/orders.h>
#include <rm/status.h>

#define RM_WIRE_VERSION       0x0100u
#define RM_WIRE_INSTANCE_SIZE 33 /* letters, digits, - and _; "" is the installed product */
#define RM_WIRE_NAME_SIZE     64
#define RM_WIRE_TEXT_SIZE     1024
#define RM_WIRE_ITEMS         256
#define RM_WIRE_EVENTS_MAX    500u /* of one LIST_EVENTS */

enum rm_wire_type
{
    RM_WIRE_NONE, /* is never sent */
    RM_WIRE_HELLO,
    RM_WIRE_SESSION_BEGIN,
    RM_WIRE_SESSION_ACTIVE,
    RM_WIRE_SESSION_END,
    RM_WIRE_EVENT,
    RM_WIRE_LIST_SESSIONS,
    RM_WIRE_LIST_EVENTS,
    RM_WIRE_RESET_EVENTS,
    RM_WIRE_WELCOME,
    RM_WIRE_SESSION_ROW,
    RM_WIRE_EVENT_ROW,
    RM_WIRE_DONE,
    RM_WIRE_ERROR,
    RM_WIRE_VERDICT,
    RM_WIRE_AGREED,
    RM_WIRE_METRICS,
    RM_WIRE_TEXT_ROW,
    RM_WIRE_COMMAND,
    RM_WIRE_TAKE_BACK,
    RM_WIRE_LIST_STATUS,
    RM_WIRE_SERVER_ROW,
    RM_WIRE_MACHINE_ROW,
    RM_WIRE_STOPPING,
    RM_WIRE_TYPE_COUNT
};

enum rm_wire_right
{
    RM_WIRE_RIGHT_NOBODY, /* it is no request */
    RM_WIRE_RIGHT_ANYBODY,
    RM_WIRE_RIGHT_OPERATOR,
    RM_WIRE_RIGHT_ADMINISTRATOR,
    RM_WIRE_RIGHT_COUNT
};

struct rm_wire_hello
{
    uint32_t process_id;
    uint64_t process_started;        /* FILETIME: with the id it names the process for good */
    char program[RM_WIRE_NAME_SIZE]; /* "opcquickcli.exe" */
    char version[RM_WIRE_NAME_SIZE]; /* of our part in it */
};

struct rm_wire_welcome
{
    uint32_t process_id; /* the service's */
    char instance[RM_WIRE_INSTANCE_SIZE];
    char version[RM_WIRE_NAME_SIZE];
};

struct rm_wire_session
{
    uint32_t session; /* number within its process */
    char server[RM_PROGID_MAX + 1];
};

/* The last word counts. */
struct rm_wire_active
{
    uint32_t session;
    uint32_t machine;      /* active; 0 = none */
    uint32_t moves;        /* promotions that it has decided for itself so far */
    uint32_t is_following; /* it went where the others are */
};

struct rm_wire_event
{
    uint64_t time;
    uint32_t session;
    uint32_t number;   /* the session's own, rises */
    uint32_t severity; /* enum rm_severity */
    uint32_t machine;  /* 0 = not about one */
    char server[RM_PROGID_MAX + 1];
    char name[RM_EVENT_NAME_SIZE]; /* of the catalogue */
    char text[RM_EVENT_TEXT_SIZE];
};

struct rm_wire_list
{
    char server[RM_PROGID_MAX + 1]; /* LIST_SESSIONS, LIST_STATUS: "" = of all */
    uint64_t after;                 /* LIST_EVENTS: those behind this place in the log */
    uint32_t last;                  /* LIST_EVENTS: of the last so many; 0 = of all */
    uint32_t maximum;               /* LIST_EVENTS: no more at a time; nor RM_WIRE_EVENTS_MAX */
};

struct rm_wire_session_row
{
    struct rm_wire_hello process;
    struct rm_wire_session session;
    uint64_t begun;
};

struct rm_wire_event_row
{
    uint64_t place; /* in the log; grows */
    struct rm_wire_event event;
    uint32_t process_id;
    uint64_t process_started;
    char program[RM_WIRE_NAME_SIZE];
};

struct rm_wire_error
{
    uint32_t status; /* enum rm_status */
    char text[RM_EVENT_TEXT_SIZE];
};

struct rm_wire_verdict
{
    char server[RM_PROGID_MAX + 1];
    uint32_t machine;
    uint32_t verdict;       /* enum rm_verdict of its monitor items */
    uint32_t score;         /* BAD: weight of the items in error */
    uint32_t is_observable; /* 0: the service can't test it, the verdict is UNKNOWN */
};

struct rm_wire_agreed
{
    uint32_t session; /* of the process that it is said to */
    uint32_t machine; /* where the others are; 0: whom it followed is gone */
};

struct rm_wire_metrics
{
    uint32_t format; /* enum rm_metrics_format */
};

struct rm_wire_text_row
{
    char text[RM_WIRE_TEXT_SIZE]; /* the next piece */
};

/* An operator's (rm/orders.h). Who he is the service finds out by itself. */
struct rm_wire_command
{
    char server[RM_PROGID_MAX + 1];
    uint32_t order; /* enum rm_order */
    uint32_t machine;
    uint32_t is_forced;
    uint32_t number; /* TAKE_BACK: of the switch that no session has made; the rest is unused */
};

struct rm_wire_server_row
{
    char server[RM_PROGID_MAX + 1];
    uint32_t is_configured;   /* it is in the service's settings */
    uint32_t is_watch_always; /* it is tested without sessions, too */
    uint32_t monitor_items;
    uint32_t sessions;    /* that are registered */
    uint64_t switched_at; /* the last switch that the service has seen; 0 = none */
    uint32_t switched_to; /* machine */
    uint32_t cause;       /* enum rm_cause */
    uint32_t process_id;  /* of the session that switched */
    char program[RM_WIRE_NAME_SIZE];
    char by[RM_ORDERS_USER_SIZE]; /* who commanded it; "": nobody, or it isn't known */
};

/* The service's own connection to a machine. */
enum rm_wire_own
{
    RM_WIRE_OWN_NONE, /* it isn't tested now: nobody has it open, or a standby in cold mode */
    RM_WIRE_OWN_CONNECTING,
    RM_WIRE_OWN_CONNECTED,
    RM_WIRE_OWN_FAILED, /* code says with what; it is tried again */
    RM_WIRE_OWN_COUNT
};

struct rm_wire_machine_row
{
    struct rm_wire_verdict verdict;
    uint32_t own;              /* enum rm_wire_own */
    uint32_t code;             /* FAILED: HRESULT */
    uint32_t calls_stuck;      /* threads of the service that have not come back from its server */
    uint32_t items_in_error;   /* CONNECTED: of its monitor items */
    char items[RM_WIRE_ITEMS]; /* these, with ", " in between; cut if longer */
};

struct rm_wire_message
{
    enum rm_wire_type type;
    uint32_t sequence;
    union
    {
        struct rm_wire_hello hello;
        struct rm_wire_welcome welcome;
        struct rm_wire_session session; /* SESSION_BEGIN, SESSION_END */
        struct rm_wire_active active;
        struct rm_wire_event event;
        struct rm_wire_list list; /* LIST_SESSIONS, LIST_EVENTS, RESET_EVENTS, LIST_STATUS */
        struct rm_wire_session_row session_row;
        struct rm_wire_event_row event_row;
        struct rm_wire_error error;
        struct rm_wire_verdict verdict;
        struct rm_wire_agreed agreed;
        struct rm_wire_metrics metrics;
        struct rm_wire_text_row text_row;
        struct rm_wire_command command; /* COMMAND, TAKE_BACK */
        struct rm_wire_server_row server_row;
        struct rm_wire_machine_row machine_row;
    } body;
};

/* The largest frame of this protocol, its header included. */
#define RM_WIRE_FRAME_MAX 2048u

/* The frame as it is sent; its size. Texts must be ended and UTF-8. */
size_t rm_wire_encode(const struct rm_wire_message *message, uint8_t bytes[RM_WIRE_FRAME_MAX]);
enum rm_status rm_wire_decode(const struct rm_frame *frame, struct rm_wire_message *message);

enum rm_wire_right rm_wire_right(enum rm_wire_type type);
const char *rm_wire_type_name(enum rm_wire_type type); /* "HELLO"; "?" for one that is none */

#endif
