#include "client.h"
#include "disconnect.h"
#include "gate.h"
#include "log.h"

#include <rpc.h>
#include <stdlib.h>

struct watch
{
    struct sim_server *server; /* held */
    HANDLE process;
};

static DWORD WINAPI watch_client(void *argument)
{
    struct watch *watch = argument;
    HANDLE handles[] = {watch->server->ended, watch->process};
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    if (WaitForMultipleObjects(2, handles, FALSE, INFINITE) == WAIT_OBJECT_0 + 1)
    {
        sim_gate_wait();
        sim_log("session: the client's process is gone");
        /* COM gives all references of the client back, the last one ends the session. */
        sim_disconnect_session(watch->server);
    }
    CloseHandle(watch->process);
    sim_server_unhold(watch->server);
    free(watch);
    CoUninitialize();
    return 0;
}

void sim_client_watch(struct sim_server *server)
{
    unsigned long pid = 0;
    if (I_RpcBindingInqLocalClientPID(NULL, &pid) != RPC_S_OK || pid == 0 ||
        pid == GetCurrentProcessId())
    {
        return;
    }
    HANDLE process = OpenProcess(SYNCHRONIZE, FALSE, pid);
    struct watch *watch = malloc(sizeof(*watch));
    if (process == NULL || watch == NULL)
    {
        free(watch);
        return;
    }
    watch->server = server;
    watch->process = process;
    sim_server_hold(server);
    HANDLE thread = CreateThread(NULL, 0, watch_client, watch, 0, NULL);
    if (thread == NULL)
    {
        sim_server_unhold(server);
        CloseHandle(process);
        free(watch);
        return;
    }
    CloseHandle(thread);
    sim_log("session: client process %lu", pid);
}
