#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "port_posix.h"

static pthread_mutex_t xml_lock = PTHREAD_MUTEX_INITIALIZER; /* protects libxml2 */

void rm_port_lock_xml(void)
{
    pthread_mutex_lock(&xml_lock);
}

void rm_port_unlock_xml(void)
{
    pthread_mutex_unlock(&xml_lock);
}

enum rm_status rm_port_posix_fail(struct rm_port_reason *reason)
{
    int code = errno;
    snprintf(reason->text, sizeof reason->text, "%s", strerror(code));
    return code == ENOENT ? RM_E_NOT_FOUND : code == ENOMEM ? RM_E_NO_MEMORY : RM_E_IO;
}

static enum rm_status read_all(int file, char *bytes, size_t size, struct rm_port_reason *reason)
{
    for (size_t at = 0; at < size;)
    {
        ssize_t count = read(file, bytes + at, size - at);
        if (count == 0)
        {
            errno = EIO;
        }
        if (count == 0 || (count < 0 && errno != EINTR))
        {
            return rm_port_posix_fail(reason);
        }
        at += count > 0 ? (size_t)count : 0;
    }
    return RM_OK;
}

enum rm_status rm_port_file_read(const char *path, size_t size_max, char **bytes_out,
                                 size_t *size_out, struct rm_port_reason *reason)
{
    *bytes_out = NULL;
    *size_out = 0;
    char *bytes = NULL;
    struct stat facts;
    enum rm_status status = RM_OK;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &facts) != 0)
    {
        status = rm_port_posix_fail(reason);
        goto out;
    }
    if (S_ISDIR(facts.st_mode))
    {
        errno = EISDIR;
        status = rm_port_posix_fail(reason);
        goto out;
    }
    if ((unsigned long long)facts.st_size > size_max)
    {
        snprintf(reason->text, sizeof reason->text, "File too large");
        status = RM_E_TOO_LARGE;
        goto out;
    }
    size_t size = (size_t)facts.st_size;
    bytes = malloc(size + 1);
    status = bytes == NULL ? RM_E_NO_MEMORY : read_all(file, bytes, size, reason);
    if (status == RM_OK)
    {
        *bytes_out = bytes;
        *size_out = size;
        bytes = NULL;
    }
out:
    free(bytes);
    if (file >= 0)
    {
        close(file);
    }
    return status;
}

static char *path_with(const char *path, const char *ending)
{
    size_t size = strlen(path) + strlen(ending) + 1;
    char *result = malloc(size);
    if (result != NULL)
    {
        snprintf(result, size, "%s%s", path, ending);
    }
    return result;
}

static enum rm_status write_flushed(const char *path, const char *bytes, size_t size,
                                    struct rm_port_reason *reason)
{
    enum rm_status status = RM_OK;
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
    if (file < 0)
    {
        return rm_port_posix_fail(reason);
    }
    for (size_t at = 0; at < size && status == RM_OK;)
    {
        ssize_t count = write(file, bytes + at, size - at);
        if (count < 0 && errno != EINTR)
        {
            status = rm_port_posix_fail(reason);
        }
        at += count > 0 ? (size_t)count : 0;
    }
    if (status == RM_OK && fsync(file) != 0)
    {
        status = rm_port_posix_fail(reason);
    }
    if (close(file) != 0 && status == RM_OK)
    {
        status = rm_port_posix_fail(reason);
    }
    return status;
}

/* The rename is on the disk only when the folder is. Cuts the path to that of its folder. */
static void flush_folder(char *path)
{
    char *slash = strrchr(path, '/');
    if (slash != NULL)
    {
        slash[slash == path ? 1 : 0] = '\0';
    }
    int file = open(slash != NULL ? path : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file >= 0)
    {
        fsync(file);
        close(file);
    }
}

/* A second name for the old file, so that path is never without one. */
static enum rm_status keep_backup(const char *path, const char *backup,
                                  struct rm_port_reason *reason)
{
    struct stat facts;
    if (lstat(path, &facts) != 0)
    {
        return errno == ENOENT ? RM_OK : rm_port_posix_fail(reason);
    }
    if (S_ISDIR(facts.st_mode))
    {
        errno = EISDIR;
        return rm_port_posix_fail(reason);
    }
    if (unlink(backup) != 0 && errno != ENOENT)
    {
        return rm_port_posix_fail(reason);
    }
    return link(path, backup) == 0 ? RM_OK : rm_port_posix_fail(reason);
}

static enum rm_status replace(const char *path, const char *bytes, size_t size, bool keeps_old,
                              struct rm_port_reason *reason)
{
    char *fresh = path_with(path, ".new");
    char *backup = path_with(path, ".bak");
    enum rm_status status = RM_E_NO_MEMORY;
    if (fresh == NULL || backup == NULL)
    {
        goto out;
    }
    status = write_flushed(fresh, bytes, size, reason);
    if (status == RM_OK && keeps_old)
    {
        status = keep_backup(path, backup, reason);
    }
    if (status == RM_OK && rename(fresh, path) != 0)
    {
        status = rm_port_posix_fail(reason);
    }
    if (status == RM_OK)
    {
        flush_folder(fresh);
    }
    else
    {
        unlink(fresh);
    }
out:
    free(fresh);
    free(backup);
    return status;
}

enum rm_status rm_port_file_replace(const char *path, const char *bytes, size_t size,
                                    struct rm_port_reason *reason)
{
    return replace(path, bytes, size, true, reason);
}

enum rm_status rm_port_file_rewrite(const char *path, const char *bytes, size_t size,
                                    struct rm_port_reason *reason)
{
    return replace(path, bytes, size, false, reason);
}
