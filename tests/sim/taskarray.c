#include "taskarray.h"

#include <opc/opcconst.h>

#include <objbase.h>
#include <stdint.h>
#include <string.h>

void *sim_task_array(DWORD count, size_t size)
{
    if (count > (SIZE_MAX - 1) / size)
    {
        return NULL;
    }
    void *array = CoTaskMemAlloc(count * size);
    if (array != NULL)
    {
        memset(array, 0, count * size);
    }
    return array;
}

bool sim_vqt_arrays_create(struct sim_vqt_arrays *arrays, DWORD count)
{
    arrays->values = sim_task_array(count, sizeof(*arrays->values));
    arrays->qualities = sim_task_array(count, sizeof(*arrays->qualities));
    arrays->stamps = sim_task_array(count, sizeof(*arrays->stamps));
    arrays->errors = sim_task_array(count, sizeof(*arrays->errors));
    if (arrays->values != NULL && arrays->qualities != NULL && arrays->stamps != NULL &&
        arrays->errors != NULL)
    {
        return true;
    }
    CoTaskMemFree(arrays->values);
    CoTaskMemFree(arrays->qualities);
    CoTaskMemFree(arrays->stamps);
    CoTaskMemFree(arrays->errors);
    return false;
}

void sim_vqt_arrays_set(struct sim_vqt_arrays *arrays, DWORD i, struct sim_vqt *vqt, HRESULT error)
{
    arrays->errors[i] = error;
    if (FAILED(error))
    {
        VariantClear(&vqt->value);
        arrays->qualities[i] = OPC_QUALITY_BAD;
        return;
    }
    arrays->values[i] = vqt->value;
    arrays->qualities[i] = vqt->quality;
    arrays->stamps[i] = vqt->stamp;
}
