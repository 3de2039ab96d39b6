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
#define THREAD_LINES 24
#define TOGETHER     2 /* groups of each thread; threads that share a client */
#define BULK_ITEMS   100

/* $G a group, $C a client, $H handles of the group's items, $1 one such handle, $V a value, $I an
 * item's definition, $M an item of the bulk, $N a number, $T a type, $S where from, $W whose: the
 * thread's number. */
/* Not on several threads: how many groups there are depends on the others. */
#define STATUS "$C.OPCServer.GetStatus"

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
    "e$W = $G.OPCItemMgt.CreateEnumerator",
    "e$W.EnumOPCItemAttributes.Next celt=$N",
    "$G.OPCGroupStateMgt.GetState",
    "$G.OPCGroupStateMgt.SetState rate=$N client=$N deadband=$N",
    "$G.OPCGroupStateMgt.SetName name=name$W$N",
    "$C.OPCServer.GetGroupByName name=name$W$N",
    STATUS,
    "$C.OPCBrowseServerAddressSpace.ChangeBrowsePosition direction=3 name=Memory",
    "$C.OPCItemProperties.GetItemProperties item=$M ids=[$N,1,2]",
    "$G.OPCAsyncIO2.Cancel2 cancel=random",
    "x$W = $G.OPCGroupStateMgt.CloneGroup name=clone$W$N",
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
    "Memory.Bulk.M", "Memory.Bulk.M",   "Bogus.M001",  "Memory.R8",
    "Memory.String", "Rights.ReadOnly", "Quality.Bad", "Memory",
};

/* What stands there for the other threads, which must not write to each other's items. */
static const char *const numbers_of[RANDOM_THREADS_MAX] = {"Memory.R8", "Memory.R4", "Memory.I8",
                                                           "Memory.UI4"};
static const char *const texts_of[RANDOM_THREADS_MAX] = {"Memory.String", "Memory.Date",
                                                         "Memory.Currency", "Memory.Bool"};

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof((array)[0])))

