/* difference.c: the words for what differs between two machines. */
#include <rm/difference.h>

#include <rm/code_words.h>

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* As the Automation types and OPC Data Access number them. */
#define TYPE_ARRAY      0x2000u
#define RIGHT_READ      1u
#define RIGHT_WRITE     2u
#define VALUE_TEXT_SIZE 160

static const struct
{
    uint32_t value;
    const char *text;
} type_words[] = {
    {0,  "EMPTY"   },
    {2,  "I2"      },
    {3,  "I4"      },
    {4,  "R4"      },
    {5,  "R8"      },
    {6,  "CURRENCY"},
    {7,  "DATE"    },
    {8,  "STRING"  },
    {10, "ERROR"   },
    {11, "BOOL"    },
    {12, "VARIANT" },
    {14, "DECIMAL" },
    {16, "I1"      },
    {17, "UI1"     },
    {18, "UI2"     },
    {19, "UI4"     },
    {20, "I8"      },
    {21, "UI8"     },
};

static const char *type_name(uint32_t type)
{
    for (size_t i = 0; i < sizeof type_words / sizeof type_words[0]; i++)
    {
        if (type_words[i].value == type)
        {
            return type_words[i].text;
        }
    }
    return NULL;
}

void rm_data_type_words(uint32_t type, char *text, size_t size)
{
    const char *name = type_name(type & ~TYPE_ARRAY);

    if (name)
    {
        snprintf(text, size, "%s%s", (type & TYPE_ARRAY) != 0 ? "array of " : "", name);
    }
    else
    {
        snprintf(text, size, "0x%04X", (unsigned)type);
    }
}

static const char *rights_words(uint32_t rights)
{
    switch (rights & (RIGHT_READ | RIGHT_WRITE))
    {
    case RIGHT_READ: return "read only";
    case RIGHT_WRITE: return "write only";
    case RIGHT_READ | RIGHT_WRITE: return "read and write";
    default: return "no access";
    }
}

bool rm_data_types_differ(uint32_t one, uint32_t other)
{
    return one != other && one != 0 && other != 0;
}

bool rm_access_rights_differ(uint32_t one, uint32_t other)
{
    uint32_t mask = RIGHT_READ | RIGHT_WRITE;

    return (one & mask) != (other & mask) && (one & mask) != 0 && (other & mask) != 0;
}

const char *rm_difference_name(enum rm_difference_kind kind)
{
    switch (kind)
    {
    case RM_DIFFERENCE_NONE: return "none";
    case RM_DIFFERENCE_GROUP: return "group";
    case RM_DIFFERENCE_REFUSED: return "refused";
    case RM_DIFFERENCE_TYPE: return "type";
    case RM_DIFFERENCE_RIGHTS: return "rights";
    case RM_DIFFERENCE_QUALITY: return "quality";
    case RM_DIFFERENCE_MISSING: return "missing";
    case RM_DIFFERENCE_EXTRA: return "extra";
    case RM_DIFFERENCE_ID: return "id";
    case RM_DIFFERENCE_COUNT: break;
    }
    assert(!"no kind");
    return "none";
}

void rm_difference_value(enum rm_difference_kind kind, uint32_t value, char *text, size_t size)
{
    const char *words;

    text[0] = '\0';
    switch (kind)
    {
    case RM_DIFFERENCE_TYPE: rm_data_type_words(value, text, size); break;
    case RM_DIFFERENCE_RIGHTS: snprintf(text, size, "%s", rights_words(value)); break;
    case RM_DIFFERENCE_QUALITY: snprintf(text, size, "0x%02X", (unsigned)value & 0xFFu); break;
    case RM_DIFFERENCE_GROUP:
    case RM_DIFFERENCE_REFUSED:
        if (value == 0)
        {
            break;
        }
        words = rm_code_words(value);
        snprintf(text, size, "0x%08X%s%s", (unsigned)value, words[0] ? ": " : "", words);
        break;
    case RM_DIFFERENCE_NONE:
    case RM_DIFFERENCE_MISSING:
    case RM_DIFFERENCE_EXTRA:
    case RM_DIFFERENCE_ID:
    case RM_DIFFERENCE_COUNT: break;
    }
}

void rm_difference_text(const struct rm_difference *difference, const char *reference, char *text,
                        size_t size)
{
    char here[VALUE_TEXT_SIZE], there[VALUE_TEXT_SIZE];
    const char *what = difference->is_branch ? "branch" : "item";
    const char *name = difference->name;

    rm_difference_value(difference->kind, difference->here, here, sizeof here);
    rm_difference_value(difference->kind, difference->there, there, sizeof there);
    text[0] = '\0';
    switch (difference->kind)
    {
    case RM_DIFFERENCE_GROUP:
        snprintf(text, size, "group '%s' is refused there (%s)", name, there);
        break;
    case RM_DIFFERENCE_REFUSED:
        if (difference->there != 0)
        {
            snprintf(text, size, "item '%s' is refused there (%s)", name, there);
        }
        else
        {
            snprintf(text, size, "item '%s' is refused on %s (%s), but not there", name, reference,
                     here);
        }
        break;
    case RM_DIFFERENCE_TYPE:
        snprintf(text, size, "item '%s' is of type %s there, of type %s on %s", name, there, here,
                 reference);
        break;
    case RM_DIFFERENCE_RIGHTS:
        snprintf(text, size, "item '%s' is %s there, %s on %s", name, there, here, reference);
        break;
    case RM_DIFFERENCE_QUALITY:
        snprintf(text, size, "item '%s' has bad quality there (%s), good on %s", name, there,
                 reference);
        break;
    case RM_DIFFERENCE_MISSING:
        snprintf(text, size, "%s '%s' is missing there, it is on %s", what, name, reference);
        break;
    case RM_DIFFERENCE_EXTRA:
        snprintf(text, size, "%s '%s' is there, but not on %s", what, name, reference);
        break;
    case RM_DIFFERENCE_ID:
        snprintf(text, size, "item '%s' of %s has the ID '%s' there", name, reference,
                 difference->other_id);
        break;
    case RM_DIFFERENCE_NONE:
    case RM_DIFFERENCE_COUNT: assert(!"no difference"); break;
    }
}
