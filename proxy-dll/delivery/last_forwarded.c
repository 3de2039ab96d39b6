#include "delivery/last_forwarded.h"

#include <limits.h>
#include <oleauto.h>

#include "link/link.h"
#include "module/filetime.h"
#include "session/session.h"

static bool is_plain(const VARIANT *value)
{
    VARTYPE type = V_VT(value);

    return !(type & (VT_ARRAY | VT_BYREF)) && type != VT_BSTR && type != VT_UNKNOWN &&
           type != VT_DISPATCH && type != VT_RECORD;
}

bool rm_value_may_be_kept(const VARIANT *value)
{
    VARTYPE type = V_VT(value);
    VARTYPE element = type & VT_TYPEMASK;

    return !(type & VT_BYREF) && element != VT_UNKNOWN && element != VT_DISPATCH &&
           element != VT_RECORD && !((type & VT_ARRAY) && element == VT_VARIANT);
}

bool rm_value_keep(VARIANT *to, const VARIANT *from)
{
    VARIANT source = *from; /* VariantCopy does not say that it only reads */

    if (is_plain(from))
    {
        *to = source;
        return true;
    }
    VariantInit(to);
    return SUCCEEDED(VariantCopy(to, &source));
}

struct rm_forwarding rm_forwarding_of(const struct rm_link *link, DWORD now_ms)
{
    struct rm_forwarding forwarding = {.offset_100ns = link->skew.offset_100ns,
                                       .error_100ns = (UINT)link->skew.error_100ns,
                                       .is_skew_known = link->skew.is_known &&
                                                        link->skew.error_100ns <= UINT_MAX,
                                       .link = link->number,
                                       .now_ms = now_ms};

    return forwarding;
}

/* All but the value. */
static void set_rest(struct rm_last_forwarded *last, const struct rm_forwarding *forwarding,
                     const struct rm_callback *data, DWORD i)
{
    last->quality = data->qualities[i];
    last->error = data->errors[i];
    last->time = data->times[i];
    last->arrived_ms = forwarding->now_ms;
    last->corrected_100ns = rm_filetime_number(&data->times[i]) - forwarding->offset_100ns;
    last->skew_error_100ns = forwarding->error_100ns;
    last->is_skew_known = forwarding->is_skew_known;
    last->link = forwarding->link;
}

void rm_last_forwarded_set(struct rm_last_forwarded *last, const struct rm_forwarding *forwarding,
                           const struct rm_callback *data, DWORD i)
{
    last->is_valid = false;
    last->is_unknown = !rm_value_may_be_kept(&data->values[i]);
    if (last->is_unknown)
        return;
    if (is_plain(&last->value) && is_plain(&data->values[i]))
        last->value = data->values[i];
    else if (FAILED(VariantCopy(&last->value, &data->values[i])))
        return;
    set_rest(last, forwarding, data, i);
    last->is_valid = true;
}

DWORD rm_last_forwarded_run(struct rm_group *group, const struct rm_forwarding *forwarding,
                            const struct rm_callback *data, DWORD i, DWORD *slot)
{
    /* Copies, which what is stored in the items can't change: they are not read anew each time. */
    const struct rm_forwarding common = *forwarding;
    const struct rm_callback arrays = *data;
    DWORD count = arrays.count;

    if (group->item_slots - *slot < count - i)
        count = i + group->item_slots - *slot;
    for (; i < count; i++, ++*slot)
    {
        struct rm_item *item = &group->items[*slot];

        if (item->client != arrays.clients[i] || !item->is_used || !item->last.is_valid ||
            item->last.link != common.link || !is_plain(&item->last.value) ||
            !is_plain(&arrays.values[i]))
            break;
        item->last.value = arrays.values[i];
        set_rest(&item->last, &common, &arrays, i);
    }
    return i;
}

void rm_last_forwarded_view(const struct rm_last_forwarded *last, struct rm_forwarded *view)
{
    LONGLONG time_100ns = rm_filetime_number(&last->time);

    view->is_valid = last->is_valid;
    view->update.value = &last->value;
    view->update.time_100ns = time_100ns;
    view->update.arrived_ms = last->arrived_ms;
    view->update.error = last->error;
    view->update.quality = last->quality;
    view->skew.is_known = last->is_skew_known;
    view->skew.offset_100ns = time_100ns - last->corrected_100ns;
    view->skew.error_100ns = last->skew_error_100ns;
}

DWORD rm_item_period_ms(const struct rm_group *group, const struct rm_item *item)
{
    return item->settings.has_rate ? item->revised_sampling_ms : group->revised_rate_ms;
}