struct maker
{
    struct script *script;
    uint32_t state;
    uint32_t group;   /* of the line */
    uint32_t thread;  /* of the line, from 1 on; 0: there are none */
    uint32_t threads; /* that share the bulk of the items, 1 if there are none */
    bool is_sta;
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

/* One of the thread's own. */
static void put_bulk_item(struct maker *maker)
{
    uint32_t count = BULK_ITEMS / maker->threads;
    uint32_t first = maker->thread > 0 ? (maker->thread - 1) * count : 0;
    put(maker, "Memory.Bulk.M%03u", first + pick(maker, count) + 1);
}

static void put_id(struct maker *maker)
{
    const char *id = ids[pick(maker, COUNT(ids))];
    uint32_t other = maker->thread > 0 ? maker->thread - 1 : 0;
    if (strcmp(id, "Memory.Bulk.M") == 0)
    {
        put_bulk_item(maker);
    }
    else if (strcmp(id, numbers_of[0]) == 0)
    {
        put(maker, "%s", numbers_of[other]);
    }
    else
    {
        put(maker, "%s", strcmp(id, texts_of[0]) == 0 ? texts_of[other] : id);
    }
}

/* The client of the line's group. */
static void put_client(struct maker *maker)
{
    if (maker->thread > 0 && maker->is_sta)
    {
        put(maker, "c%u", maker->thread);
        return;
    }
    uint32_t half = maker->thread > 0 ? TOGETHER * TOGETHER : GROUPS / 2;
    put(maker, "%s", maker->group < half ? "srv" : "two");
}

static void put_own(struct maker *maker)
{
    if (maker->thread > 0)
    {
        put(maker, "%u_", maker->thread);
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
    case 'C': put_client(maker); break;
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
    case 'M': put_bulk_item(maker); break;
    case 'W': put_own(maker); break;
    case 'N': put(maker, "%u", numbers[pick(maker, COUNT(numbers))]); break;
    case 'T': put(maker, "%s", types[pick(maker, COUNT(types))]); break;
    default: put(maker, "%s", pick(maker, 2) ? "1" : "2"); break;
    }
}

static void begin_line(struct maker *maker)
{
    maker->line[0] = '\0';
    if (maker->thread > 0)
    {
        put(maker, "thread %u: ", maker->thread);
    }
}

static void end_line(struct maker *maker)
{
    scripts_add_line(maker->script, maker->line);
}

/* A line of the group that was set. */
static void add_line(struct maker *maker, const char *template)
{
    begin_line(maker);
    for (; *template != '\0'; template ++)
    {
        if (*template == '$')
        {
            put_place(maker, *++template);
            continue;
        }
        put(maker, "%c", *template);
    }
    end_line(maker);
}

/* A group with its items; g0's second one is never removed. */
static void add_group(struct maker *maker)
{
    begin_line(maker);
    put(maker, "g%u = ", maker->group);
    put_client(maker);
    put(maker, ".OPCServer.AddGroup name=name");
    put_own(maker);
    put(maker, "%u active=0", maker->group);
    end_line(maker);
    begin_line(maker);
    put(maker, "g%u.OPCItemMgt.AddItems items=[", maker->group);
    for (uint32_t item = 0; item < ITEMS; item++)
    {
        put(maker, "i%u_%u ", maker->group, item);
        put_bulk_item(maker);
        put(maker, ", ");
    }
    put(maker, "k%u ", maker->group);
    put_bulk_item(maker);
    put(maker, "]");
    end_line(maker);
}

/* Callbacks of that group; those of what `transact` adds are waited for. */
static void advise(struct maker *maker)
{
    add_line(maker, "s$W = sink");
    add_line(maker, "p$W = $G.ConnectionPointContainer.FindConnectionPoint iid=OPCDataCallback");
    add_line(maker, "k$W = p$W.ConnectionPoint.Advise sink=s$W");
}

/* With an item that is always there: so there is a callback. */
static void transact(struct maker *maker)
{
    bool is_read = pick(maker, 2) == 0;
    begin_line(maker);
    put(maker,
        is_read ? "g%u.OPCAsyncIO2.Read handles=[k%u,"
                : "g%u.OPCAsyncIO2.Write values=[I4:7,I4:8] handles=[k%u,",
        maker->group, maker->group);
    put_handle(maker);
    put(maker, "] transaction=%u", pick(maker, 100));
    end_line(maker);
    add_line(maker, is_read ? "wait s$W read=1" : "wait s$W write=1");
}

static struct maker make_maker(struct scripts *scripts, const char *kind, uint32_t seed)
{
    char name[32];
    snprintf(name, sizeof(name), "%s-%u", kind, seed);
    struct maker maker = {.state = seed * 2654435761u + 1, .threads = 1};
    maker.script = scripts_add(scripts, name, 0);
    maker.script->seed = seed;
    return maker;
}

/* One of the templates, for one of the groups from `first` on. */
static void add_any(struct maker *maker, uint32_t first, uint32_t groups, int da)
{
    uint32_t known = da == 3 ? COUNT(templates) : FIRST_OF_DA3;
    const char *template = templates[pick(maker, known)];
    maker->group = first;
    if (pick(maker, 10) == 0)
    {
        transact(maker);
    }
    else if (maker->thread == 0 || strcmp(template, STATUS) != 0)
    {
        maker->group = first + pick(maker, groups);
        add_line(maker, template);
    }
}

void random_script(struct scripts *scripts, uint32_t seed, int da)
{
    struct maker maker = make_maker(scripts, "random", seed);
    add_line(&maker, "two = connect");
    for (maker.group = 0; maker.group < GROUPS; maker.group++)
    {
        add_group(&maker);
        add_line(&maker, "e = $G.OPCItemMgt.CreateEnumerator");
    }
    maker.group = 0;
    advise(&maker);
    while (maker.script->count < LINES + 20)
    {
        add_any(&maker, 0, GROUPS, da);
    }
}

/* What a thread begins with. In an apartment of its own it can't use another one's client. */
static void begin_thread(struct maker *maker, uint32_t first)
{
    if (maker->is_sta)
    {
        begin_line(maker);
        put_client(maker);
        put(maker, " = connect");
        end_line(maker);
    }
    for (uint32_t i = 0; i < TOGETHER; i++)
    {
        maker->group = first + i;
        add_group(maker);
    }
    add_line(maker, "e$W = $G.OPCItemMgt.CreateEnumerator");
    maker->group = first;
    advise(maker);
}

/* Its objects belong to its apartment. */
static void end_thread(struct maker *maker, uint32_t first)
{
    static const char *const lines[] = {"release e$W", "release x$W", "release p$W",
                                        "release s$W", "release $G",  "release $C"};
    for (size_t i = 0; i < COUNT(lines); i++)
    {
        maker->group = first;
        add_line(maker, lines[i]);
    }
    maker->group = first + 1;
    add_line(maker, "release $G");
}

void random_threads(struct scripts *scripts, uint32_t seed, int da, int threads, bool is_sta)
{
    struct maker maker = make_maker(scripts, "threads", seed);
    add_line(&maker, "two = connect");
    maker.threads = (uint32_t)threads;
    maker.is_sta = is_sta;
    for (maker.thread = 1; maker.thread <= maker.threads; maker.thread++)
    {
        uint32_t first = (maker.thread - 1) * TOGETHER;
        int begin = maker.script->count;
        begin_thread(&maker, first);
        while (maker.script->count < begin + THREAD_LINES)
        {
            add_any(&maker, first, TOGETHER, da);
        }
        if (is_sta)
        {
            end_thread(&maker, first);
        }
    }
    maker.thread = 0;
    add_line(&maker, "srv.OPCServer.GetStatus");
    add_line(&maker, "two.OPCServer.GetStatus");
}
