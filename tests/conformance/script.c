#include "script.h"
#include "arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS   4
#define LINE_SIZE 4096

/* One letter of an `each` and which of its values is meant now. */
struct letter
{
    char name;
    const char *values; /* x|y|z up to a blank, a colon or the end */
    int count;
    int at;
};

struct each
{
    struct letter letters[LETTERS];
    int count;
};

static bool ends_value(const char *at)
{
    return *at == '|' || *at == ' ' || (at[0] == ':' && (at[1] == ' ' || at[1] == '\0'));
}

/* The length of one value: up to a bar, a blank or the last colon; in quotes they are part of it.
 */
static size_t value_length(const char *value)
{
    size_t length = 0;
    bool is_quoted = false;
    while (value[length] != '\0' && (is_quoted || !ends_value(&value[length])))
    {
        is_quoted ^= value[length++] == '"';
    }
    return length;
}

static const char *value_of(const struct letter *letter, size_t *length)
{
    const char *value = letter->values;
    for (int i = 0; i < letter->at; i++)
    {
        value += value_length(value) + 1;
    }
    *length = value_length(value);
    return value;
}

/* "A=x|y B=1|2" up to `end`. */
static bool parse_each(struct each *each, const char *text, const char *end)
{
    each->count = 0;
    while (text < end)
    {
        while (text < end && *text == ' ')
        {
            text++;
        }
        if (text == end)
        {
            break;
        }
        if (each->count == LETTERS || text[0] < 'A' || text[0] > 'Z' || text[1] != '=')
        {
            return false;
        }
        struct letter *letter = &each->letters[each->count++];
        *letter = (struct letter){.name = text[0], .values = text + 2, .count = 1};
        for (text += 2 + value_length(text + 2); text < end && *text == '|'; letter->count++)
        {
            text += 1 + value_length(text + 1);
        }
    }
    return each->count > 0;
}

/* The next combination; false behind the last. */
static bool advance(struct each *each)
{
    for (int i = each->count - 1; i >= 0; i--)
    {
        if (++each->letters[i].at < each->letters[i].count)
        {
            return true;
        }
        each->letters[i].at = 0;
    }
    return false;
}

static const struct letter *find_letter(const struct each *each, char name)
{
    for (int i = 0; i < each->count; i++)
    {
        if (each->letters[i].name == name)
        {
            return &each->letters[i];
        }
    }
    return NULL;
}

/* `text` with the values put in; at most LINE_SIZE. */
static void substitute(const struct each *each, const char *text, char *result)
{
    size_t length = 0;
    while (*text != '\0' && length < LINE_SIZE - 1)
    {
        const struct letter *letter = text[0] == '$' ? find_letter(each, text[1]) : NULL;
        if (letter == NULL)
        {
            result[length++] = *text++;
            continue;
        }
        size_t size;
        const char *value = value_of(letter, &size);
        size = size < LINE_SIZE - 1 - length ? size : LINE_SIZE - 1 - length;
        memcpy(result + length, value, size);
        length += size;
        text += 2;
    }
    result[length] = '\0';
}

struct script *scripts_add(struct scripts *scripts, const char *name, int da)
{
    size_t size = (size_t)(scripts->count + 1) * sizeof(*scripts->all);
    scripts->all = must_grow(scripts->all, size);
    struct script *script = &scripts->all[scripts->count++];
    *script = (struct script){.name = must_copy(name), .da = da};
    return script;
}

bool scripts_add_line(struct script *script, const char *text)
{
    if (script->count == 2 * SCRIPT_CALLS_MAX)
    {
        return false;
    }
    script->lines = must_grow(script->lines, (size_t)(script->count + 1) * sizeof(char *));
    script->lines[script->count++] = must_copy(text);
    return true;
}

/* A line of a script's body, all its combinations. */
static bool add_body(struct script *script, const char *text)
{
    const char *colon = strstr(text, ": ");
    struct each each = {.count = 0};
    char line[LINE_SIZE];
    if (strncmp(text, "each ", 5) != 0)
    {
        return scripts_add_line(script, text);
    }
    if (colon == NULL || !parse_each(&each, text + 5, colon))
    {
        return false;
    }
    bool is_added = true;
    do
    {
        substitute(&each, colon + 2, line);
        is_added = scripts_add_line(script, line);
    } while (is_added && advance(&each));
    return is_added;
}

