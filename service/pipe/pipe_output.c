/* pipe_output.c: what a peer is told. */
#include "pipe/pipe_internal.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/text.h>

#define WAITING_MAX (1024u * 1024u)
#define ROOM_FIRST  4096u

void rm_pipe_peer_write(struct rm_pipe_peer *peer)
{
    OVERLAPPED *operation = &peer->operations[RM_PIPE_WRITE];
    struct rm_pipe_bytes done = peer->writing;

    if (peer->is_cut || peer->is_out[RM_PIPE_WRITE] || !peer->waiting.size)
        return;
    peer->writing = peer->waiting;
    done.size = 0;
    peer->waiting = done;
    memset(operation, 0, sizeof *operation);
    if (!WriteFile(peer->pipe, peer->writing.bytes, (DWORD)peer->writing.size, NULL, operation) &&
        GetLastError() != ERROR_IO_PENDING)
    {
        rm_pipe_peer_cut(peer, NULL);
        return;
    }
    peer->is_out[RM_PIPE_WRITE] = true;
}

static bool append(struct rm_pipe_bytes *waiting, const uint8_t *bytes, size_t size)
{
    size_t room = waiting->room ? waiting->room : ROOM_FIRST;
    uint8_t *grown;

    while (room - waiting->size < size)
        room *= 2;
    if (room != waiting->room)
    {
        grown = realloc(waiting->bytes, room);
        if (!grown)
            return false;
        waiting->bytes = grown;
        waiting->room = room;
    }
    memcpy(waiting->bytes + waiting->size, bytes, size);
    waiting->size += size;
    return true;
}

void rm_pipe_peer_send(struct rm_pipe_peer *peer, const struct rm_wire_message *message)
{
    uint8_t bytes[RM_WIRE_FRAME_MAX];
    size_t size = rm_wire_encode(message, bytes);

    if (peer->is_cut)
        return;
    if (peer->waiting.size + size > WAITING_MAX)
        rm_pipe_peer_cut(peer, "it does not read what it is told");
    else if (!append(&peer->waiting, bytes, size))
        rm_pipe_peer_cut(peer, "there is no memory for what it is told");
    else
        rm_pipe_peer_write(peer);
}

void rm_pipe_peer_send_done(struct rm_pipe_peer *peer, uint32_t sequence)
{
    struct rm_wire_message message = {.type = RM_WIRE_DONE, .sequence = sequence};

    rm_pipe_peer_send(peer, &message);
}

void rm_pipe_peer_send_error(struct rm_pipe_peer *peer, uint32_t sequence, enum rm_status status,
                             const char *format, ...)
{
    struct rm_wire_message message = {.type = RM_WIRE_ERROR, .sequence = sequence};
    char text[2 * RM_EVENT_TEXT_SIZE];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    rm_text_fit(message.body.error.text, sizeof message.body.error.text, text);
    message.body.error.status = (uint32_t)status;
    rm_pipe_peer_send(peer, &message);
}
