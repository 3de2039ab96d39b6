#include "random.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define GROUPS       4
#define ITEMS        6
#define LINES        70
#define LINE_SIZE    1000
#define FIRST_OF_DA3 23

/* $G a group, $C a client, $H handles of the group's items, $1 one such handle, $V a value, $I an
 * item's definition, $N a number, $T a type, $S where from. */
static const char *const templates[] = {
    "$G.OPCSyncIO.Read source=$S handles=[$H]",
    "$G.OPCSyncIO.Read source=2 handles=[$H]",
    "$G.OPCSyncIO.Write handles=[$H] values=[$V,$V]",
    "$G.OPCSyncIO.Write handles=[$1] values=[$V]",
    "$G.OPCItemMgt.AddItems items=[$I,$I]",
    "$G.OPCItemMgt.AddItems items=[$I]",
    "$G.OPCItemMgt.ValidateItems items=[$I,$I] blob=1",
    "$G.OPCItemMgt.RemoveItems handles=[$1]",
    "$G.OPCItemMgt.SetActiveState handles=[$H] active=0",
    "$G.OPCItemMgt.SetActiveState handles=[$H] active=1",
    "$G.OPCItemMgt.SetClientHandles handles=[$H] clients=[$N,$N,$N]",
    "$G.OPCItemMgt.SetDatatypes handles=[$H] types=[$T,$T]",
    "e = $G.OPCItemMgt.CreateEnumerator",
    "e.EnumOPCItemAttributes.Next celt=$N",
    "$G.OPCGroupStateMgt.GetState",
    "$G.OPCGroupStateMgt.SetState rate=$N client=$N deadband=$N",
    "$G.OPCGroupStateMgt.SetName name=name$N",
    "$C.OPCServer.GetGroupByName name=name$N",
    "$C.OPCServer.GetStatus",
    "$C.OPCBrowseServerAddressSpace.ChangeBrowsePosition direction=3 name=Memory",
    "$C.OPCItemProperties.GetItemProperties item=Memory.Bulk.M001 ids=[$N,1,2]",
    "$G.OPCAsyncIO2.Cancel2 cancel=random",
    "x = $G.OPCGroupStateMgt.CloneGroup name=clone$N",
    "$G.OPCSyncIO2.ReadMaxAge handles=[$H] ages=[0]",
    "$G.OPCSyncIO2.WriteVQT handles=[$1] values=[$V quality=192]",
    "$G.OPCItemDeadbandMgt.SetItemDeadband handles=[$H] deadbands=[$N]",
    "$G.OPCItemDeadbandMgt.GetItemDeadband handles=[$H]",
    "$G.OPCItemSamplingMgt.SetItemSamplingRate handles=[$H] rates=[$N]",
    "$G.OPCItemSamplingMgt.GetItemSamplingRate handles=[$H]",
    "$G.OPCGroupStateMgt2.GetKeepAlive",
};

static const char *const values[] = {
    "I4:1",   "I4:70000", "I2:-5", "R8:2.5",  "R8:1e300",     "BSTR:12",  "BSTR:abc",
    "BOOL:1", "EMPTY",    "NULL",  "UI1:255", "\"I4[]:1;2\"", "CY:10000", "DATE:45000.25",
};

static const char *const types[] = {"0", "2", "3", "5", "8", "11", "17", "8195", "99"};

static const char *const ids[] = {
    "Memory.Bulk.M", "Memory.Bulk.M",   "Bogus.M",     "Memory.R8",
    "Memory.String", "Rights.ReadOnly", "Quality.Bad", "Memory",
};

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

struct maker
{
    uint32_t state;
    uint32_t group; /* of the line */
    char line[LINE_SIZE];
};

/* Below `limit`; xorshift. */
static uint32_t pick(struct maker *maker, uint32_t limit)
{
    maker->state ^= maker->state << 13;
    maker->state ^= maker->state >> 17;
    maker->state ^= maker->state << 5;
    return maker->state % limit;
}

__attribute__((format(printf, 2, 3))) static void put(struct maker *maker, const char *format, ...)
{
    size_t length = strlen(maker->line);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(maker->line + length, LINE_SIZE - length, format, arguments);
    va_end(arguments);
}

