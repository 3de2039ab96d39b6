#include "disconnect.h"
#include "apartment.h"
#include "factory.h"
#include "faultarea.h"
#include "group.h"
#include "keeper.h"
#include "log.h"
#include "module.h"
#include "registration.h"

#include <stdlib.h>

#define SERVERS_MAX 256
#define GROUPS_MAX  1024

struct sim_disconnected
{
    int server_count;
    int group_count;
    struct sim_server *servers[SERVERS_MAX];
    struct sim_group *groups[GROUPS_MAX];
};

static DWORD class_cookie; /* 0: not offered */

HRESULT sim_disconnect_offer_class(void)
{
    const struct sim_options *options = sim_module_options();
    CLSID clsid = sim_registration_clsid(options->name);
    if (class_cookie != 0)
    {
        CoRevokeClassObject(class_cookie);
        class_cookie = 0;
    }
    return CoRegisterClassObject(&clsid, (IUnknown *)sim_factory(), CLSCTX_LOCAL_SERVER,
                                 options->is_single ? REGCLS_SINGLEUSE : REGCLS_MULTIPLEUSE,
                                 &class_cookie);
}

static void hold_groups(struct sim_disconnected *held, struct sim_server *server)
{
    AcquireSRWLockShared(&server->lock);
    for (struct sim_group *group = server->groups; group != NULL && held->group_count < GROUPS_MAX;
         group = group->next)
    {
        sim_group_hold(group);
        held->groups[held->group_count++] = group;
    }
    ReleaseSRWLockShared(&server->lock);
}

static void disconnect(struct sim_connection *connection)
{
    CoDisconnectObject((IUnknown *)&connection->IConnectionPoint_iface, 0);
    CoDisconnectObject(connection->owner, 0);
}

static void disconnect_all(const struct sim_disconnected *held, uint32_t objects)
{
    for (int i = 0; i < held->group_count && (objects & SIM_OBJECT_GROUP) != 0; i++)
    {
        disconnect(&held->groups[i]->connection);
    }
    for (int i = 0; i < held->server_count && (objects & SIM_OBJECT_SERVER) != 0; i++)
    {
        disconnect(&held->servers[i]->connection);
    }
}

struct order
{
    uint32_t objects;
    struct sim_disconnected *held;
};

/* Where the objects live. */
static void carry_out(void *context)
{
    struct order *order = context;
    struct sim_disconnected *held = calloc(1, sizeof(*held));
    sim_keeper_keep_interfaces();
    order->held = held;
    if (held == NULL)
    {
        return;
    }
    held->server_count = sim_server_hold_all(held->servers, SERVERS_MAX);
    for (int i = 0; i < held->server_count; i++)
    {
        hold_groups(held, held->servers[i]);
    }
    if (held->server_count > 0 && (order->objects & SIM_OBJECT_SERVER) != 0)
    {
        sim_module_expect_client();
        if (sim_module_options()->is_single)
        {
            HRESULT result = sim_disconnect_offer_class();
            sim_log("fault: offered to new clients again, 0x%08lx", (unsigned long)result);
        }
    }
    disconnect_all(held, order->objects);
    sim_log("fault: %d sessions and %d groups disconnected", held->server_count, held->group_count);
}

struct sim_disconnected *sim_disconnect(uint32_t objects)
{
    struct order order = {.objects = objects};
    sim_apartment_run(carry_out, &order);
    return order.held;
}

void sim_disconnect_release(struct sim_disconnected *disconnected)
{
    if (disconnected == NULL)
    {
        return;
    }
    for (int i = 0; i < disconnected->group_count; i++)
    {
        sim_group_unhold(disconnected->groups[i]);
    }
    for (int i = 0; i < disconnected->server_count; i++)
    {
        sim_server_unhold(disconnected->servers[i]);
    }
    free(disconnected);
}

static void carry_out_for_session(void *context)
{
    struct sim_disconnected *held = context;
    disconnect_all(held, SIM_OBJECTS_ALL);
}

void sim_disconnect_session(struct sim_server *server)
{
    struct sim_disconnected *held = calloc(1, sizeof(*held));
    if (held == NULL)
    {
        return;
    }
    sim_server_hold(server);
    held->servers[held->server_count++] = server;
    hold_groups(held, server);
    sim_apartment_run(carry_out_for_session, held);
    sim_disconnect_release(held);
}
