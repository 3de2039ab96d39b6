#include "methods.h"

#include <string.h>

#define SIM_METHOD_NAME(interface_name, method) #interface_name "." #method,
static const char *const names[] = {SIM_METHODS(SIM_METHOD_NAME)};
#undef SIM_METHOD_NAME

const char *sim_method_name(enum sim_method method)
{
    return names[method];
}

enum sim_method sim_method_find(const char *name)
{
    int method = 0;
    while (method < SIM_METHOD_COUNT && _stricmp(names[method], name) != 0)
    {
        method++;
    }
    return (enum sim_method)method;
}
