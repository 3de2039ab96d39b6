/* journal.h: what a simulated server really delivered and really got written, in a file.
 *
 * One record per callback with all its items, one per callback's answer, one per write. Each record
 * is handed to the system by one call before the callback is made, so it outlives the process,
 * however that ends; the answer's record tells that the client got it.
 *
 * The file: records [u32 size of all that follows][u8 kind][i64 time][payload], numbers little
 * endian; "varint" is the usual 7 bits per byte, "text" a varint size and UTF-8 bytes.
 *   START    1  u32 pid, i64 period ms, i64 phase ms, i64 skew ms, text machine
 *   ITEM     2  u32 group, u32 server handle, u32 client handle, text item ID
 *   DELIVERY 3  u32 sequence, u8 callback, u32 group, u32 client group, u32 transaction id,
 *               varint count, and so many items
 *   RESULT   4  u32 sequence, i32 HRESULT of the callback
 *   WRITE    5  u32 group, u32 transaction id (0: synchronous), i32 result, text item ID,
 *               text value
 *   NOTE     6  text
 * An item: varint of (server handle - that of the item before) as zigzag; u8 bits of what is the
 * same as in the item before (1 value, 2 quality, 4 time stamp) or nothing (8: the error is S_OK);
 * then the rest: value (u16 type; 8 bytes for types up to that size, text for others), u16 quality,
 * i64 FILETIME, i32 error.
 * The values of synchronous reads are not journalled.
 *
 * Units: times are milliseconds of clock.h, without skew.
 * Ownership: the journal copies what it is given.
 * Threads: any; one lock, under which nothing is called but the file system.
 * Errors: none reported to callers; a journal that can't be opened ends the process's start.
 */
#ifndef SIM_JOURNAL_H
#define SIM_JOURNAL_H

#include "options.h"
#include "value.h"

#include <stdio.h>

enum sim_record
{
    SIM_RECORD_START = 1,
    SIM_RECORD_ITEM,
    SIM_RECORD_DELIVERY,
    SIM_RECORD_RESULT,
    SIM_RECORD_WRITE,
    SIM_RECORD_NOTE
};

enum sim_callback
{
    SIM_CALLBACK_DATA_CHANGE = 1,
    SIM_CALLBACK_REFRESH,
    SIM_CALLBACK_READ,
    SIM_CALLBACK_WRITE,
    SIM_CALLBACK_CANCEL,
    SIM_CALLBACK_KEEP_ALIVE
};

#define SIM_SAME_VALUE   1
#define SIM_SAME_QUALITY 2
#define SIM_SAME_STAMP   4
#define SIM_NO_ERROR     8

/* One callback's items, as parallel arrays; values, qualities and stamps are NULL where the
 * callback has none. */
struct sim_journal_items
{
    DWORD count;
    const DWORD *server_handles;
    const VARIANT *values;
    const WORD *qualities;
    const FILETIME *stamps;
    const HRESULT *errors;
};

/* True if journalling isn't wanted, or has begun. */
bool sim_journal_open(const struct sim_options *options);

void sim_journal_item(DWORD group, DWORD server_handle, DWORD client_handle, const wchar_t *item);

/* Returns the delivery's sequence number. */
uint32_t sim_journal_delivery(enum sim_callback callback, DWORD group, DWORD client_group,
                              DWORD transaction, const struct sim_journal_items *items);
void sim_journal_result(uint32_t sequence, HRESULT result);
void sim_journal_write(DWORD group, DWORD transaction, HRESULT result, const wchar_t *item,
                       const VARIANT *value);
void sim_journal_note(const char *text);

/* `rmsim /journal FILE`: prints the file as tab-separated lines; returns the exit status. */
int sim_journal_print(const wchar_t *path);

#endif
