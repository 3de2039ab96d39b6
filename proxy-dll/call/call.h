/* call/call.h: one call of a client, made on a worker, ended by an answer or by its link's death.
 *
 * The client's thread never makes a call to a server. It fills a struct of its own that starts with
 * struct rm_call (inputs copied into it), and hands it to rm_call_execute, which
 *   - waits until the session has an active link that has caught up,
 *   - lets `prepare` translate handles for that link, under the session's lock,
 *   - runs `run` on a worker and waits, pumping where the calling thread is single-threaded,
 *   - on the link's death decides by `kind` whether the call is to be repeated (design.md 3.4).
 * Who wins, answer or death, is decided once, by one atomic word. A call whose waiter has left is
 * freed by its worker, with its own copies of everything; so a call that is to be repeated is built
 * afresh from the client's arguments. Each method is therefore two functions:
 *
 *     static HRESULT read_once(struct rm_group *group, ...)    builds, executes, moves results out
 *     HRESULT WINAPI group_sync_Read(...)                      do hr = read_once(...);
 *                                                              while (hr == RM_CALL_REPEAT);
 *
 * An answer that says that the called object is gone is the end of the link only where it was the
 * server object, or where a GetStatus is not answered either. A group that is gone from a server
 * which is well is made again on the same link, and the call repeated.
 *
 * Units: milliseconds.
 * Ownership: rm_call_new gives one reference; rm_call_execute doesn't take it; rm_call_release ends
 *   it. Results stay in the struct until the caller moves them out; `destroy` frees what is left.
 *   Outputs may be touched by the caller only after rm_call_execute returned something other than
 *   RM_CALL_REPEAT and rm_call_is_answered is true.
 * Threads: the struct belongs to the waiter until execute, to the worker until the word is set,
 * then to the waiter again if the answer won. Errors: rm_call_execute returns what the server
 * returned, bit by bit; when no machine is left RPC_S_SERVER_UNAVAILABLE's HRESULT; for a write of
 * unknown outcome RPC_S_CALL_FAILED's; for a write while they wait for an operator E_ACCESSDENIED;
 * RM_CALL_REPEAT, which never reaches a client. Source: design.md 3.4; C-01, C-20, F-08, F-10,
 * CX-07.
 */
#ifndef RM_CALL_H
#define RM_CALL_H

#include <stdbool.h>
#include <windows.h>

#include "call/abandoned.h"
#include "call/worker.h"

struct rm_link;
struct rm_session;
struct rm_call;

/* Private: build the call again and execute it on the machine that is active now. */
#define RM_CALL_REPEAT ((HRESULT)0x2004F001L)

enum rm_call_kind
{
    RM_CALL_IDEMPOTENT, /* reads, browse, properties, status, validate, get-state */
    RM_CALL_SHADOW,     /* changes what the shadow records */
    RM_CALL_WRITE,      /* writes to the plant */
    RM_CALL_KIND_COUNT
};

struct rm_call_class
{
    const char *name; /* "IOPCSyncIO::Read" */
    enum rm_call_kind kind;
    bool is_long; /* may rightly take minutes: unanswered pings wait for busyGrace meanwhile */

    /* On the calling thread, session locked: translate our handles into the link's and take
     * references to the interfaces that run will use. S_OK to go on; anything else is the call's
     * result and the server isn't asked (rm_call_is_answered stays false). May be NULL. */
    HRESULT (*prepare)(struct rm_call *call, struct rm_link *link);

    /* On a worker, no lock held: make the call, release the interfaces. */
    HRESULT (*run)(struct rm_call *call, struct rm_link *link);

    /* On the calling thread, session locked, after the server has answered: write success into the
     * shadow. `link` may have been demoted or have died by now. May be NULL. */
    void (*record)(struct rm_call *call, struct rm_link *link, HRESULT hr);

