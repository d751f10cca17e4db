/* pdq_four.c: the twin for processors whose vectors hold four floats: SSE4.1, NEON, and the SIMD of WebAssembly.
 * Written in the compilers' own vectors, so that one text serves all three.
 */
#include "pdq.h"

#ifdef TB_FOUR_LANES

#define LANES 4
#define V floats
#define INTS ints
#define ZERO ((floats){0})
#define ALL(x) ((floats){(x), (x), (x), (x)})
#define NAME(x) x##_four
#ifdef __x86_64__
#define TARGET __attribute__((target("sse4.1")))
#else
#define TARGET
#endif

typedef float floats __attribute__((vector_size(16), may_alias));
typedef int32_t ints __attribute__((vector_size(16)));
typedef uint8_t bytes __attribute__((vector_size(16)));
typedef uint64_t longs __attribute__((vector_size(16)));

static inline TARGET floats over_four(floats a, floats n, floats by)
{
    (void)by;
    return a / n;
}

/* n bytes, up to 12, and zeros; through registers, as memory would make the vector wait for its parts. */
static inline TARGET bytes load(const uint8_t *p, int n)
{
    uint64_t low = 0;
    uint32_t high = 0;
    if (n == 12) {
        __builtin_memcpy(&low, p, 8);
        __builtin_memcpy(&high, p + 8, 4);
    } else {
        FOR(k, min(n, 8)) low |= (uint64_t)p[k] << 8 * k;
        for (int k = 8; k < n; k++) high |= (uint32_t)p[k] << 8 * (k - 8);
    }
    return (bytes)(longs){low, high};
}

static inline TARGET floats as_floats(ints pixels, int shift)
{
    return __builtin_convertvector(pixels >> shift & 255, floats);
}

static inline TARGET floats grey_four(const uint8_t *p, int n)
{
    const bytes all = load(p, n);
    return as_floats((ints)__builtin_shufflevector(all, all, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3), 0);
}

static inline TARGET floats rgb_four(const uint8_t *p, int n)
{
    const bytes all = load(p, 3 * n);
    const ints pixels = (ints)__builtin_shufflevector(all, all, 0, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 9, 10, 11, 11);
    return 299 * as_floats(pixels, 0) + 587 * as_floats(pixels, 8) + 114 * as_floats(pixels, 16);
}

static inline TARGET void transpose_four(floats v[4])
{
#define LOW(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define HIGH(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
    const floats a = LOW(v[0], v[1]), b = HIGH(v[0], v[1]), c = LOW(v[2], v[3]), d = HIGH(v[2], v[3]);
#undef LOW
#undef HIGH
    v[0] = __builtin_shufflevector(a, c, 0, 1, 4, 5);
    v[1] = __builtin_shufflevector(a, c, 2, 3, 6, 7);
    v[2] = __builtin_shufflevector(b, d, 0, 1, 4, 5);
    v[3] = __builtin_shufflevector(b, d, 2, 3, 6, 7);
}

#include "pdq_lanes.h"

#endif
