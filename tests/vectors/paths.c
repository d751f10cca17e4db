/* paths.c: random pictures, on every path; each must give the portable text's bits. Built with the sanitizers, every
 * buffer exactly as long as it must be, and nowhere aligned.
 *
 *   paths SEED COUNT
 */
#include "takeback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t state;

static uint32_t below(uint32_t n)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % n;
}

/* Sides near the edges of the window and of the lanes more often than others. */
static int32_t side(void)
{
    static const int32_t edges[] = {5, 8, 16, 64, 128, 256, 384};
    return below(2) ? 5 + (int32_t)below(300) : edges[below(7)] + (int32_t)below(3);
}

typedef struct {
    uint8_t *memory;
    tb_picture picture;
} sample;

/* Rows may lie apart and bottom up; the picture ends where its memory does. */
static sample draw(void)
{
    static const int32_t channels[] = {1, 3, 4};
    tb_picture picture = {.rows = side(), .cols = side(), .channels = channels[below(3)]};
    const ptrdiff_t row = (ptrdiff_t)picture.cols * picture.channels, step = row + (ptrdiff_t)below(40);
    const size_t size = (size_t)(step * (picture.rows - 1) + row);
    const uint32_t kind = below(4), flat = below(256);
    uint8_t *memory = malloc(size);
    for (size_t i = 0; i < size; i++)
        memory[i] = (uint8_t)(kind == 0 ? flat : kind == 1 ? i / 7 : kind == 2 ? below(2) * 255 : below(256));
    const int bottom_up = (int)below(2);
    picture.pixels = bottom_up ? memory + step * (picture.rows - 1) : memory;
    picture.stride = bottom_up ? -step : step;
    return (sample){memory, picture};
}

typedef struct {
    uint8_t hashes[TB_DIHEDRALS][TB_HASH_BYTES], one[TB_HASH_BYTES];
    int quality, quality_of_one;
} result;

static result ask(tb_path path, const tb_picture *picture)
{
    result r;
    memset(&r, 0, sizeof r);
    uint8_t *scratch = malloc(tb_pdq_scratch(path, picture->rows, picture->cols) + 1);
    if (tb_pdq_dihedral(path, picture, scratch + 1, r.hashes, &r.quality) != TB_OK) abort();
    if (tb_pdq(path, picture, scratch + 1, r.one, &r.quality_of_one) != TB_OK) abort();
    free(scratch);
    return r;
}

int main(int count, char **arguments)
{
    if (count != 3) return 2;
    state = (uint32_t)strtoul(arguments[1], NULL, 10);
    const long pictures = strtol(arguments[2], NULL, 10);
    int paths = 0;
    for (int path = 0; path < TB_PATHS; path++) paths += tb_has((tb_path)path);
    for (long i = 0; i < pictures; i++) {
        const sample s = draw();
        const result truth = ask(TB_PORTABLE, &s.picture);
        for (int path = 1; path < TB_PATHS; path++) {
            if (!tb_has((tb_path)path)) continue;
            const result r = ask((tb_path)path, &s.picture);
            if (!memcmp(&r, &truth, sizeof r)) continue;
            fprintf(stderr, "picture %ld (%d x %d x %d, stride %td): path %d differs\n", i, s.picture.rows,
                    s.picture.cols, s.picture.channels, s.picture.stride, path);
            return 1;
        }
        free(s.memory);
    }
    printf("%ld pictures on %d paths\n", pictures, paths);
    return 0;
}
