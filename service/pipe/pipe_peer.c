/* pipe_peer.c: a peer's life, from the instance of the pipe that waits for it to its last
 * completion.
 */
#include "pipe/pipe_internal.h"

#include <stdlib.h>
#include <string.h>

#include "pipe/pipe_rights.h"

#define PIPE_BYTES 65536u /* that the system keeps for each direction */
#define HELLO_MS   5000u
#define FRAME_MS   10000u

static void remove_peer(struct rm_pipe_peer *peer)
{
    struct rm_pipe_peer **place = &peer->server->peers;

    while (*place != peer)
        place = &(*place)->next;
    *place = peer->next;
}

static void free_peer(struct rm_pipe_peer *peer)
{
    if (peer->pipe != INVALID_HANDLE_VALUE)
        CloseHandle(peer->pipe);
    rm_frame_reader_clear(&peer->frames);
    free(peer->writing.bytes);
    free(peer->waiting.bytes);
    free(peer);
}

DWORD rm_pipe_peer_listen(struct rm_pipe_server *server, DWORD flags)
{
    SECURITY_ATTRIBUTES attributes = {sizeof attributes, server->descriptor, FALSE};
    struct rm_pipe_peer *peer = calloc(1, sizeof *peer);
    OVERLAPPED *operation;
    DWORD error = 0;

    if (!peer)
        return ERROR_NOT_ENOUGH_MEMORY;
    peer->server = server;
    operation = &peer->operations[RM_PIPE_CONNECT];
    peer->pipe = CreateNamedPipeW(server->name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | flags,
                                  PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT |
                                      PIPE_REJECT_REMOTE_CLIENTS,
                                  PIPE_UNLIMITED_INSTANCES, PIPE_BYTES, PIPE_BYTES, 0, &attributes);
    if (peer->pipe == INVALID_HANDLE_VALUE ||
        !CreateIoCompletionPort(peer->pipe, server->port, (ULONG_PTR)peer, 0))
    {
        error = GetLastError();
        free_peer(peer);
        return error;
    }
    if (!ConnectNamedPipe(peer->pipe, operation))
        error = GetLastError();
    if (error == ERROR_PIPE_CONNECTED) /* in between; the system posts nothing then */
        PostQueuedCompletionStatus(server->port, 0, (ULONG_PTR)peer, operation);
    else if (error && error != ERROR_IO_PENDING)
    {
        free_peer(peer);
        return error;
    }
    peer->is_out[RM_PIPE_CONNECT] = true;
    peer->next = server->peers;
    server->peers = peer;
    server->listening_count++;
    return 0;
}

void rm_pipe_peer_cut(struct rm_pipe_peer *peer, const char *reason)
{
    if (peer->is_cut)
        return;
    peer->is_cut = true;
    peer->cut_reason = reason;
    CancelIoEx(peer->pipe, NULL);
    if (peer->is_connected)
        DisconnectNamedPipe(peer->pipe);
}

/* Its last completion has come. */
static void end_peer(struct rm_pipe_peer *peer)
{
    struct rm_pipe_server *server = peer->server;

    remove_peer(peer);
    if (peer->is_connected)
    {
        server->peer_count--;
        server->handler.gone(server->handler.context, peer, peer->cut_reason);
    }
    free_peer(peer);
}

static void read_more(struct rm_pipe_peer *peer)
{
    OVERLAPPED *operation = &peer->operations[RM_PIPE_READ];

    if (peer->is_cut)
        return;
    memset(operation, 0, sizeof *operation);
    if (!ReadFile(peer->pipe, peer->bytes, RM_PIPE_READ_BYTES, NULL, operation) &&
        GetLastError() != ERROR_IO_PENDING)
    {
        rm_pipe_peer_cut(peer, NULL);
        return;
    }
    peer->is_out[RM_PIPE_READ] = true;
}

static void connected(struct rm_pipe_peer *peer)
{
    peer->is_connected = true;
    peer->server->peer_count++;
    peer->silent_since_ms = GetTickCount64();
    if (peer->server->is_closing)
        rm_pipe_peer_cut(peer, NULL);
    read_more(peer);
}

void rm_pipe_peer_completed(struct rm_pipe_peer *peer, enum rm_pipe_operation operation,
                            DWORD error, DWORD size)
{
    peer->is_out[operation] = false;
    if (operation == RM_PIPE_CONNECT)
        peer->server->listening_count--;
    if (error)
        rm_pipe_peer_cut(peer, NULL); /* it has left */
    if (!peer->is_cut)
    {
        switch (operation)
        {
        case RM_PIPE_CONNECT: connected(peer); break;
        case RM_PIPE_READ:
            rm_pipe_peer_take(peer, size);
            read_more(peer);
            break;
        case RM_PIPE_WRITE: rm_pipe_peer_write(peer); break;
        case RM_PIPE_OPERATION_COUNT: break;
        }
    }
    if (peer->is_cut && !peer->is_out[RM_PIPE_READ] && !peer->is_out[RM_PIPE_WRITE])
        end_peer(peer);
}

void rm_pipe_peer_look(struct rm_pipe_peer *peer, ULONGLONG now_ms)
{
    if (!peer->is_connected || peer->is_cut || !peer->silent_since_ms)
        return;
    if (!peer->has_greeted && now_ms - peer->silent_since_ms > HELLO_MS)
        rm_pipe_peer_cut(peer, "it says nothing");
    else if (now_ms - peer->silent_since_ms > FRAME_MS)
        rm_pipe_peer_cut(peer, "it leaves a message unfinished");
}

const struct rm_wire_hello *rm_pipe_peer_hello(const struct rm_pipe_peer *peer)
{
    return &peer->hello;
}

bool rm_pipe_peer_has_right(const struct rm_pipe_peer *peer, enum rm_wire_right right)
{
    return rm_pipe_has_right(peer->pipe, right);
}

void rm_pipe_peer_user(const struct rm_pipe_peer *peer, char *name, size_t size)
{
    rm_pipe_user(peer->pipe, name, size);
}
