#include "statement.h"

#include <stddef.h>
#include <string.h>

struct reader
{
    struct statement *statement;
    const char *at;
    char *to;
};

static void skip_blanks(struct reader *reader)
{
    while (*reader->at == ' ' || *reader->at == '\t')
    {
        reader->at++;
    }
}

static bool ends_word(char c, const char *ends)
{
    return c == '\0' || c == ' ' || c == '\t' || strchr(ends, c) != NULL;
}

/* A word up to a blank or one of `ends`, without its quotes. */
static char *read_word(struct reader *reader, const char *ends)
{
    char *word = reader->to;
    bool is_quoted = false;
    while (*reader->at != '\0' && (is_quoted || !ends_word(*reader->at, ends)))
    {
        if (*reader->at == '"')
        {
            is_quoted = !is_quoted;
        }
        else
        {
            *reader->to++ = *reader->at;
        }
        reader->at++;
    }
    *reader->to++ = '\0';
    if (is_quoted)
    {
        reader->statement->error = "a quote is open";
    }
    return word;
}

static struct element *add_element(struct reader *reader, struct argument *argument)
{
    struct statement *statement = reader->statement;
    if (statement->element_count == STATEMENT_ELEMENTS)
    {
        statement->error = "too many elements";
        return NULL;
    }
    struct element *element = &statement->elements[statement->element_count++];
    *element = (struct element){.words = &statement->words[statement->word_count]};
    if (argument->count++ == 0)
    {
        argument->elements = element;
    }
    return element;
}

static void add_word(struct reader *reader, struct element *element, char *word)
{
    if (reader->statement->word_count == STATEMENT_WORDS)
    {
        reader->statement->error = "too many words";
        return;
    }
    reader->statement->words[reader->statement->word_count++] = word;
    element->count++;
}

static void read_list(struct reader *reader, struct argument *argument)
{
    argument->is_list = true;
    reader->at++;
    skip_blanks(reader);
    while (*reader->at != ']' && *reader->at != '\0' && reader->statement->error == NULL)
    {
        struct element *element = add_element(reader, argument);
        while (element != NULL && *reader->at != ',' && *reader->at != ']' && *reader->at != '\0')
        {
            add_word(reader, element, read_word(reader, ",]"));
            skip_blanks(reader);
        }
        if (*reader->at == ',')
        {
            reader->at++;
            skip_blanks(reader);
        }
    }
    if (*reader->at != ']')
    {
        reader->statement->error = "a list is open";
        return;
    }
    reader->at++;
}

/* Whether what comes is `name=`. */
static bool has_name(const char *at)
{
    size_t length = strcspn(at, "= \t[\"");
    return length > 0 && at[length] == '=';
}

static void read_argument(struct reader *reader)
{
    struct statement *statement = reader->statement;
    if (statement->argument_count == STATEMENT_ARGS)
    {
        statement->error = "too many arguments";
        return;
    }
    struct argument *argument = &statement->arguments[statement->argument_count++];
    *argument = (struct argument){.count = 0};
    if (has_name(reader->at))
    {
        argument->name = read_word(reader, "=");
        reader->at++;
    }
    if (*reader->at == '[')
    {
        read_list(reader, argument);
        return;
    }
    struct element *element = add_element(reader, argument);
    if (element != NULL)
    {
        add_word(reader, element, read_word(reader, ""));
    }
}

bool statement_parse(struct statement *statement, const char *text)
{
    memset(statement, 0, offsetof(struct statement, buffer));
    statement->element_count = 0;
    statement->word_count = 0;
    if (strlen(text) >= STATEMENT_SIZE / 2)
    {
        statement->error = "the line is too long";
        return false;
    }
    struct reader reader = {.statement = statement, .at = text, .to = statement->buffer};
    skip_blanks(&reader);
    statement->target = read_word(&reader, "");
    skip_blanks(&reader);
    if (reader.at[0] == '=' && (reader.at[1] == ' ' || reader.at[1] == '\t'))
    {
        reader.at++;
        skip_blanks(&reader);
        statement->name = statement->target;
        statement->target = read_word(&reader, "");
        skip_blanks(&reader);
    }
    while (*reader.at != '\0' && statement->error == NULL)
    {
        read_argument(&reader);
        skip_blanks(&reader);
    }
    return statement->error == NULL;
}

const struct argument *statement_find(const struct statement *statement, const char *name)
{
    for (int i = 0; i < statement->argument_count; i++)
    {
        const char *given = statement->arguments[i].name;
        if (given != NULL && strcmp(given, name) == 0)
        {
            return &statement->arguments[i];
        }
    }
    return NULL;
}

const char *statement_word(const struct statement *statement, int number)
{
    for (int i = 0; i < statement->argument_count; i++)
    {
        const struct argument *argument = &statement->arguments[i];
        if (argument->name == NULL && !argument->is_list && number-- == 0)
        {
            return argument->elements[0].words[0];
        }
    }
    return "";
}
