/* takeback.h: pixels in, bits out. The whole contract of the kernel.
 *
 * No files, no malloc, no globals, no locale, no libm: memory is the caller's, and one call never sees another.
 * C11; IEEE 754 floats that are never contracted (-ffp-contract=off) and never reordered (no -ffast-math): the same
 * pixels give the same bits in Python, in a browser and on a server, on every path, and the same as the reference
 * (`pdqhash.compute`, which is facebook/ThreatExchange's C++).
 */
#ifndef TAKEBACK_H
#define TAKEBACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    TB_HASH_BYTES = 32,
    TB_DIHEDRALS = 8,
    TB_MIN_SIDE = 5,            /* the reference has no hash below it */
    TB_MAX_PIXELS = 100000000,
    TB_BANKABLE_QUALITY = 50    /* below it a hash says too little to be matched by */
};

/* What a function answers. Anything but TB_OK left every output untouched, but for tb_match's hits. */
typedef enum {
    TB_OK,
    TB_TOO_SMALL,       /* a side under TB_MIN_SIDE, zero and negative ones too */
    TB_TOO_LARGE,       /* over TB_MAX_PIXELS */
    TB_WRONG_CHANNELS,  /* other than 1, 3 or 4 */
    TB_WRONG_STRIDE,    /* rows that overlap */
    TB_WRONG_LENGTH,    /* bytes that do not fill rows x cols x channels, or more than fill them */
    TB_NO_ROOM,         /* tb_match alone: the hits filled their room before the last query was answered */
    TB_BROKEN_INDEX     /* tb_match alone: an index that tb_index_band did not make */
} tb_answer;

/* 8-bit pixels that lie side by side within a row. */
typedef struct {
    const uint8_t *pixels;  /* the first byte of the first row */
    ptrdiff_t stride;       /* bytes from a row to the next; negative if the rows lie bottom up */
    int32_t rows, cols;
    int32_t channels;       /* 1 grey, 3 RGB, 4 RGBA: composited on white, (c*a + 255*(255-a)) / 255 to the nearest */
} tb_picture;

/* A picture of `length` bytes whose rows follow one another without a gap, if they are a picture at all. */
tb_answer tb_picture_of(const uint8_t *bytes, size_t length, int32_t rows, int32_t cols, int32_t channels,
                        tb_picture *picture);

/* ---- paths: the portable text, and its faster twins, which give the same bits ---- */

typedef enum {
    TB_PORTABLE,
    TB_FOUR,    /* vectors of four floats: SSE4.1, NEON, WebAssembly's SIMD */
    TB_AVX2,    /* with FMA */
    TB_AVX512,  /* VL, BW and DQ */
    TB_PATHS
} tb_path;

/* Is this path in this build, and can this processor take it? Ask once, it may be slow. Others must not be taken. */
bool tb_has(tb_path path);

/* ---- PDQ: 256 bits that stay nearly the same when a picture is re-encoded ---- */

/* The bytes of scratch that a picture of this size needs on a path, any alignment; 0 where tb_pdq refuses the size.
 * It holds a band of rows and one window of rows, not the picture: under 2 MB for 12 megapixels. */
size_t tb_pdq_scratch(tb_path path, int32_t rows, int32_t cols);

/* The hash, most significant bit first (its hexadecimal is PDQ's text), and the quality, 0..100. */
tb_answer tb_pdq(tb_path path, const tb_picture *picture, void *scratch, uint8_t hash[TB_HASH_BYTES], int *quality);

/* The hashes of the picture and of its turns and mirrors, for the price of one: as it is, turned left by 90, 180
 * and 270 degrees, upside down (rows reversed), mirrored (columns reversed), and mirrored on either diagonal. The
 * first is tb_pdq's, at 64 x 64 too, where the reference's two functions differ. */
tb_answer tb_pdq_dihedral(tb_path path, const tb_picture *picture, void *scratch,
                          uint8_t hashes[TB_DIHEDRALS][TB_HASH_BYTES], int *quality);

/* ---- matching: every hash of a bank within a distance of a query, exactly; see hamming.c ---- */

enum {
    TB_BANDS = 16,
    TB_INDEXED_DISTANCE = 31,  /* up to here the index answers; beyond it every row is looked at */
    TB_MAX_DISTANCE = 63,
    TB_MAX_ROWS = 1 << 30
};

/* The bits of a hash in the order in which a bank keeps them, and back. Distances stay what they are. */
void tb_spread(const uint8_t hash[TB_HASH_BYTES], uint8_t row[TB_HASH_BYTES]);
void tb_gather(const uint8_t row[TB_HASH_BYTES], uint8_t hash[TB_HASH_BYTES]);

/* The bytes of one band of an index over so many rows, at most TB_MAX_ROWS: a multiple of 4096. */
size_t tb_band_bytes(uint32_t count);

/* Makes one band; an index is all TB_BANDS, one after the other. Needs no other memory. */
void tb_index_band(const uint8_t *rows, uint32_t count, int band, uint8_t *to);

/* Any alignment. Whatever an index holds, tb_match reads nothing outside of it and of the rows. */
typedef struct {
    const uint8_t *rows;   /* count hashes as tb_spread gives them, TB_HASH_BYTES each */
    const uint8_t *index;  /* TB_BANDS * tb_band_bytes(count) bytes; NULL: there is none, every row is looked at */
    uint32_t count;
} tb_bank;

typedef struct { uint32_t query, row, distance; } tb_hit;

typedef struct {
    tb_hit *each;
    size_t room, found;
    size_t done;  /* queries whose hits are all there; go on from here after TB_NO_ROOM */
} tb_hits;

/* Like tb_has, for tb_match: TB_AVX512 also needs VPOPCNTDQ, and TB_FOUR has a twin with NEON alone. */
bool tb_has_match(tb_path path);

/* The rows within `distance`, 0 to TB_MAX_DISTANCE, of each of `count` queries, which are spread too: query by query,
 * in any order within one, each row once. */
tb_answer tb_match(tb_path path, const tb_bank *bank, const uint8_t *queries, uint32_t count, int distance,
                   tb_hits *hits);

#endif
