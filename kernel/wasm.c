/* wasm.c: the kernel's door to a browser. Imports nothing.
 *
 * The page asks for room, writes the RGBA bytes of a canvas there, and asks for the hash, which then lies in the
 * TB_HASH_BYTES before them. Memory grows to the largest picture that was seen; there is no other state.
 */
#include "takeback.h"

#define EXPORT(name) __attribute__((export_name(#name)))

enum { PAGE = 65536, NO_MEMORY = -100 };

extern unsigned char __heap_base;  /* where the linker's own data ends */

static uint8_t *hash_place(void) { return &__heap_base; }
static uint8_t *pixel_place(void) { return hash_place() + TB_HASH_BYTES; }
static tb_path path(void) { return tb_has(TB_FOUR) ? TB_FOUR : TB_PORTABLE; }
static size_t pixel_bytes(int32_t rows, int32_t cols) { return (size_t)rows * (size_t)cols * 4; }
static void *scratch_place(int32_t rows, int32_t cols) { return pixel_place() + pixel_bytes(rows, cols); }

/* The address to write rows x cols x 4 bytes to. Below zero: the tb_answer that refuses this size, negated, or
 * NO_MEMORY, if the browser has none left. */
EXPORT(room) int32_t room(int32_t rows, int32_t cols)
{
    tb_picture picture;
    const tb_answer answer = tb_picture_of(pixel_place(), pixel_bytes(rows, cols), rows, cols, 4, &picture);
    if (answer != TB_OK) return -(int32_t)answer;
    const size_t end = (size_t)scratch_place(rows, cols) + tb_pdq_scratch(path(), rows, cols);
    const size_t have = __builtin_wasm_memory_size(0), need = (end + PAGE - 1) / PAGE;
    if (need > have && __builtin_wasm_memory_grow(0, need - have) == (size_t)-1) return NO_MEMORY;
    return (int32_t)(size_t)pixel_place();
}

/* The quality, 0..100, of a picture that room() was given and that was written there. */
EXPORT(pdq) int32_t pdq(int32_t rows, int32_t cols)
{
    tb_picture picture;
    int quality;
    tb_answer answer = tb_picture_of(pixel_place(), pixel_bytes(rows, cols), rows, cols, 4, &picture);
    if (answer == TB_OK) answer = tb_pdq(path(), &picture, scratch_place(rows, cols), hash_place(), &quality);
    return answer == TB_OK ? quality : -(int32_t)answer;
}

/* The compiler writes calls to these two. */
void *memset(void *to, int byte, size_t n)
{
    for (size_t i = 0; i < n; i++) ((volatile unsigned char *)to)[i] = (unsigned char)byte;
    return to;
}

void *memcpy(void *restrict to, const void *restrict from, size_t n)
{
    for (size_t i = 0; i < n; i++) ((volatile unsigned char *)to)[i] = ((const unsigned char *)from)[i];
    return to;
}
