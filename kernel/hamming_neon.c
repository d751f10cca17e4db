/* hamming_neon.c: tb_match's twin for 64-bit ARM, all of which have NEON; see takeback.h. */
#include "hamming.h"

#ifdef TB_NEON
#include <arm_neon.h>

#define TARGET
#define NAME(x) x##_neon
#define ONES __builtin_popcountll

/* How many bits of four entries differ from a query's: counted byte by byte, and the bytes of each word added up. */
static inline uint32x4_t apart_of_four(const uint8_t *block, const uint32_t words[WORDS])
{
    uint8x16_t sum = vdupq_n_u8(0);
    FOR(w, WORDS) {
        const uint8x16_t differ = veorq_u8(vld1q_u8(block + 4 * LANES * w), vreinterpretq_u8_u32(vdupq_n_u32(words[w])));
        sum = vaddq_u8(sum, vcntq_u8(differ));
    }
    return vpaddlq_u16(vpaddlq_u8(sum));
}

static inline uint32_t near_neon(const uint8_t *block, const uint32_t words[WORDS], int limit)
{
    static const uint32_t bits[4] = {1, 2, 4, 8};
    uint32_t near = 0;
    FOR(four, LANES / 4) {
        const uint32x4_t apart = apart_of_four(block + 16 * four, words);
        const uint32x4_t mask = vandq_u32(vcleq_u32(apart, vdupq_n_u32((uint32_t)limit)), vld1q_u32(bits));
        near |= vaddvq_u32(mask) << 4 * four;
    }
    return near;
}

#include "hamming_walk.h"

#endif
