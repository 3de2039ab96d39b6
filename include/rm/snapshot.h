/* rm/snapshot.h: one redundant server's settings as a block of bytes.
 *
 * rmctl and the service compile the validated settings into it and put it in the registry under the
 * hooked class id; the DLL in the client's process reads only that and contains no XML parser
 * (design.md 5). Layout: magic "RMS1", u32 version, u32 total size, ProgID and class id, u32 number
 * of settings and their values in the order of rm_setting_table, u32 number of machines and their
 * names; little endian, strings as u32 length and bytes without a final zero, closed by a CRC-32 of
 * all that comes before. New settings go to the end of the table: a block of an older version is
 * read with their defaults.
 *
 * Units: bytes.
 * Ownership: rm_snapshot_encode's block is freed with free(), rm_snapshot_decode's result with
 *   rm_server_config_free.
 * Threads: any; no state.
 * Errors: rm_snapshot_decode trusts nothing: a wrong magic, size, length, range or sum is
 *   RM_E_INVALID, a newer version RM_E_VERSION; *server_out is then NULL.
 * Source: design.md 5.
 */
#ifndef RM_SNAPSHOT_H
#define RM_SNAPSHOT_H

#include <rm/config.h>

#define RM_SNAPSHOT_SIZE_MAX 65536u

enum rm_status rm_snapshot_encode(const struct rm_server_config *server, uint8_t **bytes_out,
                                  size_t *size_out);
enum rm_status rm_snapshot_decode(const uint8_t *bytes, size_t size,
                                  struct rm_server_config **server_out);

#endif
