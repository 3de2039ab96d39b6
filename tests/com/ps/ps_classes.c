#define INITGUID
#include "ps_classes.h"
