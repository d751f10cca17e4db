/* pdq_x86.c: the twins for x86-64, AVX2 with FMA and AVX-512. Chosen at run time; see takeback.h. */
#include "pdq.h"

#ifdef TB_X86
#include <immintrin.h>

/* ---- AVX2: 8 lanes ---- */

#define LANES 8
#define V __m256
#define TARGET __attribute__((target("avx2,fma")))
#define NAME(x) x##_avx2
#define ZERO _mm256_setzero_ps()
#define ALL _mm256_set1_ps
#define NEGATED_FMA _mm256_fnmadd_ps
#define FMA _mm256_fmadd_ps

static inline TARGET __m256 grey_avx2(const uint8_t *p, int n)
{
    uint8_t some[8] = {0};
    if (n < 8) {
        FOR(k, n) some[k] = p[k];
        p = some;
    }
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p)));
}

static inline TARGET __m256 rgb_avx2(const uint8_t *p, int n)
{
    uint8_t some[24] = {0};
    if (n < 8) {
        FOR(k, 3 * n) some[k] = p[k];
        p = some;
    }
    const __m256i pixels = _mm256_loadu2_m128i((const __m128i *)(p + 8), (const __m128i *)p);
    const __m256i red_green = _mm256_setr_epi8(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1,  /* from p */
                                               4, -1, 5, -1, 7, -1, 8, -1, 10, -1, 11, -1, 13, -1, 14, -1);
    const __m256i blue = _mm256_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1,
                                          6, -1, -1, -1, 9, -1, -1, -1, 12, -1, -1, -1, 15, -1, -1, -1);
    const __m256i a = _mm256_madd_epi16(_mm256_shuffle_epi8(pixels, red_green), _mm256_set1_epi32(587 << 16 | 299));
    const __m256i b = _mm256_madd_epi16(_mm256_shuffle_epi8(pixels, blue), _mm256_set1_epi32(114));
    return _mm256_cvtepi32_ps(_mm256_add_epi32(a, b));
}

static inline TARGET void transpose_avx2(__m256 v[8])
{
    __m256 a[8], b[8];
    FOR(i, 4) {
        a[2 * i] = _mm256_unpacklo_ps(v[2 * i], v[2 * i + 1]);
        a[2 * i + 1] = _mm256_unpackhi_ps(v[2 * i], v[2 * i + 1]);
    }
    FOR(i, 2) {
        b[4 * i] = _mm256_shuffle_ps(a[4 * i], a[4 * i + 2], 0x44);
        b[4 * i + 1] = _mm256_shuffle_ps(a[4 * i], a[4 * i + 2], 0xee);
        b[4 * i + 2] = _mm256_shuffle_ps(a[4 * i + 1], a[4 * i + 3], 0x44);
        b[4 * i + 3] = _mm256_shuffle_ps(a[4 * i + 1], a[4 * i + 3], 0xee);
    }
    FOR(i, 4) {
        v[i] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x20);
        v[i + 4] = _mm256_permute2f128_ps(b[i], b[i + 4], 0x31);
    }
}

#include "pdq_lanes.h"

/* ---- AVX-512: 16 lanes ---- */

#define LANES 16
#define V __m512
#define TARGET __attribute__((target("avx512f,avx512bw")))
#define NAME(x) x##_avx512
#define ZERO _mm512_setzero_ps()
#define ALL _mm512_set1_ps
#define NEGATED_FMA _mm512_fnmadd_ps
#define FMA _mm512_fmadd_ps

/* n bytes, and zeros; what is not asked for is not touched, so that the picture may end at the end of a page. */
static inline TARGET __m512i bytes(const uint8_t *p, int n)
{
    return _mm512_maskz_loadu_epi8(((uint64_t)1 << n) - 1, p);
}

static inline TARGET __m512 grey_avx512(const uint8_t *p, int n)
{
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(_mm512_castsi512_si128(bytes(p, n))));
}

static inline TARGET __m512 rgb_avx512(const uint8_t *p, int n)
{
    const __m512i fours = _mm512_setr_epi32(0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11);
    const __m512i pixels = _mm512_permutexvar_epi32(fours, bytes(p, 3 * n));
    const __m512i red_green = _mm512_broadcast_i32x4(
        _mm_setr_epi8(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1));
    const __m512i blue = _mm512_broadcast_i32x4(
        _mm_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
    const __m512i a = _mm512_madd_epi16(_mm512_shuffle_epi8(pixels, red_green), _mm512_set1_epi32(587 << 16 | 299));
    const __m512i b = _mm512_madd_epi16(_mm512_shuffle_epi8(pixels, blue), _mm512_set1_epi32(114));
    return _mm512_cvtepi32_ps(_mm512_add_epi32(a, b));
}

static inline TARGET void transpose_avx512(__m512 v[16])
{
    __m512 a[16], b[16];
    FOR(i, 8) {
        a[2 * i] = _mm512_unpacklo_ps(v[2 * i], v[2 * i + 1]);
        a[2 * i + 1] = _mm512_unpackhi_ps(v[2 * i], v[2 * i + 1]);
    }
    FOR(i, 4) {
        b[4 * i] = _mm512_shuffle_ps(a[4 * i], a[4 * i + 2], 0x44);
        b[4 * i + 1] = _mm512_shuffle_ps(a[4 * i], a[4 * i + 2], 0xee);
        b[4 * i + 2] = _mm512_shuffle_ps(a[4 * i + 1], a[4 * i + 3], 0x44);
        b[4 * i + 3] = _mm512_shuffle_ps(a[4 * i + 1], a[4 * i + 3], 0xee);
    }
    FOR(i, 4) {  /* lane 0 of b[i], b[i+4], b[i+8], b[i+12] is column i; lane 1 column i + 4; and so on */
        const __m512 p = _mm512_shuffle_f32x4(b[i], b[i + 4], 0x44), q = _mm512_shuffle_f32x4(b[i], b[i + 4], 0xee);
        const __m512 r = _mm512_shuffle_f32x4(b[i + 8], b[i + 12], 0x44);
        const __m512 s = _mm512_shuffle_f32x4(b[i + 8], b[i + 12], 0xee);
        v[i] = _mm512_shuffle_f32x4(p, r, 0x88);
        v[i + 4] = _mm512_shuffle_f32x4(p, r, 0xdd);
        v[i + 8] = _mm512_shuffle_f32x4(q, s, 0x88);
        v[i + 12] = _mm512_shuffle_f32x4(q, s, 0xdd);
    }
}

#include "pdq_lanes.h"

#endif
