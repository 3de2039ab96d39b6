#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "port_posix.h"

struct rm_port_append
{
    int file;
    char path[];
};

enum rm_status rm_port_append_open(const char *path, struct rm_port_append **file_out,
                                   uint64_t *size_out, struct rm_port_reason *reason)
{
    enum rm_status status;
    struct stat facts;
    struct rm_port_append *opened = malloc(sizeof *opened + strlen(path) + 1);

    *file_out = NULL;
    *size_out = 0;
    if (opened == NULL)
    {
        return RM_E_NO_MEMORY;
    }
    strcpy(opened->path, path);
    opened->file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (opened->file < 0 || fstat(opened->file, &facts) != 0)
    {
        status = rm_port_posix_fail(reason);
        rm_port_append_close(opened);
        return status;
    }
    *file_out = opened;
    *size_out = (uint64_t)facts.st_size;
    return RM_OK;
}

enum rm_status rm_port_append_write(struct rm_port_append *file, const char *bytes, size_t size,
                                    struct rm_port_reason *reason)
{
    for (size_t at = 0; at < size;)
    {
        /* All at once, unless the disk is full: then the next one says so. */
        ssize_t count = write(file->file, bytes + at, size - at);

        if (count < 0 && errno != EINTR)
        {
            return rm_port_posix_fail(reason);
        }
        at += count > 0 ? (size_t)count : 0;
    }
    return RM_OK;
}

bool rm_port_append_is_in_place(const struct rm_port_append *file)
{
    struct stat opened, there;

    return fstat(file->file, &opened) == 0 && lstat(file->path, &there) == 0 &&
           opened.st_dev == there.st_dev && opened.st_ino == there.st_ino;
}

void rm_port_append_close(struct rm_port_append *file)
{
    if (file != NULL)
    {
        if (file->file >= 0)
        {
            close(file->file);
        }
        free(file);
    }
}
