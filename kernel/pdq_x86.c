/* pdq_x86.c: the twins for x86-64, chosen at run time; see takeback.h.
 *
 * Both have 8 lanes. AVX-512 gives the same text 32 registers where AVX2 has 16; vectors of 16 lanes were tried and are
 * hardly faster, for the transposes between the boxes are what takes the time.
 */
#include "pdq.h"

#ifdef TB_X86
#include <cpuid.h>
#include <immintrin.h>

/* ---- what the processor has, and the system saves for us (Intel's manual, volume 1, chapters 14 and 15) ---- */

enum {
    SSE41 = 1 << 19, FMA3 = 1 << 12, POPCNT = 1 << 23,      /* leaf 1, ecx */
    OSXSAVE = 1 << 27,
    AVX2 = 1 << 5, AVX512F = 1 << 16, AVX512DQ = 1 << 17,   /* leaf 7, ebx */
    AVX512BW = 1 << 30,
    VPOPCNTDQ = 1 << 14                                     /* leaf 7, ecx */
};
#define AVX512VL (1u << 31)

static bool all_of(uint32_t have, uint32_t wanted) { return (have & wanted) == wanted; }

/* Which registers the system saves: bits 1 and 2 are those of AVX, 5 to 7 those of AVX-512. */
static uint32_t saved(void)
{
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

bool tb_x86_has(tb_path path)
{
    uint32_t a, b, c, d, b7, c7, d7;
    if (!__get_cpuid(1, &a, &b, &c, &d)) return false;
    if (path == TB_FOUR) return all_of(c, SSE41);
    if (!all_of(c, OSXSAVE | FMA3) || !__get_cpuid_count(7, 0, &a, &b7, &c7, &d7)) return false;
    if (path == TB_AVX2) return all_of(b7, AVX2) && all_of(saved(), 0x06);
    return path == TB_AVX512 && all_of(b7, AVX2 | AVX512F | AVX512DQ | AVX512BW | AVX512VL) && all_of(saved(), 0xe6);
}

bool tb_x86_has_match(tb_path path)
{
    uint32_t a, b, c, d, c7;
    if (path == TB_FOUR || !tb_x86_has(path) || !__get_cpuid(1, &a, &b, &c, &d)) return false;
    return __get_cpuid_count(7, 0, &a, &b, &c7, &d) && all_of(c, POPCNT) && (path == TB_AVX2 || all_of(c7, VPOPCNTDQ));
}

#define TARGET __attribute__((target("avx2,fma")))
#define NAME(x) x##_avx2
#include "pdq_eight.h"
#undef TARGET
#undef NAME

#define TARGET __attribute__((target("avx2,fma,avx512f,avx512vl,avx512bw,avx512dq")))
#define NAME(x) x##_avx512
#include "pdq_eight.h"

#endif
