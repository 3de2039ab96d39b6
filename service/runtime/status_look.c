#include "runtime/status_look.h"

static void open_sections(struct rm_status_look *look)
{
    if (!look->global.section)
        rm_status_section_open_writer(&look->global, look->instance);
    if (!look->local.section)
        rm_status_section_open_reader(&look->local, RM_STATUS_SCOPE_LOCAL, look->instance);
}

void rm_status_look_open(struct rm_status_look *look, const wchar_t *instance)
{
    look->instance = instance;
    open_sections(look);
}

void rm_status_look_close(struct rm_status_look *look)
{
    rm_status_section_close(&look->global);
    rm_status_section_close(&look->local);
}

void rm_status_look_each(struct rm_status_look *look,
                         void (*take)(void *context, const struct rm_status_slot *slot),
                         void *context)
{
    const struct rm_status_section *sections[2];

    open_sections(look);
    sections[0] = look->global.section;
    sections[1] = look->local.section;
    for (unsigned i = 0; i < 2 * RM_STATUS_SLOTS; i++)
    {
        const struct rm_status_section *section = sections[i / RM_STATUS_SLOTS];
        const struct rm_status_slot *slot = section ? &section->slots[i % RM_STATUS_SLOTS] : NULL;

        if (slot && slot->started_at && rm_status_slot_read(slot, &look->copy))
            take(context, &look->copy);
    }
}
