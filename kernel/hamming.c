/* hamming.c: every row within a distance of a query, exactly and without looking at every row.
 *
 * A row is cut into 16 bands of 16 bits. Two rows that differ in at most 31 bits differ in at most one bit of some
 * band: were it two in each, it would be 32 in all. So a query looks up, in each band, the rows whose band is the same
 * or one bit away: 17 of 65,536 buckets. The rows found there are many, and few are near, so an entry of a bucket
 * carries 96 other bits of its row: one in thousands survives those, and only then is the row itself fetched. Sixteen
 * entries lie word by word, so that a vector takes a word of all of them. For a distance under 31 fewer buckets do.
 *
 * Bits of real hashes lean on one another, which would crowd the buckets; tb_spread lays them out so that the 16 bits
 * of a band come from 16 rows and 16 columns of the hash's frequencies.
 */
#include "hamming.h"

/* ---- the order of bits: row i of the hash's 16 x 16 is turned by TURN * i, and the square is transposed ---- */

enum { TURN = 5 };

static uint16_t turned_left(uint16_t x, int by) { return (uint16_t)(x << (by & 15) | x >> (-by & 15)); }

/* Band b gets bit b of each row. */
static void transpose(const uint16_t rows[16], uint16_t bands[16])
{
    FOR(b, 16) bands[b] = 0;
    for (int top = 0; top < 16; top += 8) {
        for (int left = 0; left < 16; left += 8) {
            uint64_t x = 0, t;
            FOR(i, 8) x |= (uint64_t)(rows[top + i] >> left & 255) << 8 * i;
            t = (x ^ x >> 7) & 0x00aa00aa00aa00aa, x ^= t ^ t << 7;
            t = (x ^ x >> 14) & 0x0000cccc0000cccc, x ^= t ^ t << 14;
            t = (x ^ x >> 28) & 0x00000000f0f0f0f0, x ^= t ^ t << 28;
            FOR(b, 8) bands[left + b] |= (uint16_t)((x >> 8 * b & 255) << top);
        }
    }
}

void tb_spread(const uint8_t hash[TB_HASH_BYTES], uint8_t row[TB_HASH_BYTES])
{
    uint16_t rows[16], bands[16];
    FOR(i, 16) rows[i] = turned_left((uint16_t)(hash[2 * i] << 8 | hash[2 * i + 1]), TURN * i);
    transpose(rows, bands);
    memcpy(row, bands, TB_HASH_BYTES);
}

void tb_gather(const uint8_t row[TB_HASH_BYTES], uint8_t hash[TB_HASH_BYTES])
{
    uint16_t rows[16], bands[16];
    memcpy(bands, row, TB_HASH_BYTES);
    transpose(bands, rows);
    FOR(i, 16) {
        const uint16_t word = turned_left(rows[i], -TURN * i);
        hash[2 * i] = (uint8_t)(word >> 8);
        hash[2 * i + 1] = (uint8_t)word;
    }
}

/* ---- the index ---- */

size_t tb_band_bytes(uint32_t count)
{
    return whole_pages(checks_bytes(count) + (BUCKETS + 1) * 4 + (size_t)count * number_bytes(count));
}

static void store32(uint8_t *p, uint32_t n) { memcpy(p, &n, sizeof n); }

static void store_number(uint8_t *p, uint32_t n, size_t bytes)
{
    p[0] = (uint8_t)n;
    p[1] = (uint8_t)(n >> 8);
    p[2] = (uint8_t)(n >> 16);
    if (bytes == 4) p[3] = (uint8_t)(n >> 24);
}

/* Sorts the rows' numbers by their bucket: counts, adds up, and deals them out. */
static void sort_into_buckets(const uint8_t *rows, uint32_t count, int band, uint8_t *starts, uint8_t *numbers)
{
    const size_t bytes = number_bytes(count);
    uint32_t sum = 0;
    memset(starts, 0, (BUCKETS + 1) * 4);
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *n = starts + 4 * (size_t)load16(rows + (size_t)i * TB_HASH_BYTES + 2 * band);
        store32(n, load32(n) + 1);
    }
    for (uint8_t *n = starts; n <= starts + BUCKETS * 4; n += 4) {
        const uint32_t here = load32(n);
        store32(n, sum);
        sum += here;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint8_t *n = starts + 4 * (size_t)load16(rows + (size_t)i * TB_HASH_BYTES + 2 * band);
        store_number(numbers + load32(n) * bytes, i, bytes);
        store32(n, load32(n) + 1);
    }
    memmove(starts + 4, starts, BUCKETS * 4);  /* each now stood at its bucket's end, which is the next one's start */
    store32(starts, 0);
}