    /* On the calling thread, session locked: the link was lost before an answer came. Undo what
     * prepare has entered into the session (transactions). Only inputs may be touched.
     * RM_CALL_REPEAT: `kind` decides; anything else is the call's result, for its answer has come
     * on another way. May be NULL. */
    HRESULT (*lost)(struct rm_call *call, struct rm_link *link);

    /* WRITE: the items that it names, for the event about an unknown outcome. On the calling
     * thread, session locked. May be NULL. */
    void (*name_items)(const struct rm_call *call, WCHAR *text, size_t room);

    /* Frees inputs and all outputs that are still there. Any thread, no lock. May be NULL. */
    void (*destroy)(struct rm_call *call);
};

/* A machine that hangs costs a write this much more. */
#define RM_LAST_MOMENT_MS 50

enum rm_call_state
{
    RM_CALL_PENDING,
    RM_CALL_LAST_MOMENT, /* of a write: its link is dead, but its own answer may just be coming */
    RM_CALL_ANSWERED,
    RM_CALL_LINK_DEAD
};

struct rm_call
{
    struct rm_job job;
    const struct rm_call_class *call_class;
    struct rm_group *group; /* whose object is called; NULL: the server's. Lives as the call does */
    struct rm_link *link;   /* holds a reference while the call is out */
    struct rm_list_node node; /* in link->calls or session->waiters, under the session's lock */
    struct rm_abandoned abandoned; /* entered by the link's death until its worker is back */
    ULONGLONG started_ms;
    HRESULT result;
    void (*arrive)(struct rm_call *call); /* on the worker, before run; NULL: nothing to do */
    HANDLE token;                         /* the caller's impersonation token, or NULL */
    HANDLE event;                         /* set at the end where the waiter pumps; else NULL */
    volatile LONG state;                  /* enum rm_call_state, on which the waiter waits */
    LONG refs;
    bool is_detached; /* nobody waits: run reports by itself */
};

/* Zeroed, size bytes, one reference. NULL: no memory. */
struct rm_call *rm_call_new(size_t size_bytes, const struct rm_call_class *call_class);
void rm_call_add_ref(struct rm_call *call);
void rm_call_release(struct rm_call *call);

/* The server has answered, so outputs are there as far as its HRESULT says so. */
bool rm_call_is_answered(const struct rm_call *call);

HRESULT rm_call_execute(struct rm_session *session, struct rm_call *call);

/* As rm_call_execute, but for one link, whether it is active or not, and never repeated: for what
 * belongs to a link (an enumerator of that link). Its death gives RPC_S_CALL_FAILED's HRESULT. */
HRESULT rm_call_execute_on(struct rm_session *session, struct rm_link *link, struct rm_call *call);

/* Starts the call without anybody waiting; `run` reports by itself. Takes the caller's reference.
 * The link's death counts it as abandoned. Session not locked. false: the link is dead already, or
 * no thread could be made. */
bool rm_call_start(struct rm_session *session, struct rm_link *link, struct rm_call *call);

/* Waits until the call's word is no longer PENDING, pumping where the thread is single-threaded;
 * PENDING when the time is up. The call must have been made ready with rm_call_prepare_wait before
 * it was published. */
bool rm_call_prepare_wait(struct rm_call *call);
enum rm_call_state rm_call_wait(struct rm_call *call, DWORD timeout_ms);

/* Whoever waits is single-threaded, and so is what it may be given. */
bool rm_call_is_pumping(const struct rm_call *call);

/* Waits for as long as the link lives, and a moment longer where an answer would settle whether a
 * write was carried out. */
enum rm_call_state rm_call_wait_for_answer(struct rm_call *call);

/* Sets the word unless it was ANSWERED or LINK_DEAD already, and wakes the waiter. true: this call
 * has won. Any lock. */
bool rm_call_finish(struct rm_call *call, enum rm_call_state state);

/* For DllMain, when the DLL is unloaded: gives back what belongs to the process. */
void rm_call_unload(void);

/* For the driver, session locked: ends all waits on a link that is dead now. */
void rm_call_end_all(struct rm_link *link);

#endif
