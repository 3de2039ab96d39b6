/* rm/quality.h: what OPC's quality says in its two highest bits.
 *
 * Units: none.  Ownership: none.  Threads: any.  Errors: none.
 * Source: OPC DA 2.05a and 3.0, quality flags (reference 7).
 */
#ifndef RM_QUALITY_H
#define RM_QUALITY_H

#define RM_QUALITY_MASK 0xC0 /* bad, uncertain, or good */
#define RM_QUALITY_BAD  0x00
#define RM_QUALITY_GOOD 0xC0

#endif
