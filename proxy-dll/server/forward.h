/* server/forward.h: what every call of a client that we pass on has in common.
 *
 * Each method derives its own struct from struct rm_forward, which derives from struct rm_call
 * (call/call.h). Inputs are copied into memory that belongs to the call, because the client may
 * have gone on while a worker is still stuck with them; one status collects what went wrong in
 * copying, so a method copies all it needs and looks once.
 *
 * Units: none.
 * Ownership: rm_forward_new gives one reference to the call, ended by rm_call_release; inputs are
 *   freed with the call, results that were not moved out by the class's own destroy.
 * Threads: as struct rm_call.
 * Errors: rm_forward_execute returns what kept the inputs from being copied, else the result.
 * Source: design.md 3.4; reference 6.
 */
#ifndef RM_FORWARD_H
#define RM_FORWARD_H

#include <opc/opcda.h>

#include "call/call.h"
#include "call/hresult_class.h"

struct rm_group;
struct rm_link;
struct rm_session;
struct rm_input; /* one block of copied memory */
struct rm_carried;

/* More elements than this in one array are taken for a client's mistake. */
#define RM_ELEMENTS_MAX (1u << 24)

struct rm_forward
{
    struct rm_call call;
    struct rm_session *session;
    struct rm_group *group; /* held; NULL: the call is made on the server object */
    int which;              /* enum rm_group_interface, or rm_server_interface */
    HRESULT status;         /* of copying the inputs */
    struct rm_input *inputs;
    struct rm_carried *carried; /* among them */
    struct rm_carried *brought; /* among the results, until the client's thread has them */
    OPCITEMVQT *vqts;           /* their values are those of ... */
    const VARIANT *vqt_values;  /* which own what is behind them */
    DWORD vqt_count;
    void *real; /* this attempt's reference, from prepare to the end of run */
};

/* The struct that a call is the first member of. */
#define RM_FORWARD_OF(call, type) ((type *)(void *)(call))

/* Zeroed, size bytes; NULL: no memory. group may be NULL, then which is a server's interface. */
void *rm_forward_new(size_t size, const struct rm_call_class *call_class,
                     struct rm_session *session, struct rm_group *group, int which);

/* Copies of inputs. NULL text stays NULL; arrays are never NULL unless there is no memory. */
WCHAR *rm_forward_text(struct rm_forward *forward, const WCHAR *text);
void *rm_forward_array(struct rm_forward *forward, const void *array, DWORD count, size_t size);
void *rm_forward_texts(struct rm_forward *forward, const LPCWSTR *array, DWORD count);
VARIANT *rm_forward_variants(struct rm_forward *forward, VARIANT *array, DWORD count);
OPCITEMVQT *rm_forward_vqts(struct rm_forward *forward, const OPCITEMVQT *array, DWORD count);

/* May give RM_CALL_REPEAT: then all is to be built again. */
HRESULT rm_forward_execute(struct rm_forward *forward);

/* The server has answered with a success, so results may be moved out. */
bool rm_forward_has_results(const struct rm_forward *forward, HRESULT hr);

/* For struct rm_call_class: prepare takes the interface; destroy ends what rm_forward_new made. */
HRESULT rm_forward_prepare(struct rm_call *call, struct rm_link *link);
void rm_forward_destroy(struct rm_call *call);

/* At the end of run: gives the interface back, on the worker, for it may be the last reference. */
void rm_forward_drop(struct rm_forward *forward);

/* In run, once the results lie where they will stay: objects among `count` values, of which each
 * next one is `stride` bytes further, are to be usable on the client's thread. NULL is fine. */
void rm_forward_bring(struct rm_forward *forward, VARIANT *values, DWORD count, size_t stride);

/* Asks for packet integrity on a proxy that a call has just brought, unless the machine has refused
 * it before (C-13). NULL is fine. */
void rm_forward_secure(const struct rm_link *link, IUnknown *proxy);

/* Freeing what servers return. Arrays may be NULL. */
void rm_free_strings(WCHAR **array, DWORD count);
void rm_free_variants(VARIANT *array, DWORD count);

#endif
