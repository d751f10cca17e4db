/* pdq_x86.c: the twins for x86-64, chosen at run time; see takeback.h.
 *
 * Both have 8 lanes. AVX-512 gives the same text 32 registers where AVX2 has 16; vectors of 16 lanes were tried and are
 * no faster, for the transposes between the boxes are what takes the time.
 */
#include "pdq.h"

#ifdef TB_X86
#include <immintrin.h>

#define TARGET __attribute__((target("avx2,fma")))
#define NAME(x) x##_avx2
#include "pdq_eight.h"
#undef TARGET
#undef NAME

#define TARGET __attribute__((target("avx2,fma,avx512f,avx512vl,avx512bw,avx512dq")))
#define NAME(x) x##_avx512
#include "pdq_eight.h"

#endif
