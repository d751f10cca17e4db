/* pdq_eight.h: what pdq_lanes.h asks for, in 8 lanes of AVX2 and FMA. Included once for each TARGET. */

#define LANES 8
#define V __m256
#define INTS NAME(ints)
#define ZERO _mm256_setzero_ps()
#define ALL _mm256_set1_ps

typedef int32_t NAME(ints) __attribute__((vector_size(32)));

/* A quotient mended by its remainder is the rounded one (Markstein); that was tried for every mantissa and all n to
 * 6000, and for every luma. */
static inline TARGET __m256 NAME(over)(__m256 a, __m256 n, __m256 by)
{
    const __m256 about = a * by;
    return _mm256_fmadd_ps(_mm256_fnmadd_ps(about, n, a), by, about);
}

static inline TARGET __m256 NAME(grey)(const uint8_t *p, int n)
{
    uint8_t some[8] = {0};
    if (n < 8) {
        FOR(k, n) some[k] = p[k];
        p = some;
    }
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(_mm_loadl_epi64((const __m128i *)p)));
}

static inline TARGET __m256 NAME(rgb)(const uint8_t *p, int n)
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

static inline TARGET void NAME(transpose)(__m256 v[8])
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

#undef LANES
#undef V
#undef ZERO
#undef ALL
#undef INTS
