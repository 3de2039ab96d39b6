/* take_settings.c: settings of a redundant server that change while it runs (RM-230). */
#include <rm/config.h>

#include <stdio.h>
#include <string.h>

#define VALUE_TEXT_SIZE 32

static void append_change(const struct rm_setting *setting, const struct rm_server_config *server,
                          char *changes, size_t size)
{
    size_t used = strlen(changes);
    char value[VALUE_TEXT_SIZE];

    rm_setting_format(setting, server, value, sizeof value);
    snprintf(changes + used, size - used, "%s%s %s", used > 0 ? ", " : "", setting->name, value);
}

bool rm_server_take_settings(struct rm_server_config *server, const struct rm_server_config *from,
                             char *changes, size_t size)
{
    bool is_changed = false;

    changes[0] = '\0';
    for (size_t i = 0; i < rm_setting_count; i++)
    {
        const struct rm_setting *setting = &rm_setting_table[i];
        char *here = (char *)server + setting->offset;
        const char *there = (const char *)from + setting->offset;

        if (memcmp(here, there, sizeof(uint32_t)) != 0)
        {
            memcpy(here, there, sizeof(uint32_t));
            append_change(setting, server, changes, size);
            is_changed = true;
        }
    }
    return is_changed;
}
