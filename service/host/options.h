/* host/options.h: the command line of rmservice.
 *
 * Units: none.
 * Ownership: struct host_options is the caller's; struct rm_service_options points into it.
 * Threads: one.
 * Errors: false, and a sentence for the terminal that says what is wrong.
 * Source: F-14.
 */
#ifndef RM_HOST_OPTIONS_H
#define RM_HOST_OPTIONS_H

#include <windows.h>
#include <stdbool.h>

#include <host/service.h>
#include <manager/instance.h>

#define HOST_ERROR_SIZE 512

struct host_options
{
    bool wants_help, wants_version;
    bool is_console;
    wchar_t instance[RM_INSTANCE_MAX + 1];
    wchar_t config_path[MAX_PATH];
    wchar_t data_path[MAX_PATH];
};

/* Fills in what isn't given: redundancymaster.xml beside the program, and the service's name below
 * the folder of all users' application data. Paths become absolute. */
bool host_options_parse(struct host_options *options, int count, wchar_t **words,
                        wchar_t error[HOST_ERROR_SIZE]);

struct rm_service_options host_options_of_service(const struct host_options *options);

#endif
