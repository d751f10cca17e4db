/* hamming_x86.c: tb_match's twins for x86-64, chosen at run time; see takeback.h. */
#include "hamming.h"

#ifdef TB_X86
#include <immintrin.h>

#define ONES __builtin_popcountll

#define TARGET __attribute__((target("avx2,popcnt")))
#define NAME(x) x##_avx2

/* How many bits of each byte are set: those of its two halves, looked up. */
static inline TARGET __m256i ones_of_bytes(__m256i x)
{
    const __m256i table = _mm256_setr_epi8(0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4,
                                           0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4);
    const __m256i half = _mm256_set1_epi8(15);
    return _mm256_add_epi8(_mm256_shuffle_epi8(table, _mm256_and_si256(x, half)),
                           _mm256_shuffle_epi8(table, _mm256_and_si256(_mm256_srli_epi16(x, 4), half)));
}

static inline TARGET uint32_t near_avx2(const uint8_t *block, const uint32_t words[WORDS], int limit)
{
    uint32_t near = 0;
    FOR(half, 2) {
        __m256i sum = _mm256_setzero_si256();
        FOR(w, WORDS) {
            const __m256i lanes = _mm256_loadu_si256((const __m256i *)(block + 64 * w + 32 * half));
            sum = _mm256_add_epi8(sum, ones_of_bytes(_mm256_xor_si256(lanes, _mm256_set1_epi32((int)words[w]))));
        }
        sum = _mm256_madd_epi16(_mm256_maddubs_epi16(sum, _mm256_set1_epi8(1)), _mm256_set1_epi16(1));
        const __m256i over = _mm256_cmpgt_epi32(sum, _mm256_set1_epi32(limit));
        near |= (uint32_t)(~_mm256_movemask_ps(_mm256_castsi256_ps(over)) & 255) << 8 * half;
    }
    return near;
}

#include "hamming_walk.h"
#undef TARGET
#undef NAME

#define TARGET __attribute__((target("avx2,popcnt,avx512f,avx512vl,avx512bw,avx512dq,avx512vpopcntdq")))
#define NAME(x) x##_avx512

static inline TARGET uint32_t near_avx512(const uint8_t *block, const uint32_t words[WORDS], int limit)
{
    __m512i sum = _mm512_setzero_si512();
    FOR(w, WORDS) {
        const __m512i differ = _mm512_xor_si512(_mm512_loadu_si512(block + 64 * w), _mm512_set1_epi32((int)words[w]));
        sum = _mm512_add_epi32(sum, _mm512_popcnt_epi32(differ));
    }
    return _mm512_cmple_epi32_mask(sum, _mm512_set1_epi32(limit));
}

#include "hamming_walk.h"

#endif
