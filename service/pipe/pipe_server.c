#include "pipe/pipe_internal.h"

#include <stdlib.h>

#include "pipe/pipe_rights.h"

#define LISTENING       4u /* clients that may come at the same moment */
#define PEERS_MAX       512u
#define PEERS_A_PROCESS 32u
#define LOOK_MS         1000u
#define WAKE_KEY        1u

bool rm_pipe_server_has_room(const struct rm_pipe_server *server, const struct rm_pipe_peer *peer)
{
    const struct rm_pipe_peer *other;
    unsigned of_process = 0;

    for (other = server->peers; other; other = other->next)
        of_process += other->is_connected && other->hello.process_id == peer->hello.process_id;
    return server->peer_count <= PEERS_MAX && of_process <= PEERS_A_PROCESS;
}

/* Where there is no memory for another instance, the next completion tries again. */
static void listen_on(struct rm_pipe_server *server)
{
    while (!server->is_closing && server->listening_count < LISTENING)
    {
        if (rm_pipe_peer_listen(server, 0))
            return;
    }
}

static void look_at_peers(struct rm_pipe_server *server)
{
    ULONGLONG now_ms = GetTickCount64();
    struct rm_pipe_peer *peer, *next;

    if (now_ms - server->looked_ms < LOOK_MS)
        return;
    server->looked_ms = now_ms;
    for (peer = server->peers; peer; peer = next)
    {
        next = peer->next;
        rm_pipe_peer_look(peer, now_ms);
    }
}

/* Whoever is the first has the pipe. Wine 8 ignores that flag, so there the pipe is looked for. */
static DWORD listen_first(struct rm_pipe_server *server)
{
    DWORD error;

    if (WaitNamedPipeW(server->name, 1) || GetLastError() != ERROR_FILE_NOT_FOUND)
        return ERROR_SERVICE_ALREADY_RUNNING;
    error = rm_pipe_peer_listen(server, FILE_FLAG_FIRST_PIPE_INSTANCE);
    return error == ERROR_ACCESS_DENIED || error == ERROR_PIPE_BUSY ? ERROR_SERVICE_ALREADY_RUNNING
                                                                    : error;
}

DWORD rm_pipe_server_open(const wchar_t *instance, const struct rm_pipe_handler *handler,
                          struct rm_pipe_server **server_out)
{
    struct rm_pipe_server *server = calloc(1, sizeof *server);
    DWORD error;

    *server_out = NULL;
    if (!server)
        return ERROR_NOT_ENOUGH_MEMORY;
    server->handler = *handler;
    rm_service_pipe_name(instance, server->name);
    server->descriptor = rm_pipe_descriptor();
    server->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    if (!server->descriptor || !server->port)
        error = GetLastError();
    else
        error = listen_first(server);
    if (error)
    {
        rm_pipe_server_close(server);
        return error;
    }
    listen_on(server);
    *server_out = server;
    return 0;
}

enum served
{
    SERVED_ONE,
    SERVED_NOBODY, /* in that time */
    SERVED_WOKEN
};

/* One completion, whosever it is. */
static enum served serve_one(struct rm_pipe_server *server, DWORD timeout_ms)
{
    OVERLAPPED *overlapped = NULL;
    ULONG_PTR key = 0;
    DWORD size = 0, error = 0;
    struct rm_pipe_peer *peer;

    if (!GetQueuedCompletionStatus(server->port, &size, &key, &overlapped, timeout_ms))
        error = GetLastError();
    if (!overlapped)
        return error ? SERVED_NOBODY : SERVED_WOKEN;
    peer = (struct rm_pipe_peer *)key;
    rm_pipe_peer_completed(peer, (enum rm_pipe_operation)(overlapped - peer->operations), error,
                           size);
    return SERVED_ONE;
}

void rm_pipe_server_wait(struct rm_pipe_server *server, DWORD timeout_ms)
{
    ULONGLONG until_ms = GetTickCount64() + timeout_ms;

    for (;;)
    {
        ULONGLONG now_ms = GetTickCount64();
        DWORD left_ms = until_ms > now_ms ? (DWORD)(until_ms - now_ms) : 0;
        enum served served;

        listen_on(server);
        look_at_peers(server);
        served = serve_one(server, left_ms < LOOK_MS ? left_ms : LOOK_MS);
        if (served == SERVED_WOKEN || !left_ms)
            return;
    }
}

void rm_pipe_server_wake(struct rm_pipe_server *server)
{
    PostQueuedCompletionStatus(server->port, 0, WAKE_KEY, NULL);
}

void rm_pipe_server_farewell(struct rm_pipe_server *server, DWORD timeout_ms)
{
    const struct rm_wire_message stopping = {.type = RM_WIRE_STOPPING};
    ULONGLONG now_ms = GetTickCount64(), until_ms = now_ms + timeout_ms;
    struct rm_pipe_peer *peer, *next;

    server->is_closing = true;
    for (peer = server->peers; peer; peer = next)
    {
        next = peer->next;
        if (peer->has_greeted)
            rm_pipe_peer_send(peer, &stopping);
        else
            rm_pipe_peer_cut(peer, NULL);
    }
    while (server->peer_count > 0 && now_ms < until_ms)
    {
        serve_one(server, (DWORD)(until_ms - now_ms));
        now_ms = GetTickCount64();
    }
}

void rm_pipe_server_close(struct rm_pipe_server *server)
{
    struct rm_pipe_peer *peer, *next;

    if (!server)
        return;
    server->is_closing = true;
    for (peer = server->peers; peer; peer = next)
    {
        next = peer->next;
        rm_pipe_peer_cut(peer, "the service ends");
    }
    while (server->peers)
        serve_one(server, INFINITE);
    if (server->port)
        CloseHandle(server->port);
    LocalFree(server->descriptor);
    free(server);
}
