/* orders.c: operators' commands as a record, and what a session makes of it. */
#include <rm/orders.h>

#include <assert.h>
#include <string.h>

#include <rm/field.h>
#include <rm/text.h>

#define NUMBERS 9

static const uint8_t magic[4] = {'R', 'M', 'O', '2'};

_Static_assert(sizeof magic + 4 * NUMBERS + RM_PROGID_MAX + 1 +
                       RM_ORDERS_KEPT * (8 + 3 * 4 + RM_ORDERS_USER_SIZE) ==
                   RM_ORDERS_SIZE,
               "the layout");

void rm_orders_init(struct rm_orders *orders)
{
    *orders = (struct rm_orders){.preferred = RM_ORDERS_AS_SET};
}

static uint32_t bit_of(uint32_t machine)
{
    return machine >= 1 && machine <= RM_MACHINES_MAX ? 1u << (machine - 1) : 0;
}

static void add_switch(struct rm_orders *orders, uint32_t machine, bool is_forced)
{
    orders->switch_number = orders->number;
    orders->switch_machine = machine;
    orders->chosen = is_forced ? 0 : machine;
    if (is_forced)
    {
        orders->forced = machine;
        orders->maintenance &= ~bit_of(machine);
    }
}

static void begin_maintenance(struct rm_orders *orders, uint32_t machine)
{
    orders->maintenance |= bit_of(machine);
    if (orders->forced == machine)
    {
        orders->forced = 0;
    }
    if (orders->chosen == machine)
    {
        orders->chosen = 0;
    }
}

static struct rm_commanded *place_of(struct rm_orders *orders, uint32_t number)
{
    return &orders->last[(number - 1) % RM_ORDERS_KEPT];
}

void rm_orders_add(struct rm_orders *orders, const struct rm_command *command, const char *user,
                   uint64_t now)
{
    uint32_t machine = command->machine;
    struct rm_commanded *last = place_of(orders, ++orders->number);

    *last = (struct rm_commanded){.command = *command, .given_at = now};
    rm_text_fit(last->user, sizeof last->user, user);
    switch (command->order)
    {
    case RM_ORDER_SWITCH: add_switch(orders, machine, command->is_forced && machine != 0); break;
    case RM_ORDER_AUTOMATIC:
        orders->automatic_number = orders->number;
        orders->chosen = orders->forced = 0;
        break;
    case RM_ORDER_MAINTENANCE_ON: begin_maintenance(orders, machine); break;
    case RM_ORDER_MAINTENANCE_OFF: orders->maintenance &= ~bit_of(machine); break;
    case RM_ORDER_PREFER: orders->preferred = machine; break;
    case RM_ORDER_ACKNOWLEDGE: orders->acknowledge_number = orders->number; break;
    case RM_ORDER_COUNT: assert(!"no order"); break;
    }
}

void rm_orders_renumber(struct rm_orders *orders, const unsigned ranks[RM_MACHINES_MAX + 1])
{
    uint32_t maintenance = 0;

    for (uint32_t rank = 1; rank <= RM_MACHINES_MAX; rank++)
    {
        if (orders->maintenance & bit_of(rank))
        {
            maintenance |= bit_of(ranks[rank]);
        }
    }
    orders->maintenance = maintenance;
    orders->forced = ranks[orders->forced];
    orders->chosen = ranks[orders->chosen];
    if (orders->preferred != RM_ORDERS_AS_SET && orders->preferred != 0)
    {
        orders->preferred = ranks[orders->preferred] ? ranks[orders->preferred] : RM_ORDERS_AS_SET;
    }
    if (orders->switch_machine != 0)
    {
        orders->switch_machine = ranks[orders->switch_machine];
        orders->switch_number = orders->switch_machine ? orders->switch_number : 0;
    }
}

void rm_orders_take_back(struct rm_orders *orders, const struct rm_orders *before)
{
    orders->chosen = before->chosen;
    orders->forced = before->forced;
    orders->maintenance = before->maintenance;
}

struct list
{
    struct rm_failover_event *events;
    unsigned count;
};

static struct rm_failover_event *append(struct list *list, enum rm_failover_event_kind kind,
                                        uint32_t machine)
{
    assert(list->count < RM_ORDERS_EVENTS_MAX);
    list->events[list->count] = (struct rm_failover_event){.kind = kind, .machine = machine};
    return &list->events[list->count++];
}

static void append_preferred(struct list *list, const struct rm_orders *now, unsigned preferred)
{
    append(list, RM_FAILOVER_PREFER,
           now->preferred == RM_ORDERS_AS_SET ? preferred : now->preferred);
}

/* A machine that is being forced has its new mode from the switch. */
static void append_modes(struct list *list, uint32_t before, const struct rm_orders *now)
{
    for (uint32_t machine = 1; machine <= RM_MACHINES_MAX; machine++)
    {
        bool is_on = now->maintenance & bit_of(machine);

        if (is_on != ((before & bit_of(machine)) != 0) && (is_on || now->forced != machine))
        {
            append(list, RM_FAILOVER_OPERATOR_MODE, machine)->mode =
                is_on ? RM_OPERATOR_MAINTENANCE : RM_OPERATOR_NORMAL;
        }
    }
}

static unsigned begin(const struct rm_orders *now, unsigned preferred, struct list *list)
{
    append_modes(list, 0, now);
    if (now->forced)
    {
        append(list, RM_FAILOVER_OPERATOR_MODE, now->forced)->mode = RM_OPERATOR_FORCED;
    }
    if (now->chosen)
    {
        append(list, RM_FAILOVER_PREFER, now->chosen);
    }
    else if (now->preferred != RM_ORDERS_AS_SET)
    {
        append_preferred(list, now, preferred);
    }
    return list->count;
}

