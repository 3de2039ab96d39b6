/* monitor_fields.c: the values of monitor items by their names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <rm/monitor_config.h>

#include "config_internal.h"

#define TEXT_MAX 1024 /* characters of an item ID */
#define HOUR_MS  3600000u
#define DAY_MS   (24 * HOUR_MS)

static const char *const trigger_words[] = {"bad", "notGood", "value", "noChange", NULL};
static const char *const comparison_words[] = {"equal",  "notEqual", "less", "greater",
                                               "bitSet", "bitClear", NULL};
static const char *const yes_no[] = {"no", "yes", NULL};

_Static_assert(sizeof trigger_words / sizeof *trigger_words == RM_TRIGGER_COUNT + 1, "triggers");
_Static_assert(sizeof comparison_words / sizeof *comparison_words == RM_COMPARISON_COUNT + 1,
               "comparisons");

/* VARTYPEs have these numbers for good. */
static const struct
{
    const char *name;
    uint32_t type;
} types[] = {
    {"Default", 0 },
    {"I1",      16},
    {"I2",      2 },
    {"I4",      3 },
    {"I8",      20},
    {"UI1",     17},
    {"UI2",     18},
    {"UI4",     19},
    {"UI8",     21},
    {"R4",      4 },
    {"R8",      5 },
    {"CY",      6 },
    {"BOOL",    11},
    {"DATE",    7 },
    {"BSTR",    8 },
};

#define TYPE_COUNT (sizeof types / sizeof *types)

#define ITEM(name, member, kind, minimum, maximum, preset, choices, help)                          \
    {                                                                                              \
        name, kind, offsetof(struct rm_monitor_item, member), minimum, maximum, preset, choices,   \
            help                                                                                   \
    }
#define LIST(name, member, kind, minimum, maximum, preset, choices, help)                          \
    {                                                                                              \
        name, kind, offsetof(struct rm_monitor_config, member), minimum, maximum, preset, choices, \
            help                                                                                   \
    }

const struct rm_monitor_field rm_item_fields[] = {
    ITEM("itemId", item_id, RM_MONITOR_TEXT, 0, TEXT_MAX, 0, NULL,
         "the item's fully qualified name; with an access path maybe a part of it"),
    ITEM("accessPath", access_path, RM_MONITOR_TEXT, 0, TEXT_MAX, 0, NULL,
         "for servers that need one"),
    ITEM("dataType", data_type, RM_MONITOR_TYPE, 0, 0, 0, NULL,
         "Default (the item's own), I1, I2, I4, I8, UI1, UI2, UI4, UI8, R4, R8, CY, BOOL, DATE or "
         "BSTR"),
    ITEM("updateRate", rate_ms, RM_MONITOR_NUMBER, 10, HOUR_MS, 1000, NULL,
         "how often the server should deliver it, in ms"),
    ITEM("trigger", trigger, RM_MONITOR_CHOICE, 0, RM_TRIGGER_COUNT - 1, RM_TRIGGER_BAD,
         trigger_words,
         "in error when its quality is bad (uncertain changes nothing), is notGood (uncertain "
         "counts), its value compares so, or there is noChange for a time"),
    ITEM("operator", comparison, RM_MONITOR_CHOICE, 0, RM_COMPARISON_COUNT - 1, RM_COMPARISON_EQUAL,
         comparison_words,
         "trigger value: equal, notEqual, less, greater, or a bit's number: bitSet, bitClear"),
    ITEM("value", text, RM_MONITOR_TEXT, 0, TEXT_MAX, 0, NULL,
         "trigger value: what it is compared with"),
    ITEM("time", time_ms, RM_MONITOR_NUMBER, 0, DAY_MS, 0, NULL,
         "trigger noChange: ms, at least twice the update rate"),
    ITEM("weight", weight, RM_MONITOR_NUMBER, 1, RM_MONITOR_WEIGHT_MAX, 1, NULL,
         "what its error counts"),
};
const size_t rm_item_field_count = sizeof rm_item_fields / sizeof *rm_item_fields;

