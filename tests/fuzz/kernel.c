/* kernel.c: what a fuzzer hands over, read as a picture, or as a bank and a question. The first byte says which.
 *
 * Every path must answer what the portable one answers; and whatever an index holds, no byte is read outside of it. A
 * fuzzer that changed millions of bytes at random would hardly ever meet those that are read, so the changes that it
 * asks for fall on what the first query looks at. tests/fuzz/README says how to run it.
 */
#include "takeback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { const uint8_t *at, *end; } input;

static uint32_t take(input *in, int bytes)
{
    uint32_t n = 0;
    for (int i = 0; i < bytes && in->at < in->end; i++) n |= (uint32_t)*in->at++ << 8 * i;
    return n;
}

static void must(int holds, const char *what)
{
    if (holds) return;
    fprintf(stderr, "%s\n", what);
    abort();
}

/* ---- pictures ---- */

typedef struct {
    uint8_t one[TB_HASH_BYTES], eight[TB_DIHEDRALS][TB_HASH_BYTES];
    int quality, quality_of_eight;
    tb_answer answer, answer_of_eight;
} result;

static void ask(tb_path path, const tb_picture *picture, result *r)
{
    memset(r, 0, sizeof *r);
    uint8_t *scratch = malloc(tb_pdq_scratch(path, picture->rows, picture->cols) + 1);
    r->answer = tb_pdq(path, picture, scratch, r->one, &r->quality);
    r->answer_of_eight = tb_pdq_dihedral(path, picture, scratch, r->eight, &r->quality_of_eight);
    free(scratch);
}

/* What is left of the input, over and over again; then asked on every path. */
static void hash(const tb_picture *shape, size_t size, input in)
{
    tb_picture picture = *shape;
    uint8_t *pixels = malloc(size + 1);
    const size_t left = (size_t)(in.end - in.at);
    for (size_t i = 0; i < size; i++) pixels[1 + i] = left ? (uint8_t)(in.at[i % left] + i / left) : 0;
    picture.pixels = pixels + 1 + (size && shape->stride < 0 ? -shape->stride * (shape->rows - 1) : 0);
    result truth, other;
    ask(TB_PORTABLE, &picture, &truth);
    must(truth.answer == TB_OK || truth.quality == 0, "a refusal left something behind");
    must(truth.answer == truth.answer_of_eight, "one hash is refused and eight are not");
    must(!memcmp(truth.one, truth.eight[0], TB_HASH_BYTES), "the first of the eight is another");
    for (int path = 1; path < TB_PATHS; path++) {
        if (!tb_has((tb_path)path)) continue;
        ask((tb_path)path, &picture, &other);
        must(!memcmp(&truth, &other, sizeof truth), "a path gives other bits");
    }
    free(pixels);
}

static void picture(input in)
{
    enum { MOST = 1 << 15 };
    const uint32_t flags = take(&in, 1);
    const int wide = flags & 1 ? 2 : 1;
    tb_picture shape = {.channels = (int32_t)(flags >> 1 & 7)};
    shape.rows = (int32_t)take(&in, wide) - (flags & 32 ? 3 : 0);
    shape.cols = (int32_t)take(&in, wide) - (flags & 64 ? 3 : 0);
    const int64_t row = (int64_t)shape.cols * shape.channels, step = row + (flags & 16 ? take(&in, 1) % 40 : 0);
    const int64_t size = shape.rows > 0 && shape.cols > 0 ? step * (shape.rows - 1) + row : 0;
    if (size > MOST) return;
    shape.stride = (ptrdiff_t)(flags & 128 ? -step : step);
    tb_picture whole;
    const tb_answer fits = tb_picture_of(in.at, (size_t)(in.end - in.at), shape.rows, shape.cols, shape.channels, &whole);
    if (fits == TB_OK) hash(&whole, (size_t)(in.end - in.at), in);
    hash(&shape, (size_t)size, in);
}

/* ---- banks ---- */

enum { H = TB_HASH_BYTES, ROWS = 40, MOST_HITS = 4096 };

typedef struct { uint8_t *memory, *rows, *index; uint32_t count; } bank;

/* A bank of so many rows, all zeros, with its index; each is made once, and its changes are taken back. */
static bank *bank_of(uint32_t count)
{
    static bank banks[ROWS + 1];
    bank *b = &banks[count];
    if (b->memory) return b;
    b->count = count;
    b->memory = malloc(count * H + TB_BANDS * tb_band_bytes(count) + 1);
    b->rows = b->memory + 1;
    b->index = b->rows + count * H;
    return b;
}

static void make_index(const bank *b)
{
    for (int band = 0; band < TB_BANDS; band++)
        tb_index_band(b->rows, b->count, band, b->index + (size_t)band * tb_band_bytes(b->count));
}

static uint32_t load16(const uint8_t *p) { return (uint32_t)(p[0] | p[1] << 8); }

