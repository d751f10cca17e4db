/* hamming.h: what the portable text of tb_match and its faster twins share. Not part of the contract: takeback.h. */
#ifndef TAKEBACK_HAMMING_H
#define TAKEBACK_HAMMING_H

#include "takeback.h"

#include <string.h>

#define FOR(i, n) for (int i = 0; i < (n); i++)

enum {
    BUCKETS = 65536,   /* a band is 16 bits */
    LANES = 16,        /* entries of a block */
    WORDS = 3,         /* 32-bit words of each entry in it: the six bands that follow this one */
    BLOCK = LANES * WORDS * 4,
    PAGE = 4096
};

/* ---- one band of the index, as bytes ----
 *
 *   checks   blocks of LANES entries, sorted by bucket: word 0 of all, word 1 of all, word 2 of all
 *   starts   BUCKETS + 1 numbers: where each bucket's entries start; the last is their count
 *   rows     which row each entry is: 3 bytes where that is enough, else 4 */

typedef struct {
    const uint8_t *checks, *starts, *rows;
} band_view;

static inline size_t whole_pages(size_t bytes) { return (bytes + PAGE - 1) / PAGE * PAGE; }
static inline size_t checks_bytes(uint32_t count) { return ((size_t)count + LANES - 1) / LANES * BLOCK; }
static inline size_t number_bytes(uint32_t count) { return count <= 1u << 24 ? 3 : 4; }

static inline band_view view_band(const uint8_t *index, uint32_t count, int band)
{
    const uint8_t *at = index + (size_t)band * tb_band_bytes(count);
    const uint8_t *starts = at + checks_bytes(count);
    return (band_view){at, starts, starts + (BUCKETS + 1) * 4};
}

static inline uint16_t load16(const uint8_t *p)
{
    uint16_t n;
    memcpy(&n, p, sizeof n);
    return n;
}

static inline uint32_t load32(const uint8_t *p)
{
    uint32_t n;
    memcpy(&n, p, sizeof n);
    return n;
}

static inline uint64_t load64(const uint8_t *p)
{
    uint64_t n;
    memcpy(&n, p, sizeof n);
    return n;
}

static inline uint32_t row_of(const band_view *band, uint32_t entry, size_t bytes)
{
    const uint8_t *p = band->rows + (size_t)entry * bytes;
    const uint32_t low = (uint32_t)(p[0] | p[1] << 8 | p[2] << 16);
    return bytes == 3 ? low : low | (uint32_t)p[3] << 24;
}

/* ---- a query on its way ---- */

enum { PROBES = TB_BANDS * (1 + 16) };

typedef struct { uint32_t start, end; int16_t band, flipped; } bucket;

typedef struct {
    const tb_bank *bank;
    tb_hits *hits;
    uint32_t number;                   /* of this query */
    int distance;
    uint8_t twice[2 * TB_HASH_BYTES];  /* its row, twice over: the bands that follow any band lie in one piece */
} question;

typedef tb_answer tb_ask(const question *q);
tb_ask tb_ask_portable;

/* How many bands are also looked up with one bit flipped; in the others only equal ones are. If each of the 16 differed
 * by more, all would differ by more than `distance`. */
static inline int flipped_bands(int distance) { return distance < TB_BANDS ? 0 : distance + 1 - TB_BANDS; }
static inline int looked_up_bands(int distance) { return distance < TB_BANDS ? distance + 1 : TB_BANDS; }

#if defined(__x86_64__) && (defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12))
#define TB_X86 1
tb_ask tb_ask_avx2, tb_ask_avx512;
bool tb_x86_has_match(tb_path path);
#elif defined(__aarch64__) && (defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12))
#define TB_NEON 1
tb_ask tb_ask_neon;
#endif

#endif
