/* Which service a command means. */
#include <hooks/wide.h>

#include "service.h"

enum ctl_exit service_take_instance(struct ctl *ctl, wchar_t instance[RM_INSTANCE_MAX + 1])
{
    const char *text = ctl_value(ctl, "--instance");
    wcscpy(instance, ctl->instance);
    if (text == NULL ||
        (rm_wide_from_utf8(text, instance, RM_INSTANCE_MAX + 1) && rm_instance_is_valid(instance)))
    {
        return CTL_FINE;
    }
    return ctl_misuse(ctl, "'%.64s' can't be the name of an instance: give " RM_INSTANCE_RULE ".",
                      text);
}