/* The scripts of one block: the text behind `script ` and its lines. */
static bool add_block(struct scripts *scripts, const char *head, char **lines, int count)
{
    char name[64];
    char full[160];
    char line[LINE_SIZE];
    const char *da = strstr(head, " da=");
    const char *text = strstr(head, " each ");
    bool is_whole = strstr(head, " whole") != NULL;
    struct each each = {.count = 0};
    if (sscanf(head, "%63s", name) != 1 ||
        (text != NULL && !parse_each(&each, text + 6, text + strlen(text))))
    {
        return false;
    }
    bool is_added = true;
    do
    {
        size_t length = (size_t)snprintf(full, sizeof(full), "%s", name);
        for (int i = 0; i < each.count && length < sizeof(full); i++)
        {
            size_t size;
            const char *value = value_of(&each.letters[i], &size);
            length +=
                (size_t)snprintf(full + length, sizeof(full) - length, "-%.*s", (int)size, value);
        }
        struct script *script = scripts_add(scripts, full, da != NULL ? atoi(da + 4) : 0);
        script->is_whole = is_whole;
        for (int i = 0; i < count && is_added; i++)
        {
            substitute(&each, lines[i], line);
            is_added = add_body(script, line);
        }
    } while (is_added && advance(&each));
    return is_added;
}

struct block
{
    char *head;
    int number; /* of the head's line */
    char *lines[4 * SCRIPT_CALLS_MAX];
    int count;
};

/* Adds what was read so far, and empties the block. */
static bool end_block(struct scripts *scripts, struct block *block, const char *path)
{
    bool is_added =
        block->head == NULL || add_block(scripts, block->head, block->lines, block->count);
    if (!is_added)
    {
        fprintf(stderr, "rmcall: %s:%d: this script has a wrong `each`, or too many lines\n", path,
                block->number);
    }
    for (int i = 0; i < block->count; i++)
    {
        free(block->lines[i]);
    }
    free(block->head);
    *block = (struct block){.count = 0};
    return is_added;
}

static bool read_line(struct scripts *scripts, struct block *block, char *line, const char *path,
                      int number)
{
    char *comment = strstr(line, "  # ");
    line[comment != NULL ? (size_t)(comment - line) : strcspn(line, "\r\n")] = '\0';
    char *text = line + strspn(line, " \t");
    if (text[0] == '\0' || text[0] == '#')
    {
        return true;
    }
    if (strncmp(text, "script ", 7) == 0)
    {
        bool is_added = end_block(scripts, block, path);
        block->head = must_copy(text + 7);
        block->number = number;
        return is_added;
    }
    if (block->head == NULL || block->count == 4 * SCRIPT_CALLS_MAX)
    {
        fprintf(stderr, "rmcall: %s:%d: a line without a script, or one too many\n", path, number);
        return false;
    }
    block->lines[block->count++] = must_copy(text);
    return true;
}

bool scripts_load(struct scripts *scripts, const char *path)
{
    static char line[LINE_SIZE];
    struct block *block = must_allocate(sizeof(*block));
    *block = (struct block){.count = 0};
    FILE *file = fopen(path, "r");
    bool is_good = file != NULL;
    if (!is_good)
    {
        fprintf(stderr, "rmcall: %s can't be read\n", path);
    }
    for (int number = 1; is_good && fgets(line, sizeof(line), file) != NULL; number++)
    {
        is_good = read_line(scripts, block, line, path, number);
    }
    is_good = end_block(scripts, block, path) && is_good;
    if (file != NULL)
    {
        fclose(file);
    }
    free(block);
    return is_good;
}

void scripts_free(struct scripts *scripts)
{
    for (int i = 0; i < scripts->count; i++)
    {
        for (int k = 0; k < scripts->all[i].count; k++)
        {
            free(scripts->all[i].lines[k]);
        }
        free(scripts->all[i].lines);
        free(scripts->all[i].name);
    }
    free(scripts->all);
    *scripts = (struct scripts){.count = 0};
}
