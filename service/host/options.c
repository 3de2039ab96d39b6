#include <windows.h>
#include <stdarg.h>
#include <stdio.h>

#include "options.h"

#define CONFIG_FILE L"\\redundancymaster.xml"

static bool refuse(wchar_t error[HOST_ERROR_SIZE], const wchar_t *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    _vsnwprintf(error, HOST_ERROR_SIZE, format, arguments);
    va_end(arguments);
    error[HOST_ERROR_SIZE - 1] = L'\0';
    return false;
}

static bool take_path(wchar_t path[MAX_PATH], const wchar_t *option, const wchar_t *value,
                      wchar_t error[HOST_ERROR_SIZE])
{
    DWORD length = value[0] != L'\0' ? GetFullPathNameW(value, MAX_PATH, path, NULL) : 0;
    return (length > 0 && length < MAX_PATH) ||
           refuse(error, L"'%.256ls' is no path for %ls: it is empty or too long.", value, option);
}

static bool take_value(struct host_options *options, const wchar_t *option, const wchar_t *value,
                       wchar_t error[HOST_ERROR_SIZE])
{
    if (wcscmp(option, L"--config") == 0)
    {
        return take_path(options->config_path, option, value, error);
    }
    if (wcscmp(option, L"--data") == 0)
    {
        return take_path(options->data_path, option, value, error);
    }
    if (!rm_instance_is_valid(value))
    {
        return refuse(error,
                      L"'%.64ls' can't be the name of an instance: give " RM_INSTANCE_RULE L".",
                      value);
    }
    wcscpy(options->instance, value);
    return true;
}

static bool is_option_with_value(const wchar_t *word)
{
    return wcscmp(word, L"--config") == 0 || wcscmp(word, L"--data") == 0 ||
           wcscmp(word, L"--instance") == 0;
}

static bool set_default_config(struct host_options *options, wchar_t error[HOST_ERROR_SIZE])
{
    wchar_t *path = options->config_path;
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    wchar_t *slash = length < MAX_PATH ? wcsrchr(path, L'\\') : NULL;
    if (slash == NULL || (size_t)(slash - path) + wcslen(CONFIG_FILE) >= MAX_PATH)
    {
        return refuse(error, L"The path of this program is too long. Give --config.");
    }
    wcscpy(slash, CONFIG_FILE);
    return true;
}

static bool set_default_data(struct host_options *options, wchar_t error[HOST_ERROR_SIZE])
{
    wchar_t name[RM_INSTANCE_NAME_SIZE];
    wchar_t *path = options->data_path;
    DWORD length = GetEnvironmentVariableW(L"ProgramData", path, MAX_PATH);
    rm_instance_service_name(options->instance, name);
    if (length == 0 || length + wcslen(name) + 1 >= MAX_PATH)
    {
        return refuse(error, L"Windows doesn't say where the data of programs are kept "
                             L"(%%ProgramData%%). Give --data.");
    }
    wcscat(path, L"\\");
    wcscat(path, name);
    return true;
}

bool host_options_parse(struct host_options *options, int count, wchar_t **words,
                        wchar_t error[HOST_ERROR_SIZE])
{
    memset(options, 0, sizeof *options);
    if (!rm_instance_of_module(NULL, options->instance))
    {
        return refuse(
            error,
            L"The file " RM_INSTANCE_FILE L" beside this program names no instance. Write a name "
            L"into it, " RM_INSTANCE_RULE L", or delete it.");
    }
    for (int at = 1; at < count; at++)
    {
        if (wcscmp(words[at], L"--help") == 0 || wcscmp(words[at], L"/?") == 0)
        {
            options->wants_help = true;
        }
        else if (wcscmp(words[at], L"--version") == 0)
        {
            options->wants_version = true;
        }
        else if (wcscmp(words[at], L"--console") == 0)
        {
            options->is_console = true;
        }
        else if (!is_option_with_value(words[at]))
        {
            return refuse(error, L"There is no option '%.256ls'.", words[at]);
        }
        else if (at + 1 == count)
        {
            return refuse(error, L"Option '%ls' needs a value.", words[at]);
        }
        else if (!take_value(options, words[at], words[at + 1], error))
        {
            return false;
        }
        else
        {
            at++;
        }
    }
    return (options->config_path[0] != L'\0' || set_default_config(options, error)) &&
           (options->data_path[0] != L'\0' || set_default_data(options, error));
}

struct rm_service_options host_options_of_service(const struct host_options *options)
{
    return (struct rm_service_options){options->instance, options->config_path, options->data_path,
                                       options->is_console};
}