static void append_switch(struct list *list, const struct rm_orders *now)
{
    append(list, RM_FAILOVER_SWITCH, now->switch_machine)->is_forced =
        now->forced != 0 && now->forced == now->switch_machine;
}

unsigned rm_orders_events(const struct rm_orders *before, const struct rm_orders *now,
                          unsigned preferred, struct rm_failover_event events[RM_ORDERS_EVENTS_MAX])
{
    struct list list = {events, 0};
    bool is_switch, is_automatic;

    if (!before)
    {
        return begin(now, preferred, &list);
    }
    is_switch = now->switch_number != 0 && now->switch_number != before->switch_number;
    is_automatic = now->automatic_number != 0 && now->automatic_number != before->automatic_number;
    append_modes(&list, before->maintenance, now);
    if (is_switch && (!is_automatic || now->switch_number < now->automatic_number))
    {
        append_switch(&list, now);
    }
    if (is_automatic)
    {
        append(&list, RM_FAILOVER_AUTOMATIC, 0);
    }
    if (is_switch && is_automatic && now->switch_number > now->automatic_number)
    {
        append_switch(&list, now);
    }
    if (now->preferred != before->preferred)
    {
        append_preferred(&list, now, preferred);
    }
    if (now->acknowledge_number != 0 && now->acknowledge_number != before->acknowledge_number)
    {
        append(&list, RM_FAILOVER_ACKNOWLEDGE, 0);
    }
    return list.count;
}

static uint32_t *number_at(struct rm_orders *orders, unsigned index)
{
    uint32_t *const numbers[NUMBERS] = {
        &orders->number,         &orders->maintenance,      &orders->forced,
        &orders->chosen,         &orders->preferred,        &orders->switch_number,
        &orders->switch_machine, &orders->automatic_number, &orders->acknowledge_number,
    };

    return numbers[index];
}

void rm_orders_encode(const struct rm_orders *orders, uint8_t bytes[RM_ORDERS_SIZE])
{
    struct rm_field_writer writer = {.bytes = bytes, .room = RM_ORDERS_SIZE};
    struct rm_orders copy = *orders;

    rm_field_put_bytes(&writer, magic, sizeof magic);
    for (unsigned i = 0; i < NUMBERS; i++)
    {
        rm_field_put_u32(&writer, *number_at(&copy, i));
    }
    rm_field_put_bytes(&writer, orders->server, sizeof orders->server);
    for (unsigned i = 0; i < RM_ORDERS_KEPT; i++)
    {
        const struct rm_commanded *last = &orders->last[i];

        rm_field_put_u64(&writer, last->given_at);
        rm_field_put_u32(&writer, (uint32_t)last->command.order);
        rm_field_put_u32(&writer, last->command.machine);
        rm_field_put_u32(&writer, last->command.is_forced);
        rm_field_put_bytes(&writer, last->user, sizeof last->user);
    }
}

static void get_commanded(struct rm_field_reader *fields, struct rm_commanded *last)
{
    last->given_at = rm_field_get_u64(fields);
    last->command.order = (enum rm_order)rm_field_get_u32(fields);
    last->command.machine = rm_field_get_u32(fields);
    last->command.is_forced = rm_field_get_u32(fields) != 0;
    memcpy(last->user, rm_field_get_bytes(fields, sizeof last->user), sizeof last->user);
}

static bool are_valid(const struct rm_commanded last[RM_ORDERS_KEPT])
{
    bool is_valid = true;

    for (unsigned i = 0; i < RM_ORDERS_KEPT; i++)
    {
        is_valid = is_valid && rm_command_is_valid(&last[i].command, RM_MACHINES_MAX) &&
                   memchr(last[i].user, 0, sizeof last[i].user) != NULL;
    }
    return is_valid;
}

static bool is_valid(const struct rm_orders *orders)
{
    return orders->maintenance >> RM_MACHINES_MAX == 0 && orders->forced <= RM_MACHINES_MAX &&
           orders->chosen <= RM_MACHINES_MAX && orders->switch_machine <= RM_MACHINES_MAX &&
           (orders->preferred <= RM_MACHINES_MAX || orders->preferred == RM_ORDERS_AS_SET) &&
           !(orders->maintenance & bit_of(orders->forced)) &&
           memchr(orders->server, 0, sizeof orders->server) != NULL && are_valid(orders->last);
}

enum rm_status rm_orders_decode(const uint8_t *bytes, size_t size, struct rm_orders *orders)
{
    struct rm_field_reader fields = {.bytes = bytes, .size = size};

    rm_orders_init(orders);
    if (size != RM_ORDERS_SIZE || memcmp(bytes, magic, sizeof magic) != 0)
    {
        return RM_E_INVALID;
    }
    rm_field_get_bytes(&fields, sizeof magic);
    for (unsigned i = 0; i < NUMBERS; i++)
    {
        *number_at(orders, i) = rm_field_get_u32(&fields);
    }
    memcpy(orders->server, rm_field_get_bytes(&fields, sizeof orders->server),
           sizeof orders->server);
    for (unsigned i = 0; i < RM_ORDERS_KEPT; i++)
    {
        get_commanded(&fields, &orders->last[i]);
    }
    if (is_valid(orders))
    {
        return RM_OK;
    }
    rm_orders_init(orders);
    return RM_E_INVALID;
}
