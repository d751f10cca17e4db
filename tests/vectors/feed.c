/* feed.c: pictures on standard input, each as rows, cols, channels (32 bits each) and its bytes; a line each with hash
 * and quality, which every path must agree on. Built with the sanitizers; every buffer is exactly as long as it must be.
 */
#include "takeback.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { uint8_t hash[TB_HASH_BYTES]; int quality; } result;

static result ask(tb_path path, const uint8_t *pixels, size_t length, const int32_t shape[3])
{
    tb_picture picture;
    result r = {.quality = -1};
    if (tb_picture_of(pixels, length, shape[0], shape[1], shape[2], &picture) != TB_OK) exit(3);
    void *scratch = malloc(tb_pdq_scratch(path, picture.rows, picture.cols));
    if (tb_pdq(path, &picture, scratch, r.hash, &r.quality) != TB_OK) exit(3);
    free(scratch);
    return r;
}

int main(void)
{
    int32_t shape[3];
    while (fread(shape, sizeof shape, 1, stdin) == 1) {
        const size_t length = (size_t)shape[0] * (size_t)shape[1] * (size_t)shape[2];
        uint8_t *pixels = malloc(length);
        if (fread(pixels, 1, length, stdin) != length) return 2;
        const result truth = ask(TB_PORTABLE, pixels, length, shape);
        for (int path = 1; path < TB_PATHS; path++) {
            if (!tb_has((tb_path)path)) continue;
            const result r = ask((tb_path)path, pixels, length, shape);
            if (r.quality != truth.quality || memcmp(r.hash, truth.hash, TB_HASH_BYTES)) return 1;
        }
        for (int i = 0; i < TB_HASH_BYTES; i++) printf("%02x", truth.hash[i]);
        printf(" %d\n", truth.quality);
        free(pixels);
    }
    return 0;
}
