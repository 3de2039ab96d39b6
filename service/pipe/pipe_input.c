/* pipe_input.c: what a peer says. */
#include "pipe/pipe_internal.h"

#include <rm/text.h>

#include "pipe/pipe_rights.h"

#define ALLOWANCE_MAX 1000u
#define MS_A_MESSAGE  2u /* until it may send one more: 500 in a second */

/* Whether it may send one more message now. */
static bool has_allowance(struct rm_pipe_peer *peer)
{
    ULONGLONG now_ms = GetTickCount64();
    ULONGLONG gained = (now_ms - peer->allowance_ms) / MS_A_MESSAGE;

    peer->allowance_ms += gained * MS_A_MESSAGE;
    peer->used = gained < peer->used ? peer->used - (DWORD)gained : 0;
    return ++peer->used <= ALLOWANCE_MAX;
}

/* The first message. What it says of its process is believed but for the id. */
static void greet(struct rm_pipe_peer *peer, const struct rm_wire_message *message)
{
    ULONG process_id = 0;

    if (message->type != RM_WIRE_HELLO)
    {
        rm_pipe_peer_cut(peer, "it does not begin with HELLO");
        return;
    }
    peer->hello = message->body.hello;
    rm_text_clean(peer->hello.program);
    rm_text_clean(peer->hello.version);
    if (GetNamedPipeClientProcessId(peer->pipe, &process_id))
        peer->hello.process_id = process_id;
    if (!rm_pipe_server_has_room(peer->server, peer))
        rm_pipe_peer_cut(peer, "too many are connected");
    else
        peer->has_greeted = true;
}

static void take_message(struct rm_pipe_peer *peer, const struct rm_wire_message *message)
{
    struct rm_pipe_handler *handler = &peer->server->handler;
    enum rm_wire_right right = rm_wire_right(message->type);

    if (right == RM_WIRE_RIGHT_NOBODY || !message->sequence)
        rm_pipe_peer_cut(peer, "what it sends is no request");
    else if (!peer->has_greeted)
        greet(peer, message);
    if (peer->is_cut)
        return;
    if (rm_pipe_has_right(peer->pipe, right))
        handler->received(handler->context, peer, message);
    else
        rm_pipe_peer_send_error(
            peer, message->sequence, RM_E_INVALID, "%s",
            right == RM_WIRE_RIGHT_OPERATOR
                ? "This needs an administrator, or a member of the local group 'RedundancyMaster "
                  "Operators'. Start the program as administrator; or have your user made a "
                  "member, "
                  "and log on again."
                : "This needs an administrator: start the program as administrator.");
}

static void take_frame(struct rm_pipe_peer *peer, const struct rm_frame *frame)
{
    struct rm_wire_message message;
    enum rm_status status = rm_wire_decode(frame, &message);

    if (!has_allowance(peer))
        rm_pipe_peer_cut(peer, "it sends too much at a time");
    else if (status == RM_OK)
        take_message(peer, &message);
    else if (status == RM_E_INVALID)
        rm_pipe_peer_cut(peer, "what it sends is no message");
    else
        rm_pipe_peer_send_error(
            peer, message.sequence, status,
            "This version of the service does not know what is asked of it (message %u, version "
            "%u.%u). Install the same version of all parts.",
            frame->type, frame->version >> 8, frame->version & 0xFFu);
}

void rm_pipe_peer_take(struct rm_pipe_peer *peer, DWORD size)
{
    enum rm_status status = rm_frame_feed(&peer->frames, peer->bytes, size);
    struct rm_frame frame;

    while (status == RM_OK && !peer->is_cut)
    {
        status = rm_frame_next(&peer->frames, &frame);
        if (status != RM_OK)
            break;
        take_frame(peer, &frame);
        if (peer->has_greeted)
            peer->silent_since_ms = 0;
    }
    if (peer->is_cut)
        return;
    if (status != RM_E_NOT_FOUND)
        rm_pipe_peer_cut(peer, status == RM_E_NO_MEMORY ? "there is no memory for what it sends"
                                                        : "what it sends is no frame");
    else if (!peer->silent_since_ms && peer->frames.taken < peer->frames.size)
        peer->silent_since_ms = GetTickCount64();
}
