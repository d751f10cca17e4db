/* pdq.h: what the portable text of PDQ and its faster twins share. Not part of the contract, which is takeback.h. */
#ifndef TAKEBACK_PDQ_H
#define TAKEBACK_PDQ_H

#include "takeback.h"

#include <float.h>
#include <stdbool.h>

#if FLT_EVAL_METHOD != 0
#error "floats are worked out wider than they are: the hashes would differ"
#endif

enum {
    SIDE = 64,    /* a picture shrinks to SIDE x SIDE samples */
    WIDEST = 8,   /* lanes of the widest twin */
    BAND = 8      /* rows that the portable text has in hand at a time: their sums do not wait for one another */
};

#define FOR(i, n) for (int i = 0; i < (n); i++)

static inline int min(int a, int b) { return a < b ? a : b; }
static inline int max(int a, int b) { return a > b ? a : b; }

/* ---- the window that slides over n samples, one step at a time ----
 *
 * Step t lets sample t in, and sample t - window out; before the first and after the last sample there are zeros,
 * which change no sum. The answer belongs to sample t - lead, the middle of the window: there are n + lead steps, and
 * the first lead of them answer nothing. */

static inline int window_over(int n) { return (n + 2 * SIDE - 1) / (2 * SIDE); }
static inline int lead_over(int n) { return window_over(n) / 2; }

/* How many samples are under the window after step t. */
static inline float under_window(int n, int t) { return (float)(min(t + 1, n) - max(t + 1 - window_over(n), 0)); }

/* Which of n samples is the i-th of the SIDE that are kept: the one at the centre of the i-th part. */
static inline int kept(int n, int i) { return (int)((int64_t)(2 * i + 1) * n / (2 * SIDE)); }

/* ---- luma ---- */

/* The reference's 0.299 R + 0.587 G + 0.114 B in doubles, rounded to float, is this for all 2^24 colours. */
static inline float luma(int red, int green, int blue)
{
    return (float)(299 * red + 587 * green + 114 * blue) / 1000.0f;
}

static inline int on_white(int colour, int alpha) { return (colour * alpha + 255 * (255 - alpha) + 127) / 255; }

static inline float luma_on_white(const uint8_t p[4])
{
    return luma(on_white(p[0], p[3]), on_white(p[1], p[3]), on_white(p[2], p[3]));
}

/* ---- what a picture passes through ---- */

/* A box along columns: a running sum for each, and the rows under the window. The row that enters takes the place of
 * the one that leaves. */
typedef struct {
    float *sums, *ring;
    int rows, cols;
    size_t stride;  /* floats from one row of the ring to the next */
} columns;

typedef struct {
    columns wide, narrow;  /* the first round's columns, and the SIDE columns of the second */
    float *room;           /* tb_band's own */
} workshop;

/* Takes the rows from `first` on, as many as one band holds, through the first round and the second round's box along
 * rows. Gives SIDE samples for each step of the first round's columns, which are the rows moved by lead. */
typedef void tb_band(const tb_picture *picture, int first, const workshop *w, float samples[][SIDE]);

/* How many columns a twin's ring holds: a power of two, with room for the window and for three tiles. */
static inline int ring_over(int cols, int lanes)
{
    int ring = lanes;
    while (ring < window_over(cols) + 3 * lanes) ring *= 2;
    return ring;
}

#if defined(__clang__) || (defined(__GNUC__) && __GNUC__ >= 12)
#if defined(__x86_64__)
#define TB_X86 1
tb_band tb_band_avx2, tb_band_avx512;
bool tb_x86_has(tb_path path), tb_x86_has_match(tb_path path);
#endif
#if defined(__x86_64__) || defined(__aarch64__) || defined(__wasm_simd128__)
#define TB_FOUR_LANES 1
tb_band tb_band_four;
#endif
#endif

#endif
