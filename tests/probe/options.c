#include "options.h"

#include <stdlib.h>
#include <string.h>

#include "pattern.h"

enum kind
{
    KIND_FLAG,
    KIND_TEXT,
    KIND_NUMBER,
    KIND_LIMIT, /* a number or "any" */
    KIND_CHOICE,
    KIND_ITEM
};

struct option
{
    const char *name;
    const char *argument; /* as help shows it; for a choice its words, separated by | */
    enum kind kind;
    size_t offset;
    uint64_t least;
    uint64_t most;
    const char *help;
};

#define DEFAULT_ITEMS 10
#define DAY_MS        86400000u

#define FIELD(field) offsetof(struct rm_options, field)
#define FLAG(name, field, help)                                                                    \
    {                                                                                              \
        name, NULL, KIND_FLAG, FIELD(field), 0, 0, help                                            \
    }
#define TEXT(name, argument, field, help)                                                          \
    {                                                                                              \
        name, argument, KIND_TEXT, FIELD(field), 0, 0, help                                        \
    }
#define NUMBER(name, argument, field, least, most, help)                                           \
    {                                                                                              \
        name, argument, KIND_NUMBER, FIELD(field), least, most, help                               \
    }
#define CHOICE(name, words, field, help)                                                           \
    {                                                                                              \
        name, words, KIND_CHOICE, FIELD(field), 0, 0, help                                         \
    }
#define LIMIT(name, argument, field, help)                                                         \
    {                                                                                              \
        name, argument, KIND_LIMIT, FIELD(limits.field), 0, 0, help                                \
    }

static const struct option table[] = {
    CHOICE("--apartment", "mta|sta", apartment, "the client's apartment; default mta"),
    CHOICE("--clsctx", "all|inproc|local|server", clsctx, "where the server may run; default all"),
    FLAG("--list", list, "list the OPC DA servers of this computer"),
    FLAG("--browse-only", browse_only, "list the server's items"),
    FLAG("--browse", browse, "subscribe the first items that browse finds"),
    TEXT("--filter", "TEXT", filter, "of these, only item IDs like TEXT (* and ?)"),
    NUMBER("--items", "N", items, 1, 1000000, "how many items; default 10"),
    TEXT("--pattern", "TEXT", pattern, "item IDs with a number from 1; default Counters.C%04u"),
    {"--item", "ID", KIND_ITEM, FIELD(item_ids), 0, 0, "one item by its ID; may be repeated"},
    NUMBER("--groups", "N", groups, 1, 1000, "spread the items over N groups; default 1"),
    NUMBER("--rate", "MS", rate_ms, 0, DAY_MS, "update rate of the groups; default 100"),
    NUMBER("--period", "MS", period_ms, 0, DAY_MS,
           "items count up by 1 per MS; default the rate; 0: no counters"),
    NUMBER("--seconds", "S", seconds, 0, 10000000,
           "how long, from the subscription on; default 10; 0: until stopped"),
    TEXT("--stop-file", "FILE", stop_file,
         "stop when FILE exists (a line \"stop\" on a piped stdin does the same)"),
    NUMBER("--grace", "MS", grace_ms, 1, DAY_MS,
           "give up a call that is still out MS after the stop; default 20000"),
    NUMBER("--read-loop", "MS", read_loop_ms, 0, DAY_MS,
           "read a few items every MS, from cache and device in turn"),
    NUMBER("--write-loop", "MS", write_loop_ms, 0, DAY_MS,
           "write a growing number to --write-item every MS"),
    TEXT("--write-item", "ID", write_item, "what to write to"),
    NUMBER("--status-loop", "MS", status_loop_ms, 0, DAY_MS, "GetStatus every MS"),
    NUMBER("--add-loop", "MS", add_loop_ms, 0, DAY_MS,
           "add a group with up to 50 of the items, and remove them, every MS"),
    NUMBER("--browse-loop", "MS", browse_loop_ms, 0, DAY_MS,
           "browse for up to 20 items like --filter every MS"),
    NUMBER("--tour-loop", "MS", tour_loop_ms, 0, DAY_MS,
           "a group with its callback, state and lists, properties, IOPCBrowse, every MS"),
    FLAG("--async", async, "read and write loop by IOPCAsyncIO2, and a refresh now and then"),
    FLAG("--callbacks-in-callback", callbacks_in_callback,
         "call IOPCSyncIO::Read from inside OnDataChange"),
    FLAG("--live", live, "a status line twice a second"),
    FLAG("--events", events, "a line for each change of quality, fault and failed call"),
    TEXT("--json", "FILE", json_path, "write the proof there as JSON as well"),
    TEXT("--record", "FILE", record_path, "write every value that callbacks brought there"),
    LIMIT("--max-lost", "N|any", max_lost, "counter values that may be missing"),
    LIMIT("--max-again", "N|any", max_again,
          "values that may come again with another quality or time stamp"),
    LIMIT("--max-bad", "N|any", max_bad, "updates that may be of bad quality"),
    LIMIT("--max-failed", "N|any", max_failed, "calls that may fail"),
    LIMIT("--max-gap", "MS|any", max_gap_ms, "longest time without any new value"),
    LIMIT("--max-item-gap", "MS|any", max_item_gap_ms,
          "longest time without a new value of one item"),
    LIMIT("--max-call", "MS|any", max_call_ms, "slowest call"),
};