/* The 96 bits that follow a band, around the end if need be. */
static void check_words(const uint8_t *row, int band, uint32_t words[WORDS])
{
    uint8_t twice[2 * TB_HASH_BYTES];
    memcpy(twice, row, TB_HASH_BYTES);
    memcpy(twice + TB_HASH_BYTES, row, TB_HASH_BYTES);
    memcpy(words, twice + 2 * (band + 1), WORDS * 4);
}

void tb_index_band(const uint8_t *rows, uint32_t count, int band, uint8_t *to)
{
    enum { AHEAD = 24 };  /* rows lie anywhere: ask for them early */
    const size_t bytes = number_bytes(count);
    const band_view view = view_band(to, count, 0);
    const size_t used = (size_t)(view.rows - to) + count * bytes;
    if (count % LANES) memset(to + checks_bytes(count) - BLOCK, 0, BLOCK);
    memset(to + used, 0, tb_band_bytes(count) - used);
    sort_into_buckets(rows, count, band, to + (view.starts - to), to + (view.rows - to));
    for (uint32_t i = 0; i < count; i++) {
        if (i + AHEAD < count) __builtin_prefetch(rows + (size_t)row_of(&view, i + AHEAD, bytes) * TB_HASH_BYTES);
        uint32_t words[WORDS];
        check_words(rows + (size_t)row_of(&view, i, bytes) * TB_HASH_BYTES, band, words);
        uint8_t *block = to + (size_t)(i / LANES) * BLOCK + i % LANES * 4;
        FOR(w, WORDS) store32(block + w * LANES * 4, words[w]);
    }
}

/* ---- the portable path ---- */

static uint64_t pairs_of_bits(uint64_t x) { return x - (x >> 1 & 0x5555555555555555); }
static uint64_t fours_of_bits(uint64_t x) { return (x & 0x3333333333333333) + (x >> 2 & 0x3333333333333333); }

static inline uint32_t ones(uint64_t x)
{
    x = fours_of_bits(pairs_of_bits(x));
    return (uint32_t)(((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101 >> 56);
}

static inline uint32_t ones_of_32(uint32_t x)
{
    x -= x >> 1 & 0x55555555;
    x = (x & 0x33333333) + (x >> 2 & 0x33333333);
    return ((x + (x >> 4)) & 0x0f0f0f0f) * 0x01010101 >> 24;
}

/* Which of a block's entries are at most `limit` from these words: a bit each. */
static inline uint32_t near_portable(const uint8_t *block, const uint32_t words[WORDS], int limit)
{
    uint32_t apart[LANES], near = 0;
    FOR(k, LANES) apart[k] = 0;
    FOR(w, WORDS) FOR(k, LANES) apart[k] += ones_of_32(load32(block + (w * LANES + k) * 4) ^ words[w]);
    FOR(k, LANES) near |= (uint32_t)(apart[k] <= (uint32_t)limit) << k;
    return near;
}

#define TARGET
#define NAME(x) x##_portable
#define ONES ones
#include "hamming_walk.h"

/* ---- the contract ---- */

bool tb_has_match(tb_path path)
{
#if defined(TB_X86)
    return path == TB_PORTABLE || tb_x86_has_match(path);
#elif defined(TB_NEON)
    return path == TB_PORTABLE || path == TB_FOUR;
#else
    return path == TB_PORTABLE;
#endif
}

static tb_ask *on_path(tb_path path)
{
#if defined(TB_X86)
    if (path == TB_AVX512) return tb_ask_avx512;
    if (path == TB_AVX2) return tb_ask_avx2;
#elif defined(TB_NEON)
    if (path == TB_FOUR) return tb_ask_neon;
#endif
    (void)path;
    return tb_ask_portable;
}

tb_answer tb_match(tb_path path, const tb_bank *bank, const uint8_t *queries, uint32_t count, int distance,
                   tb_hits *hits)
{
    tb_ask *ask = on_path(path);
    question q = {.bank = bank, .hits = hits, .distance = distance};
    hits->found = hits->done = 0;
    for (; q.number < count; q.number++) {
        const uint8_t *row = queries + (size_t)q.number * TB_HASH_BYTES;
        const size_t before = hits->found;
        memcpy(q.twice, row, TB_HASH_BYTES);
        memcpy(q.twice + TB_HASH_BYTES, row, TB_HASH_BYTES);
        const tb_answer answer = ask(&q);
        if (answer != TB_OK) {
            hits->found = before;
            return answer;
        }
        hits->done++;
    }
    return TB_OK;
}
