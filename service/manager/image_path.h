/* manager/image_path.h: the command line with which the service manager starts the service.
 *
 *   "C:\Program Files\RedundancyMaster\rmservice.exe" --instance TEST --data "D:\rm data"
 *
 * The program is always quoted: unquoted, Windows would try C:\Program.exe first.
 *
 * Units: capacities in elements, the final zero included.
 * Ownership: the caller's structs and buffers.
 * Threads: any; no state.
 * Errors: false if it doesn't fit, or if a path has a quotation mark in it.
 */
#ifndef RM_MANAGER_IMAGE_PATH_H
#define RM_MANAGER_IMAGE_PATH_H

#include <windows.h>
#include <stdbool.h>

#include <manager/instance.h>

#define RM_IMAGE_PROGRAM   L"rmservice.exe"
#define RM_IMAGE_PATH_SIZE 1024

struct rm_image_path
{
    wchar_t program[MAX_PATH];
    wchar_t instance[RM_INSTANCE_MAX + 1]; /* "" for none, as the next two */
    wchar_t config_path[MAX_PATH];
    wchar_t data_path[MAX_PATH];
};

bool rm_image_path_write(const struct rm_image_path *image, wchar_t line[RM_IMAGE_PATH_SIZE]);

/* What it doesn't know in the line is left out. */
bool rm_image_path_read(const wchar_t *line, struct rm_image_path *image);

/* Whether the program is an rmservice.exe, wherever it lies. */
bool rm_image_path_is_ours(const struct rm_image_path *image);

#endif