/* A place in the index that a query comes by: a bucket's ends, a row's number, or a word that is compared. */
static uint8_t *looked_at(const bank *b, const uint8_t *query, input *in)
{
    const uint32_t op = take(in, 1), band = op & 15, kind = op >> 4 & 3, byte = op >> 6, which = take(in, 1);
    const uint32_t checks = (b->count + 15) / 16 * 192, key = load16(query + 2 * band) ^ (1u << which % 17 >> 1);
    uint8_t *at = b->index + band * tb_band_bytes(b->count), *starts = at + checks;
    if (kind == 0) return at + (checks ? which % checks : 0);
    if (kind == 1) return starts + (65536 + 1) * 4 + which % (3 * b->count + 1);
    return starts + 4 * (key + kind % 2) + byte;
}

static int by_query_and_row(const void *a, const void *b)
{
    const tb_hit *x = a, *y = b;
    if (x->query != y->query) return x->query < y->query ? -1 : 1;
    if (x->row != y->row) return x->row < y->row ? -1 : 1;
    return x->distance < y->distance ? -1 : x->distance > y->distance;
}

static tb_answer match(tb_path path, const bank *b, int indexed, const uint8_t *queries, uint32_t count, int distance,
                       tb_hits *hits)
{
    const tb_bank asked = {b->rows, indexed ? b->index : NULL, b->count};
    const tb_answer answer = tb_match(path, &asked, queries, count, distance, hits);
    must(hits->found <= hits->room && hits->done <= count, "more hits than there is room for");
    must(answer == TB_OK ? hits->done == count : answer == TB_NO_ROOM || answer == TB_BROKEN_INDEX, "no such answer");
    for (size_t i = 0; i < hits->found; i++) {
        must(hits->each[i].row < b->count && hits->each[i].query < count, "a hit in no row");
        must(hits->each[i].distance <= (uint32_t)distance, "a hit too far away");
    }
    if (hits->found) qsort(hits->each, hits->found, sizeof *hits->each, by_query_and_row);
    return answer;
}

static void on_every_path(const bank *b, int changed, const uint8_t *queries, uint32_t count, int distance, size_t room)
{
    tb_hit *first = malloc(room * sizeof *first), *other = malloc(room * sizeof *other);
    tb_hits truth = {first, room, 0, 0}, hits = {other, room, 0, 0};
    const tb_answer answer = match(TB_PORTABLE, b, changed, queries, count, distance, &truth);
    for (int path = 0; path < TB_PATHS; path++) {
        if (!tb_has_match((tb_path)path)) continue;
        const tb_answer again = match((tb_path)path, b, 1, queries, count, distance, &hits);
        if (!changed && (answer == TB_NO_ROOM || again == TB_NO_ROOM)) continue;  /* an index has another order */
        must(again == answer && hits.found == truth.found && hits.done == truth.done, "a path gives another answer");
        must(!truth.found || !memcmp(first, other, truth.found * sizeof *first), "a path gives other hits");
    }
    free(first);
    free(other);
}

/* Rows and queries are one hash or another with a few bits flipped; then come the changes to the index. */
static void matching(input in)
{
    enum { QUERIES = 3, CHANGES = 16 };
    struct { uint8_t *at, was; } changes[CHANGES];
    const uint32_t distance = take(&in, 1) % (TB_MAX_DISTANCE + 1), room = take(&in, 1);
    const bank *b = bank_of(take(&in, 1) % (ROWS + 1));
    uint8_t *queries = calloc(QUERIES, H), back[H];
    for (uint32_t i = 0; i < b->count + QUERIES; i++) {
        uint8_t *row = i < b->count ? b->rows + i * H : queries + (i - b->count) * H;
        memset(row, i & 1 ? 255 : 0, H);
        for (uint32_t n = take(&in, 1) % 48; n > 0; n--) {
            const uint32_t bit = take(&in, 1);
            row[bit / 8] ^= (uint8_t)(1 << bit % 8);
        }
        tb_gather(row, back);
        tb_spread(back, back);
        must(!memcmp(back, row, H), "the order of bits does not go back");
    }
    make_index(b);
    on_every_path(b, 0, queries, QUERIES, (int)distance, MOST_HITS);
    int n = 0;
    for (; n < CHANGES && in.at < in.end; n++) {
        changes[n].at = looked_at(b, queries, &in);
        changes[n].was = *changes[n].at;
        *changes[n].at = (uint8_t)take(&in, 1);
    }
    if (n) on_every_path(b, 1, queries, QUERIES, (int)distance, room);
    while (n-- > 0) *changes[n].at = changes[n].was;
    free(queries);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    input in = {data, data + size};
    if (take(&in, 1) & 1) matching(in);
    else picture(in);
    return 0;
}

#ifdef REPLAY
/* Inputs that were kept, asked once more: replay FILE... */
int main(int count, char **paths)
{
    for (int i = 1; i < count; i++) {
        static uint8_t data[1 << 16];
        FILE *file = fopen(paths[i], "rb");
        must(file != NULL, "an input is not there");
        const size_t size = fread(data, 1, sizeof data, file);
        fclose(file);
        uint8_t *exact = malloc(size + 1);
        memcpy(exact, data, size);
        LLVMFuzzerTestOneInput(exact, size);
        free(exact);
    }
    printf("%d inputs\n", count - 1);
    return 0;
}
#endif
