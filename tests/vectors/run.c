/* run.c: reads vectors and asks the kernel itself, on every path that this processor has. The tests build it with the
 * address and undefined-behaviour sanitizers, and give every buffer exactly the bytes that it needs.
 *
 *   run VECTOR...      one line for each that fails, a count if none does
 */
#include "takeback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT = 256 };

typedef struct {
    char kind[TEXT], expect[TEXT], rule[TEXT], hash[TEXT];
    long rows, cols, channels, length, quality;
} vector;

static void die(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(1);
}

/* ---- reading ---- */

static void keep(vector *v, const char *path, const char *key, const char *value)
{
    if (!strcmp(key, "kind")) strcpy(v->kind, value);
    else if (!strcmp(key, "expect")) strcpy(v->expect, value);
    else if (!strcmp(key, "pixels")) strcpy(v->rule, value);
    else if (!strcmp(key, "hash")) strcpy(v->hash, value);
    else if (!strcmp(key, "rows")) v->rows = atol(value);
    else if (!strcmp(key, "cols")) v->cols = atol(value);
    else if (!strcmp(key, "channels")) v->channels = atol(value);
    else if (!strcmp(key, "length")) v->length = atol(value);
    else if (!strcmp(key, "quality")) v->quality = atol(value);
    else if (strcmp(key, "comment")) die(path, "an unknown key");
}

static vector read_vector(const char *path)
{
    vector v = {.length = -1, .quality = -1};
    char line[TEXT], key[TEXT], value[TEXT];
    FILE *file = fopen(path, "r");
    if (!file) die(path, "cannot be opened");
    while (fgets(line, sizeof line, file)) {
        if (sscanf(line, "%[^:]: %[^\n]", key, value) != 2) die(path, "a line that is not key: value");
        keep(&v, path, key, value);
    }
    fclose(file);
    return v;
}

/* ---- pixels by rule ---- */

static uint32_t next(uint32_t *x) { return (*x = *x * 1664525u + 1013904223u) >> 8; }

static void blobs(uint32_t seed, const vector *v, uint8_t *to)
{
    const size_t count = (size_t)(v->rows * v->cols * v->channels);
    long *light = malloc((count + 1) * sizeof *light);
    for (size_t i = 0; i < count; i++) light[i] = 20;
    for (long k = 0; k < 12; k++) {
        const long x = (long)next(&seed) % v->cols, y = (long)next(&seed) % v->rows;
        const long longest = v->rows > v->cols ? v->rows : v->cols;
        const long radius = 1 + (long)next(&seed) % (1 + longest / 2), height = (long)next(&seed) % 256;
        for (size_t i = 0; i < count; i++) {
            const long channel = (long)i % v->channels, at = (long)i / v->channels;
            const long along = at % v->cols - x, down = at / v->cols - y;
            const long inside = radius * radius - along * along - down * down;
            if (inside > 0 && (v->channels == 1 || channel != k % v->channels))
                light[i] += inside * height / (radius * radius);
        }
    }
    for (size_t i = 0; i < count; i++) to[i] = (uint8_t)(light[i] < 255 ? light[i] : 255);
    free(light);
}

static void make(const char *path, const vector *v, uint8_t *to)
{
    const long count = v->rows * v->cols * v->channels, across = v->cols * v->channels;
    char name[TEXT];
    long a = 0, b = 0;
    sscanf(v->rule, "%s %ld %ld", name, &a, &b);
    uint32_t x = (uint32_t)a;
    if (!strcmp(name, "blobs")) {
        blobs(x, v, to);
        return;
    }
    for (long i = 0; i < count; i++) {
        if (!strcmp(name, "flat")) to[i] = (uint8_t)a;
        else if (!strcmp(name, "cycle")) to[i] = (uint8_t)(i % 251);
        else if (!strcmp(name, "noise")) to[i] = (uint8_t)(next(&x) >> 16);
        else if (!strcmp(name, "gradient")) {
            const long down = i / across, along = i % across / v->channels;
            to[i] = (uint8_t)(a + (b - a) * (down * v->cols + along * v->rows) / (2 * v->rows * v->cols));
        } else die(path, "an unknown rule");
    }
}

/* ---- asking ---- */

static const char *name_of(tb_answer answer, int quality)
{
    switch (answer) {
    case TB_OK: return quality < TB_BANKABLE_QUALITY ? "low-quality" : "hash";
    case TB_TOO_SMALL: return "too-small";
    case TB_TOO_LARGE: return "too-large";
    case TB_WRONG_CHANNELS: return "wrong-channels";
    case TB_WRONG_STRIDE: return "wrong-stride";
    case TB_WRONG_LENGTH: return "wrong-length";
    case TB_NO_ROOM:
    case TB_BROKEN_INDEX: break;
    }
    return "something else";
}

static int is_expected(const char *expect)
{
    static const char *known[] = {"hash",      "low-quality",  "too-small",
                                  "too-large", "wrong-length", "wrong-channels"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(expect, known[i])) return 1;
    return 0;
}

static tb_answer ask(tb_path path, const vector *v, const uint8_t *pixels, size_t length,
                     char hex[2 * TB_HASH_BYTES + 1], int *quality)
{
    tb_picture picture;
    uint8_t hash[TB_HASH_BYTES];
    tb_answer answer =
        tb_picture_of(pixels, length, (int32_t)v->rows, (int32_t)v->cols, (int32_t)v->channels, &picture);
    if (answer != TB_OK) return answer;
    uint8_t *scratch = malloc(tb_pdq_scratch(path, picture.rows, picture.cols) + 1);
    answer = tb_pdq(path, &picture, scratch, hash, quality);
    for (int i = 0; i < TB_HASH_BYTES; i++) sprintf(hex + 2 * i, "%02x", hash[i]);
    free(scratch);
    return answer;
}

static void run(tb_path way, const char *path)
{
    const vector v = read_vector(path);
    if (strcmp(v.kind, "pdq") || !is_expected(v.expect)) die(path, "an unknown kind or expect");
    const size_t whole = strcmp(v.rule, "none") ? (size_t)(v.rows * v.cols * v.channels) : 0;
    const size_t length = v.length < 0 ? whole : (size_t)v.length;
    uint8_t *all = calloc(whole + length + 1, 1), *pixels = malloc(length ? length : 1);
    if (whole) make(path, &v, all);
    memcpy(pixels, all, length);
    char hex[2 * TB_HASH_BYTES + 1] = "";
    int quality = -1;
    const tb_answer answer = ask(way, &v, pixels, length, hex, &quality);
    const char *got = name_of(answer, quality);
    if (strcmp(got, v.expect)) die(path, got);
    if (strcmp(hex, v.hash) || quality != v.quality) die(path, "another hash or quality");
    free(all);
    free(pixels);
}

int main(int count, char **paths)
{
    int ways = 0;
    for (int way = 0; way < TB_PATHS; way++) {
        if (!tb_has((tb_path)way)) continue;
        for (int i = 1; i < count; i++) run((tb_path)way, paths[i]);
        ways++;
    }
    printf("%d vectors on %d paths\n", count - 1, ways);
    return 0;
}