/* An id that ends with M has a number. */
static void put_id(struct maker *maker)
{
    const char *id = ids[pick(maker, COUNT(ids))];
    uint32_t number = pick(maker, 100) + 1;
    put(maker, "%s", id);
    if (id[strlen(id) - 1] == 'M')
    {
        put(maker, "%03u", number);
    }
}

static void put_handle(struct maker *maker)
{
    if (pick(maker, 12) == 0)
    {
        put(maker, "random");
        return;
    }
    put(maker, "i%u_%u", maker->group, pick(maker, ITEMS));
}

static void put_place(struct maker *maker, char kind)
{
    static const uint32_t numbers[] = {0, 1, 2, 3, 5, 10, 50, 100, 101, 5000};
    switch (kind)
    {
    case 'G': put(maker, "g%u", maker->group); break;
    case 'C': put(maker, "%s", maker->group < GROUPS / 2 ? "srv" : "two"); break;
    case 'H':
        for (uint32_t i = pick(maker, 4) + 1; i > 0; i--)
        {
            put_handle(maker);
            put(maker, "%s", i > 1 ? "," : "");
        }
        break;
    case '1': put_handle(maker); break;
    case 'V': put(maker, "%s", values[pick(maker, COUNT(values))]); break;
    case 'I':
        put(maker, "i%u_%u ", maker->group, pick(maker, ITEMS));
        put_id(maker);
        put(maker, " client=%u type=", pick(maker, 1000));
        put(maker, "%s", types[pick(maker, COUNT(types))]);
        break;
    case 'N': put(maker, "%u", numbers[pick(maker, COUNT(numbers))]); break;
    case 'T': put(maker, "%s", types[pick(maker, COUNT(types))]); break;
    default: put(maker, "%s", pick(maker, 2) ? "1" : "2"); break;
    }
}

static void make_line(struct maker *maker, const char *template)
{
    maker->line[0] = '\0';
    maker->group = pick(maker, GROUPS);
    for (; *template != '\0'; template ++)
    {
        if (*template == '$')
        {
            put_place(maker, *++template);
            continue;
        }
        put(maker, "%c", *template);
    }
}

static void begin(struct script *script, struct maker *maker)
{
    scripts_add_line(script, "two = connect");
    scripts_add_line(script, "s = sink");
    for (uint32_t group = 0; group < GROUPS; group++)
    {
        maker->line[0] = '\0';
        put(maker, "g%u = %s.OPCServer.AddGroup name=name%u active=0", group,
            group < GROUPS / 2 ? "srv" : "two", group);
        scripts_add_line(script, maker->line);
        for (uint32_t item = 0; item < ITEMS; item++)
        {
            maker->group = group;
            maker->line[0] = '\0';
            put(maker, "g%u.OPCItemMgt.AddItems items=[i%u_%u Memory.Bulk.M%03u]", group, group,
                item, pick(maker, 100) + 1);
            scripts_add_line(script, maker->line);
        }
        scripts_add_line(script, "e = g0.OPCItemMgt.CreateEnumerator");
    }
    scripts_add_line(script, "p = g0.ConnectionPointContainer.FindConnectionPoint "
                             "iid=OPCDataCallback");
    scripts_add_line(script, "k = p.ConnectionPoint.Advise sink=s");
}

void random_script(struct scripts *scripts, uint32_t seed, int da)
{
    char name[32];
    struct maker maker = {.state = seed * 2654435761u + 1};
    snprintf(name, sizeof(name), "random-%u", seed);
    struct script *script = scripts_add(scripts, name, 0);
    uint32_t known = da == 3 ? COUNT(templates) : FIRST_OF_DA3;
    begin(script, &maker);
    while (script->count < LINES + 30)
    {
        if (pick(&maker, 12) == 0)
        {
            /* g0 has the sink; an item that was never removed is not certain to be there. */
            scripts_add_line(script, "g0.OPCAsyncIO2.Read handles=[i0_0,i0_1] transaction=5");
            scripts_add_line(script, "quiet s 60");
            continue;
        }
        make_line(&maker, templates[pick(&maker, known)]);
        scripts_add_line(script, maker.line);
    }
}
