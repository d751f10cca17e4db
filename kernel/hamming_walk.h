/* hamming_walk.h: how a query walks through a bank. Included once for each path, with
 *
 *   TARGET, NAME(x)                   the processor, a suffix
 *   ONES(x)                           how many bits of 64 are set
 *   NAME(near)(block, words, limit)   which of a block's entries are at most `limit` from these words: a bit each
 */

static inline TARGET uint32_t NAME(apart)(const uint8_t *a, const uint8_t *b)
{
    uint32_t sum = 0;
    FOR(i, TB_HASH_BYTES / 8) sum += (uint32_t)ONES(load64(a + 8 * i) ^ load64(b + 8 * i));
    return sum;
}

static inline TARGET bool NAME(hit)(const question *q, uint32_t row, uint32_t distance)
{
    tb_hits *hits = q->hits;
    if (hits->found == hits->room) return false;
    hits->each[hits->found++] = (tb_hit){q->number, row, distance};
    return true;
}

static TARGET tb_answer NAME(look_at_all)(const question *q)
{
    const uint8_t *row = q->bank->rows;
    for (uint32_t i = 0; i < q->bank->count; i++, row += TB_HASH_BYTES) {
        const uint32_t distance = NAME(apart)(row, q->twice);
        if (distance <= (uint32_t)q->distance && !NAME(hit)(q, i, distance)) return TB_NO_ROOM;
    }
    return TB_OK;
}

/* Whether an earlier band has shown this row already: each is told once. */
static inline TARGET bool NAME(seen_before)(const question *q, const uint8_t *row, int band)
{
    FOR(b, band) {
        const int differ = (int)ONES((uint64_t)(load16(row + 2 * b) ^ load16(q->twice + 2 * b)));
        if (differ <= (b < flipped_bands(q->distance))) return true;
    }
    return false;
}

static TARGET tb_answer NAME(verify)(const question *q, const bucket *in, const band_view *band, uint32_t entry)
{
    const uint32_t number = row_of(band, entry, number_bytes(q->bank->count));
    if (number >= q->bank->count) return TB_BROKEN_INDEX;
    const uint8_t *row = q->bank->rows + (size_t)number * TB_HASH_BYTES;
    const uint32_t distance = NAME(apart)(row, q->twice);
    if (distance > (uint32_t)q->distance || NAME(seen_before)(q, row, in->band)) return TB_OK;
    return NAME(hit)(q, number, distance) ? TB_OK : TB_NO_ROOM;
}

static inline TARGET tb_answer NAME(look_into)(const question *q, const bucket *in, const band_view *band)
{
    const int limit = q->distance - in->flipped;
    uint32_t words[WORDS];
    memcpy(words, q->twice + 2 * (in->band + 1), sizeof words);
    for (uint32_t first = in->start / LANES * LANES; first < in->end; first += LANES) {
        uint32_t near = NAME(near)(band->checks + (size_t)first / LANES * BLOCK, words, limit);
        if (first < in->start) near &= ~0u << (in->start - first);
        if (first + LANES > in->end) near &= ~0u >> (32 - (in->end - first));
        for (; near; near &= near - 1) {
            const tb_answer answer = NAME(verify)(q, in, band, first + (uint32_t)__builtin_ctz(near));
            if (answer != TB_OK) return answer;
        }
    }
    return TB_OK;
}

/* The buckets that a query looks into; -1 where one is none, which a file of a stranger's may hold. */
static TARGET int NAME(buckets)(const question *q, const band_view bands[TB_BANDS], bucket buckets[PROBES])
{
    int n = 0;
    FOR(b, looked_up_bands(q->distance)) {
        const uint32_t key = load16(q->twice + 2 * b);
        FOR(k, b < flipped_bands(q->distance) ? 17 : 1) {
            const uint8_t *at = bands[b].starts + 4 * (size_t)(key ^ (1u << k >> 1));
            const bucket in = {load32(at), load32(at + 4), (int16_t)b, k > 0};
            if (in.start > in.end || in.end > q->bank->count) return -1;
            if (in.start < in.end) buckets[n++] = in;
        }
    }
    return n;
}

static inline void NAME(fetch)(const bucket *in, const band_view *band)
{
    enum { FAR_ENOUGH = 2 * BLOCK };  /* the processor sees for itself where a longer bucket goes on */
    const uint8_t *from = band->checks + (size_t)(in->start / LANES) * BLOCK;
    const uint8_t *to = band->checks + (size_t)((in->end - 1) / LANES + 1) * BLOCK;
    if (to > from + FAR_ENOUGH) to = from + FAR_ENOUGH;
    for (; from < to; from += 64) __builtin_prefetch(from);
}

TARGET tb_answer NAME(tb_ask)(const question *q)
{
    enum { AHEAD = 8 };  /* buckets lie anywhere: ask for them early */
    if (q->bank->index == NULL || q->distance > TB_INDEXED_DISTANCE) return NAME(look_at_all)(q);
    band_view bands[TB_BANDS];
    bucket buckets[PROBES];
    FOR(b, TB_BANDS) bands[b] = view_band(q->bank->index, q->bank->count, b);
    const int n = NAME(buckets)(q, bands, buckets);
    for (int i = -AHEAD; i < n; i++) {
        if (i + AHEAD < n) NAME(fetch)(&buckets[i + AHEAD], &bands[buckets[i + AHEAD].band]);
        if (i < 0) continue;
        const tb_answer answer = NAME(look_into)(q, &buckets[i], &bands[buckets[i].band]);
        if (answer != TB_OK) return answer;
    }
    return n < 0 ? TB_BROKEN_INDEX : TB_OK;
}