const struct rm_monitor_field rm_monitor_fields[] = {
    LIST("failureCount", failure_count, RM_MONITOR_NUMBER, 0,
         RM_MONITOR_ITEMS_MAX *RM_MONITOR_WEIGHT_MAX, 1, NULL,
         "items in error, by their weights, from which a machine is in error"),
    LIST("holdTime", hold_ms, RM_MONITOR_NUMBER, 0, HOUR_MS, 0, NULL,
         "how long they must have been in error, in ms"),
    LIST("watchAlways", watch_always, RM_MONITOR_CHOICE, 0, 1, 0, yes_no,
         "yes: the items are tested also while there is no client"),
};
const size_t rm_monitor_field_count = sizeof rm_monitor_fields / sizeof *rm_monitor_fields;

static void *at(const struct rm_monitor_field *field, void *object)
{
    return (char *)object + field->offset;
}

static uint32_t number_at(const struct rm_monitor_field *field, const void *object)
{
    uint32_t value;

    memcpy(&value, (const char *)object + field->offset, sizeof value);
    return value;
}

static bool parse_type(const char *text, uint32_t *value)
{
    for (size_t i = 0; i < TYPE_COUNT; i++)
    {
        if (strcmp(types[i].name, text) == 0)
        {
            *value = types[i].type;
            return true;
        }
    }
    return false;
}

static enum rm_status parse_text(const struct rm_monitor_field *field, void *object,
                                 const char *text, struct rm_config_error *error)
{
    size_t count;
    char *copy;

    if (!rm_text_is_name(text, &count) || count > field->maximum)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0,
                                "The %s '%.100s' of a monitor item holds a control character, is "
                                "no valid UTF-8, or is longer than %u characters.",
                                field->name, text, (unsigned)field->maximum);
    }
    copy = rm_text_copy(text);
    if (copy == NULL)
    {
        return rm_config_no_memory(error);
    }
    free(*(char **)at(field, object));
    *(char **)at(field, object) = copy;
    return RM_OK;
}

enum rm_status rm_monitor_field_parse(const struct rm_monitor_field *field, void *object,
                                      const char *text, struct rm_config_error *error)
{
    uint32_t value = 0;
    bool is_value = false;

    switch (field->kind)
    {
    case RM_MONITOR_TEXT: return parse_text(field, object, text, error);
    case RM_MONITOR_NUMBER:
        if (!rm_config_parse_number(text, &value) || value < field->minimum ||
            value > field->maximum)
        {
            return rm_config_refuse(
                error, RM_E_INVALID, 0, "%s can't be '%.40s': give a whole number from %u to %u.",
                field->name, text, (unsigned)field->minimum, (unsigned)field->maximum);
        }
        is_value = true;
        break;
    case RM_MONITOR_CHOICE: is_value = rm_config_parse_choice(field->choices, text, &value); break;
    case RM_MONITOR_TYPE: is_value = parse_type(text, &value); break;
    }
    if (!is_value)
    {
        return rm_config_refuse(error, RM_E_INVALID, 0, "%s can't be '%.40s'. It is: %s.",
                                field->name, text, field->help);
    }
    memcpy(at(field, object), &value, sizeof value);
    return RM_OK;
}

const char *rm_monitor_field_text(const struct rm_monitor_field *field, const void *object,
                                  char buffer[32])
{
    switch (field->kind)
    {
    case RM_MONITOR_TEXT: return *(char *const *)((const char *)object + field->offset);
    case RM_MONITOR_CHOICE: return field->choices[number_at(field, object)];
    case RM_MONITOR_TYPE:
        for (size_t i = 0; i < TYPE_COUNT; i++)
        {
            if (types[i].type == number_at(field, object))
            {
                return types[i].name;
            }
        }
        return types[0].name;
    case RM_MONITOR_NUMBER: break;
    }
    snprintf(buffer, 32, "%u", (unsigned)number_at(field, object));
    return buffer;
}
