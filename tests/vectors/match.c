/* match.c: reads the vectors of tests/vectors/match and asks the kernel, on every path that this processor has, with an
 * index and without. Built with the sanitizers; every buffer has exactly the bytes that it needs. What is refused
 * before the kernel is asked (a wrong length or distance, a file) is counted and left to Python's runner.
 *
 *   match VECTOR...      one line for the first that fails, a count if none does
 */
#include "takeback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 256, MOST = 64, H = TB_HASH_BYTES };

typedef struct {
    char expect[LINE], change[LINE];
    int distance;
    uint8_t query[H], hashes[MOST * H];
    uint32_t count, hits, hit[MOST], apart[MOST];
} vector;

static void die(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(1);
}

static void hash(const char *hex, uint8_t to[H])
{
    for (int i = 0; i < H; i++) {
        unsigned byte = 0;
        if (sscanf(hex + 2 * i, "%2x", &byte) != 1) return;  /* too short: such a vector is not asked */
        to[i] = (uint8_t)byte;
    }
}

static void keep(vector *v, const char *path, const char *key, const char *value)
{
    if (!strcmp(key, "expect")) strcpy(v->expect, value);
    else if (!strcmp(key, "change")) strcpy(v->change, value);
    else if (!strcmp(key, "distance")) v->distance = atoi(value);
    else if (!strcmp(key, "query")) hash(value, v->query);
    else if (!strcmp(key, "hash") && v->count < MOST) hash(value, v->hashes + H * v->count++);
    else if (!strcmp(key, "hit") && v->hits < MOST && sscanf(value, "%u %u", v->hit + v->hits, v->apart + v->hits) == 2)
        v->hits++;
    else if (strcmp(key, "comment")) die(path, "an unknown key");
}

static vector read_vector(const char *path)
{
    static const char *known[] = {"match",        "no-match", "wrong-length", "wrong-distance",
                                  "broken-index", "foreign",  "damaged"};
    vector v = {0};
    char line[LINE], key[LINE], value[LINE];
    FILE *file = fopen(path, "r");
    if (!file) die(path, "cannot be opened");
    while (fgets(line, sizeof line, file)) {
        *value = '\0';
        if (sscanf(line, "%[^:]: %[^\n]", key, value) < 1) die(path, "a line that is not key: value");
        keep(&v, path, key, value);
    }
    fclose(file);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(v.expect, known[i])) return v;
    die(path, "an unknown expect");
    return v;
}

static int by_row(const void *a, const void *b)
{
    const tb_hit *x = a, *y = b;
    return x->row < y->row ? -1 : x->row > y->row;
}

static void ask(const vector *v, const char *path, tb_path way, const tb_bank *bank)
{
    tb_hit *each = malloc((v->count + 1) * sizeof *each);
    tb_hits hits = {.each = each, .room = v->count + 1};
    uint8_t *query = malloc(H);
    tb_spread(v->query, query);
    const tb_answer answer = tb_match(way, bank, query, 1, v->distance, &hits);
    if (!strcmp(v->expect, "broken-index")) {
        if (bank->index && answer != TB_BROKEN_INDEX) die(path, "a broken index is taken for a whole one");
    } else {
        if (answer != TB_OK || hits.found != v->hits) die(path, "another number of hits");
        qsort(each, hits.found, sizeof *each, by_row);
        for (uint32_t i = 0; i < v->hits; i++)
            if (each[i].row != v->hit[i] || each[i].distance != v->apart[i]) die(path, "another hit");
        if (!strcmp(v->expect, "match") != (v->hits > 0)) die(path, "it expects what it does not hold");
    }
    free(query);
    free(each);
}

/* 1 if the kernel can be asked this. */
static int run(const char *path)
{
    const vector v = read_vector(path);
    if (!strncmp(v.expect, "wrong", 5) || !strcmp(v.expect, "foreign") || !strcmp(v.expect, "damaged")) return 0;
    const size_t band = tb_band_bytes(v.count);
    uint8_t *rows = malloc(v.count * H + 1), *index = malloc(TB_BANDS * band);
    for (uint32_t i = 0; i < v.count; i++) tb_spread(v.hashes + i * H, rows + i * H);
    for (int b = 0; b < TB_BANDS; b++) tb_index_band(rows, v.count, b, index + (size_t)b * band);
    if (*v.change) memset(index, 0xff, TB_BANDS * band);
    for (int way = 0; way < TB_PATHS; way++) {
        if (!tb_has_match((tb_path)way)) continue;
        ask(&v, path, (tb_path)way, &(tb_bank){rows, index, v.count});
        ask(&v, path, (tb_path)way, &(tb_bank){rows, NULL, v.count});
    }
    free(index);
    free(rows);
    return 1;
}

int main(int count, char **paths)
{
    int asked = 0;
    for (int i = 1; i < count; i++) asked += run(paths[i]);
    printf("%d vectors\n", asked);
    return 0;
}
