/* banks.c: random banks and queries, on every path; each must give what looking at every row gives. Then indexes with
 * bytes changed, or nothing but noise: whatever is in them, no byte is read outside. Built with the sanitizers, every
 * buffer exactly as long as it must be, and nowhere aligned.
 *
 *   banks SEED COUNT
 */
#include "takeback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { H = TB_HASH_BYTES };

static uint32_t state;

static uint32_t below(uint32_t n)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % n;
}

static void flip(uint8_t *hash, uint32_t bits)
{
    while (bits--) {
        const uint32_t bit = below(256);
        hash[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

typedef struct {
    uint8_t *memory, *rows, *index;
    uint32_t count;
    size_t index_bytes;
} bank;

/* Sizes near a block's edges more often than others; noise, or all near one hash. */
static bank draw(void)
{
    static const uint32_t edges[] = {0, 1, 2, 15, 16, 17, 31, 32, 33, 255, 256, 257};
    const uint32_t count = below(2) ? below(700) : edges[below(12)], spread = below(3) ? 256 : below(33);
    const size_t index = TB_BANDS * tb_band_bytes(count);
    bank b = {.count = count, .index_bytes = index, .memory = malloc(count * H + index + 1)};
    b.rows = b.memory + 1;
    b.index = b.rows + count * H;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t hash[H] = {0};
        flip(hash, spread);
        tb_spread(hash, b.rows + i * H);
    }
    for (int band = 0; band < TB_BANDS; band++)
        tb_index_band(b.rows, count, band, b.index + (size_t)band * tb_band_bytes(count));
    return b;
}

static int by_query_and_row(const void *a, const void *b)
{
    const tb_hit *x = a, *y = b;
    if (x->query != y->query) return x->query < y->query ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

/* The hits in their order; asked again with twice the room as long as it is too little. */
static tb_answer ask(tb_path path, const tb_bank *bank, const uint8_t *queries, uint32_t count, int distance,
                     tb_hits *hits)
{
    tb_answer answer = TB_NO_ROOM;
    *hits = (tb_hits){0};
    for (size_t room = 1; answer == TB_NO_ROOM && room <= 16 * (size_t)count * (bank->count + 1); room *= 2) {
        hits->each = realloc(hits->each, room * sizeof *hits->each);
        hits->room = room;
        answer = tb_match(path, bank, queries, count, distance, hits);
        if (answer == TB_NO_ROOM && (hits->done >= count || hits->found > room)) abort();
    }
    if (hits->found) qsort(hits->each, hits->found, sizeof *hits->each, by_query_and_row);
    return answer;
}

static int agree(const bank *b, tb_path path, const uint8_t *queries, uint32_t count, int distance)
{
    const tb_bank all = {b->rows, NULL, b->count}, indexed = {b->rows, b->index, b->count};
    tb_hits truth, hits;
    if (ask(TB_PORTABLE, &all, queries, count, distance, &truth) != TB_OK) return 0;
    if (ask(path, &indexed, queries, count, distance, &hits) != TB_OK) return 0;
    const int same = truth.found == hits.found && truth.done == count && hits.done == count &&
                     (truth.found == 0 || !memcmp(truth.each, hits.each, truth.found * sizeof *truth.each));
    free(truth.each);
    free(hits.each);
    return same;
}

static void survive(const bank *b, tb_path path, const uint8_t *queries, uint32_t count, int distance)
{
    const tb_bank indexed = {b->rows, b->index, b->count};
    const uint32_t changes = below(4) ? 1 + below(2000) : (uint32_t)b->index_bytes / 4;
    tb_hits hits;
    for (uint32_t i = 0; i < changes; i++) b->index[below((uint32_t)b->index_bytes)] = (uint8_t)below(256);
    const tb_answer answer = ask(path, &indexed, queries, count, distance, &hits);
    if (answer != TB_OK && answer != TB_NO_ROOM && answer != TB_BROKEN_INDEX) abort();
    free(hits.each);
}

int main(int count, char **arguments)
{
    enum { QUERIES = 5 };
    if (count != 3) return 2;
    state = (uint32_t)strtoul(arguments[1], NULL, 10);
    const long banks = strtol(arguments[2], NULL, 10);
    int paths = 0;
    for (int path = 0; path < TB_PATHS; path++) paths += tb_has_match((tb_path)path);
    for (long i = 0; i < banks; i++) {
        const bank b = draw();
        uint8_t *queries = malloc(QUERIES * H);
        for (uint32_t q = 0; q < QUERIES; q++) {
            uint8_t *query = queries + q * H, back[H];
            memset(query, 0, H);
            if (b.count) memcpy(query, b.rows + below(b.count) * H, H);
            flip(query, below(70));
            tb_gather(query, back);
            tb_spread(back, back);
            if (memcmp(back, query, H)) abort();
        }
        const int distance = (int)(below(2) ? below(TB_MAX_DISTANCE + 1) : 31);
        for (int path = 0; path < TB_PATHS; path++) {
            if (!tb_has_match((tb_path)path) || agree(&b, (tb_path)path, queries, QUERIES, distance)) continue;
            fprintf(stderr, "bank %ld of %u, distance %d: path %d differs\n", i, b.count, distance, path);
            return 1;
        }
        for (int path = 0; path < TB_PATHS; path++)
            if (tb_has_match((tb_path)path)) survive(&b, (tb_path)path, queries, QUERIES, distance);
        free(queries);
        free(b.memory);
    }
    printf("%ld banks on %d paths\n", banks, paths);
    return 0;
}