static bool parse_number(const char *text, uint64_t least, uint64_t most, uint64_t *number)
{
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    *number = strtoull(text, &end, 10);
    return *end == '\0' && *number >= least && *number <= most;
}

/* Position of `word` in "a|b|c", or -1. */
static int find_choice(const char *words, const char *word)
{
    size_t length = strlen(word);

    for (int i = 0; words; i++)
    {
        const char *next = strchr(words, '|');
        size_t word_length = next ? (size_t)(next - words) : strlen(words);
        if (length == word_length && memcmp(words, word, length) == 0)
            return i;
        words = next ? next + 1 : NULL;
    }
    return -1;
}

static bool set_value(struct rm_options *options, const struct option *option, const char *text)
{
    union
    {
        char *bytes;
        int *choice;
        bool *flag;
        const char **text;
        uint64_t *number;
    } field;

    field.bytes = (char *)options + option->offset;
    switch (option->kind)
    {
    case KIND_FLAG: *field.flag = true; return true;
    case KIND_TEXT: *field.text = text; return *text != '\0';
    case KIND_NUMBER: return parse_number(text, option->least, option->most, field.number);
    case KIND_LIMIT:
        *field.number = RM_OPTIONS_ANY;
        return strcmp(text, "any") == 0 || parse_number(text, 0, RM_OPTIONS_ANY - 1, field.number);
    case KIND_CHOICE:
        *field.choice = find_choice(option->argument, text);
        return *field.choice >= 0;
    case KIND_ITEM: options->item_ids[options->item_id_count++] = text; return *text != '\0';
    }
    return false;
}

/* Returns NULL if the options make sense together, or else what does not. */
static const char *find_conflict(const struct rm_options *options)
{
    char text[512];

    if (options->list)
        return options->prog_id ? "--list takes no PROGID" : NULL;
    if (!options->prog_id)
        return "which server? Give a PROGID, or --list";
    if (options->write_loop_ms && !options->write_item)
        return "--write-loop needs --write-item";
    if (options->browse && options->item_id_count)
        return "--browse and --item exclude each other";
    if (options->item_id_count && options->items != RM_OPTIONS_ANY)
        return "--item and --items exclude each other";
    if (!rm_pattern_expand(options->pattern, 1, text, sizeof(text)))
        return "--pattern needs exactly one %u, like Counters.C%04u";
    return NULL;
}

