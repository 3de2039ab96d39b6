#include "value.h"

#include <string.h>

#define WHOLE_DOUBLES 9007199254740992.0 /* 2^53: up to here each whole number has a double */

/* Signed counters wrap to the lowest value or to zero: in 31 bits both are a step of 1. */
#define COUNTER_BITS_I4 31

static int64_t from_double(double number)
{
    int64_t value;

    if (number > -WHOLE_DOUBLES && number < WHOLE_DOUBLES)
    {
        value = (int64_t)number;
        if ((double)value == number)
            return value;
    }
    memcpy(&value, &number, sizeof(value));
    return value;
}

static void set(struct rm_proof_update *update, int64_t value, unsigned bits)
{
    update->kind = RM_PROOF_NUMBER;
    update->value = value;
    update->bits = bits;
}

void rm_value_from_variant(const VARIANT *variant, struct rm_proof_update *update)
{
    switch (V_VT(variant))
    {
    case VT_I1: set(update, V_I1(variant), 8); break;
    case VT_UI1: set(update, V_UI1(variant), 8); break;
    case VT_I2: set(update, V_I2(variant), 16); break;
    case VT_UI2: set(update, V_UI2(variant), 16); break;
    case VT_BOOL: set(update, V_BOOL(variant), 16); break;
    case VT_I4: set(update, V_I4(variant), COUNTER_BITS_I4); break;
    case VT_INT: set(update, V_INT(variant), COUNTER_BITS_I4); break;
    case VT_UI4: set(update, V_UI4(variant), 32); break;
    case VT_UINT: set(update, V_UINT(variant), 32); break;
    case VT_I8: set(update, V_I8(variant), 64); break;
    case VT_UI8: set(update, (int64_t)V_UI8(variant), 64); break;
    case VT_R4: set(update, from_double((double)V_R4(variant)), 64); break;
    case VT_R8: set(update, from_double(V_R8(variant)), 64); break;
    case VT_DATE: set(update, from_double(V_DATE(variant)), 64); break;
    case VT_CY: set(update, V_CY(variant).int64, 64); break;
    default: set(update, 0, 64); update->kind = RM_PROOF_OTHER;
    }
}