static void set_defaults(struct rm_options *options)
{
    memset(options, 0, sizeof(*options));
    options->pattern = "Counters.C%04u";
    options->items = RM_OPTIONS_ANY;
    options->groups = 1;
    options->rate_ms = 100;
    options->period_ms = RM_OPTIONS_ANY;
    options->seconds = 10;
    options->grace_ms = 20000;
    options->limits.max_lost = RM_OPTIONS_ANY;
    options->limits.max_again = RM_OPTIONS_ANY;
    options->limits.max_bad = RM_OPTIONS_ANY;
    options->limits.max_failed = RM_OPTIONS_ANY;
    options->limits.max_gap_ms = RM_OPTIONS_ANY;
    options->limits.max_item_gap_ms = RM_OPTIONS_ANY;
    options->limits.max_call_ms = RM_OPTIONS_ANY;
}

static const struct option *find_option(const char *name)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static enum rm_options_result complain(FILE *errors, const char *text, const char *word)
{
    fprintf(errors, "rmprobe: %s%s (rmprobe --help)\n", text, word);
    return RM_OPTIONS_WRONG;
}

enum rm_options_result rm_options_parse(struct rm_options *options, int argc, char **argv,
                                        FILE *errors)
{
    set_defaults(options);
    options->item_ids = calloc((size_t)argc + 1, sizeof(*options->item_ids));
    if (!options->item_ids)
        return complain(errors, "out of memory", "");
    for (int i = 1; i < argc; i++)
    {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
            return RM_OPTIONS_HELP;
        if (argv[i][0] != '-')
        {
            if (options->prog_id)
                return complain(errors, "more than one PROGID: ", argv[i]);
            options->prog_id = argv[i];
            continue;
        }
        const struct option *option = find_option(argv[i]);
        if (!option)
            return complain(errors, "unknown option ", argv[i]);
        if (option->kind != KIND_FLAG && i + 1 == argc)
            return complain(errors, "a value is missing after ", argv[i]);
        if (!set_value(options, option, option->kind == KIND_FLAG ? "" : argv[++i]))
            return complain(errors, "wrong value of ", option->name);
    }
    const char *conflict = find_conflict(options);
    if (conflict)
        return complain(errors, conflict, "");
    if (options->period_ms == RM_OPTIONS_ANY)
        options->period_ms = options->rate_ms;
    if (options->items == RM_OPTIONS_ANY && !options->browse_only)
        options->items = DEFAULT_ITEMS;
    return RM_OPTIONS_RUN;
}

void rm_options_print_help(FILE *out)
{
    fputs("rmprobe PROGID [options]   an OPC DA client that proves what it was sent\n"
          "rmprobe --list             the OPC DA servers of this computer\n\n",
          out);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
    {
        char left[64];
        snprintf(left, sizeof(left), "%s %s", table[i].name,
                 table[i].argument ? table[i].argument : "");
        fprintf(out, "  %-36s %s\n", left, table[i].help);
    }
    fputs(
        "\n"
        "READY is printed once every item had its first value. The last line is the proof:\n"
        "PROOF key=value ... verdict=PASS|FAIL reason=\"...\"\n"
        "It fails if a value was doubled or reordered, if fewer than 90 % of the expected updates\n"
        "came, if the server refused an item or broke the protocol, or if a --max limit was\n"
        "passed. slowest_call does not include the activation (create_ms).\n"
        "Lines of --record, in order of arrival, tab-separated as those of rmsim /journal:\n"
        "  TIME begin | TIME change|refresh|read ITEM VALUE QUALITY STAMP ERROR | TIME end\n"
        "TIME in ms since 2026-01-01 UTC; without the last line it is not complete.\n"
        "Exit status: 0 pass, 1 fail, 2 wrong usage, 3 could not connect.\n",
        out);
}

void rm_options_free(struct rm_options *options)
{
    free(options->item_ids);
    options->item_ids = NULL;
}
