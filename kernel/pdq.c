/* pdq.c: PDQ, bit for bit the reference's, from pixels to 256 bits.
 *
 *   picture --luma--> box along rows --> box along columns --> the same once more --> 64 x 64 samples
 *           --> quality --> the 16 x 16 lowest frequencies --> which of them exceed the median
 *
 * The reference blurs whole pictures in floats, by sums that run along each row and column: add the sample that
 * enters the window, subtract the one that leaves. Rounding makes such a sum remember everything before it, so the
 * order of every addition is part of the answer, and is kept here. What is not kept is the memory: rows stream
 * through, a band at a time, and only one window of them is remembered. And of the second round only what the
 * 64 x 64 samples need is worked out: 64 columns, and the divisions of 64 rows.
 */
#include "takeback.h"

#include <float.h>
#include <stdbool.h>

#if FLT_EVAL_METHOD != 0
#error "floats are worked out wider than they are: the hashes would differ"
#endif

enum {
    SIDE = 64,         /* the samples are SIDE x SIDE */
    FREQUENCIES = 16,  /* and of their frequencies the lowest FREQUENCIES x FREQUENCIES make the hash */
    BITS = FREQUENCIES * FREQUENCIES,
    BAND = 8           /* rows in hand at a time: their sums do not wait for one another */
};

#define FOR(i, n) for (int i = 0; i < (n); i++)

static int min(int a, int b) { return a < b ? a : b; }
static int max(int a, int b) { return a > b ? a : b; }

/* ---- the window that slides over n samples, one step at a time ----
 *
 * Step t lets sample t in, and sample t - window out. Its answer belongs to sample t - lead, the middle of the
 * window, so that there are n + lead steps: the first lead of them answer nothing, the last lead let nothing in. */

static int window_over(int n) { return (n + 2 * SIDE - 1) / (2 * SIDE); }
static int lead_over(int n) { return window_over(n) / 2; }

/* How many samples are under the window after step t. */
static float under_window(int n, int t) { return (float)(min(t + 1, n) - max(t + 1 - window_over(n), 0)); }

/* Which of n samples is the i-th of the SIDE that are kept: the one at the centre of the i-th part. */
static int kept(int n, int i) { return (int)((int64_t)(2 * i + 1) * n / (2 * SIDE)); }

/* ---- luma ---- */

/* The reference's 0.299 R + 0.587 G + 0.114 B in doubles, rounded to float, is this for all 2^24 colours. */
static float luma(int red, int green, int blue) { return (float)(299 * red + 587 * green + 114 * blue) / 1000.0f; }

static int on_white(int colour, int alpha) { return (colour * alpha + 255 * (255 - alpha) + 127) / 255; }

static void luma_of_grey(const uint8_t *restrict p, float *restrict to, int cols)
{
    FOR(c, cols) to[c] = (float)p[c];
}

static void luma_of_rgb(const uint8_t *restrict p, float *restrict to, int cols)
{
    FOR(c, cols) to[c] = luma(p[3 * c], p[3 * c + 1], p[3 * c + 2]);
}

static void luma_of_rgba(const uint8_t *restrict p, float *restrict to, int cols)
{
    for (int c = 0; c < cols; c++, p += 4)
        to[c] = luma(on_white(p[0], p[3]), on_white(p[1], p[3]), on_white(p[2], p[3]));
}

static void luma_of_row(const tb_picture *picture, int row, float *to)
{
    const uint8_t *pixels = picture->pixels + row * picture->stride;
    if (picture->channels == 1) luma_of_grey(pixels, to, picture->cols);
    else if (picture->channels == 3) luma_of_rgb(pixels, to, picture->cols);
    else luma_of_rgba(pixels, to, picture->cols);
}

/* ---- the box along rows: BAND rows side by side, each cols long ---- */

#define ADD(t) FOR(b, BAND) sum[b] += in[(size_t)b * cols + (t)]
#define DROP(t) FOR(b, BAND) sum[b] -= in[(size_t)b * cols + (t)-window]

/* Every answer. */
static void box_along_rows(const float *restrict in, float *restrict out, int cols)
{
    const int window = window_over(cols), lead = lead_over(cols);
    float sum[BAND] = {0};
    int t = 0;
#define ANSWER FOR(b, BAND) out[(size_t)b * cols + t - lead] = sum[b]
    for (; t < lead; t++) { ADD(t); }
    for (; t < window; t++) { ADD(t); ANSWER; }
    for (; t < cols; t++) { ADD(t); DROP(t); ANSWER; }
    for (; t < cols + lead; t++) { DROP(t); ANSWER; }
#undef ANSWER
    FOR(b, BAND) {
        float *row = out + (size_t)b * cols;
        int c = 0;
        for (; c < window - lead; c++) row[c] /= under_window(cols, c + lead);
        for (; c < cols - lead; c++) row[c] /= (float)window;
        for (; c < cols; c++) row[c] /= under_window(cols, c + lead);
    }
}

/* Only the answers that are kept. */
static void box_along_rows_kept(const float *restrict in, float out[BAND][SIDE], int cols)
{
    const int window = window_over(cols), lead = lead_over(cols);
    float sum[BAND] = {0};
    int t = 0;
    FOR(j, SIDE) {
        const int last = kept(cols, j) + lead;
        for (; t <= min(last, window - 1); t++) { ADD(t); }
        for (; t <= min(last, cols - 1); t++) { ADD(t); DROP(t); }
        for (; t <= last; t++) { DROP(t); }
        FOR(b, BAND) out[b][j] = sum[b] / under_window(cols, last);
    }
}

/* ---- the box along columns: all columns at once, a row a step ---- */

typedef struct {
    float *sums;  /* a running sum a column */
    float *ring;  /* the rows under the window; the one that leaves makes room for the one that enters */
    int rows, cols, t;
} column_box;

/* Takes the next row, if there is one left, and leaves in its place the sums of step t. */
static void box_along_columns(column_box *box, float *restrict row)
{
    const int n = box->cols, window = window_over(box->rows), t = box->t++;
    float *restrict sums = box->sums;
    float *restrict slot = box->ring + (size_t)(t % window) * n;
    if (t < window) {
        FOR(c, n) { sums[c] += row[c]; slot[c] = row[c]; row[c] = sums[c]; }
    } else if (t < box->rows) {
        FOR(c, n) { sums[c] += row[c]; sums[c] -= slot[c]; slot[c] = row[c]; row[c] = sums[c]; }
    } else {
        FOR(c, n) { sums[c] -= slot[c]; row[c] = sums[c]; }
    }
}

static void divide(float *row, int n, float by) { FOR(c, n) row[c] /= by; }

/* ---- the whole blur: a picture shrinks to SIDE x SIDE samples ---- */

typedef struct {
    float *luma, *band;        /* BAND rows each */
    column_box wide, narrow;   /* the first round's columns, and the SIDE columns of the second */
} workshop;

static size_t floats_needed(int rows, int cols)
{
    const size_t window = (size_t)window_over(rows);
    return (2 * BAND + 1 + window) * (size_t)cols + (1 + window) * SIDE;
}

static workshop set_up(float *scratch, int rows, int cols)
{
    const size_t window = (size_t)window_over(rows), width = (size_t)cols;
    workshop w = {0};
    w.wide = (column_box){.rows = rows, .cols = cols, .sums = scratch, .ring = scratch + width};
    scratch += (1 + window) * width;
    w.narrow = (column_box){.rows = rows, .cols = SIDE, .sums = scratch, .ring = scratch + SIDE};
    scratch += (1 + window) * SIDE;
    w.luma = scratch;
    w.band = scratch + BAND * width;
    FOR(c, cols) w.wide.sums[c] = 0;
    FOR(c, SIDE) w.narrow.sums[c] = 0;
    return w;
}

/* Rows that the picture does not have repeat its last: the steps that are left need something to write over. */
static void next_band(const tb_picture *picture, int first, workshop *w)
{
    FOR(b, BAND) luma_of_row(picture, min(first + b, picture->rows - 1), w->luma + (size_t)b * picture->cols);
    box_along_rows(w->luma, w->band, picture->cols);
}

/* One step of the second round's columns; keeps what is to be kept of its answer. */
static void keep(column_box *narrow, float row[SIDE], float small[SIDE][SIDE], int *have)
{
    const int t = narrow->t, middle = t - lead_over(narrow->rows);
    box_along_columns(narrow, row);
    while (*have < SIDE && kept(narrow->rows, *have) == middle) {
        FOR(c, SIDE) small[*have][c] = row[c] / under_window(narrow->rows, t);
        ++*have;
    }
}

static void shrink(const tb_picture *picture, float *scratch, float small[SIDE][SIDE])
{
    const int rows = picture->rows, cols = picture->cols, lead = lead_over(rows);
    workshop w = set_up(scratch, rows, cols);
    float rest[SIDE] = {0}, samples[BAND][SIDE];
    int have = 0;
    for (int first = 0; first < rows + lead; first += BAND) {
        if (first < rows) next_band(picture, first, &w);
        const int steps = min(BAND, rows + lead - first);
        FOR(b, steps) {
            const int t = first + b;
            float *row = w.band + (size_t)b * cols;
            box_along_columns(&w.wide, row);
            divide(row, cols, under_window(rows, t));
        }
        box_along_rows_kept(w.band, samples, cols);
        for (int b = max(0, lead - first); b < steps; b++) keep(&w.narrow, samples[b], small, &have);
    }
    while (have < SIDE) keep(&w.narrow, rest, small, &have);
}

/* ---- from samples to bits ---- */

/* How much the samples change from each to its neighbours, in percent steps; 100 is plenty. */
static int quality_of(float small[SIDE][SIDE])
{
    int sum = 0;
#define CHANGE(u, v) { int d = (int)(((u) - (v)) * 100 / 255); sum += d < 0 ? -d : d; }
    FOR(i, SIDE - 1) FOR(j, SIDE) CHANGE(small[i][j], small[i + 1][j])
    FOR(i, SIDE) FOR(j, SIDE - 1) CHANGE(small[i][j], small[i][j + 1])
#undef CHANGE
    return min(sum / 90, 100);
}

/* A quarter of a wave: the float nearest to sqrt(2/64), times the double cos(pi * m / 128), rounded to float.
 * tests/test_pdq.py makes the same table anew, and from it the whole of the reference's matrix. */
static const float wave[SIDE] = {
    0x1.6a09e6p-3f, 0x1.69edfcp-3f, 0x1.699a42p-3f, 0x1.690ec6p-3f, 0x1.684b9cp-3f, 0x1.6750e4p-3f, 0x1.661ec2p-3f,
    0x1.64b568p-3f, 0x1.63150ap-3f, 0x1.613decp-3f, 0x1.5f3056p-3f, 0x1.5cec98p-3f, 0x1.5a730cp-3f, 0x1.57c414p-3f,
    0x1.54e018p-3f, 0x1.51c78cp-3f, 0x1.4e7ae8p-3f, 0x1.4afab2p-3f, 0x1.474772p-3f, 0x1.4361bap-3f, 0x1.3f4a24p-3f,
    0x1.3b015p-3f,  0x1.3687eap-3f, 0x1.31dea2p-3f, 0x1.2d062ep-3f, 0x1.27ff5p-3f,  0x1.22caccp-3f, 0x1.1d6972p-3f,
    0x1.17dc14p-3f, 0x1.12238ep-3f, 0x1.0c40c2p-3f, 0x1.063498p-3f, 0x1.p-3f,       0x1.f347dap-4f, 0x1.e642b8p-4f,
    0x1.d8f29ap-4f, 0x1.cb598cp-4f, 0x1.bd79aap-4f, 0x1.af5516p-4f, 0x1.a0edfep-4f, 0x1.92469cp-4f, 0x1.83613p-4f,
    0x1.74400ap-4f, 0x1.64e57ap-4f, 0x1.5553e4p-4f, 0x1.458daap-4f, 0x1.35953cp-4f, 0x1.256d12p-4f, 0x1.1517a8p-4f,
    0x1.049782p-4f, 0x1.e7de5ep-5f, 0x1.c6427ap-5f, 0x1.a4608ap-5f, 0x1.823dc8p-5f, 0x1.5fdf76p-5f, 0x1.3d4aep-5f,
    0x1.1a855ep-5f, 0x1.ef2894p-6f, 0x1.a8fa12p-6f, 0x1.628a08p-6f, 0x1.1be352p-6f, 0x1.aa21a8p-7f, 0x1.1c3af6p-7f,
    0x1.1c50e2p-8f,
};

/* Row i, column j of the transform's matrix. The quarter's end, where it would be zero, is never asked for. */
static float matrix(int i, int j)
{
    const int m = (i + 1) * (2 * j + 1) % (4 * SIDE), half = m > 2 * SIDE ? 4 * SIDE - m : m;
    return half < SIDE ? wave[half] : -wave[2 * SIDE - half];
}

/* matrix x small x matrix transposed; each sum in the order of its terms. */
static void lowest_frequencies(float small[SIDE][SIDE], float out[FREQUENCIES][FREQUENCIES])
{
    float down[FREQUENCIES][SIDE] = {{0}}, across[SIDE][FREQUENCIES];
    FOR(i, FREQUENCIES) FOR(k, SIDE) {
        const float m = across[k][i] = matrix(i, k);
        FOR(j, SIDE) down[i][j] += m * small[k][j];
    }
    FOR(i, FREQUENCIES) FOR(j, FREQUENCIES) out[i][j] = 0;
    FOR(i, FREQUENCIES) FOR(k, SIDE) FOR(j, FREQUENCIES) out[i][j] += down[i][k] * across[k][j];
}

/* A number that orders as the float does; the two zeros are one. */
static uint32_t order_of(float value)
{
    const union { float value; uint32_t bits; } as = {value + 0.0f};
    return as.bits >> 31 ? ~as.bits : as.bits | 0x80000000u;
}

/* A bit for each frequency above the lower median, which is found from its highest binary digit down. */
static void bits_of(float frequencies[FREQUENCIES][FREQUENCIES], uint8_t hash[TB_HASH_BYTES])
{
    uint32_t order[BITS], median = 0;
    FOR(i, FREQUENCIES) FOR(j, FREQUENCIES) order[i * FREQUENCIES + j] = order_of(frequencies[i][j]);
    for (uint32_t digit = 0x80000000u; digit; digit >>= 1) {
        int below = 0;
        FOR(k, BITS) below += order[k] < (median | digit);
        if (below < BITS / 2) median |= digit;
    }
    FOR(k, TB_HASH_BYTES) hash[k] = 0;
    FOR(k, BITS) hash[TB_HASH_BYTES - 1 - k / 8] |= (uint8_t)((order[k] > median) << k % 8);
}

/* Turning or mirroring a picture transposes its frequencies, or flips the sign of every other row or column. */
static void turned(float from[FREQUENCIES][FREQUENCIES], int how, float to[FREQUENCIES][FREQUENCIES])
{
    static const struct { bool transpose, rows, cols; } ways[TB_DIHEDRALS] = {
        {false, false, false}, {true, true, false},  {false, true, true},   {true, false, true},
        {false, true, false},  {false, false, true}, {true, false, false}, {true, true, true},
    };
    FOR(i, FREQUENCIES) FOR(j, FREQUENCIES) {
        const float value = ways[how].transpose ? from[j][i] : from[i][j];
        const bool flip = (ways[how].rows && i % 2 == 0) != (ways[how].cols && j % 2 == 0);
        to[i][j] = flip ? -value : value;
    }
}

/* ---- the contract ---- */

static tb_answer check_size(int32_t rows, int32_t cols)
{
    if (rows < TB_MIN_SIDE || cols < TB_MIN_SIDE) return TB_TOO_SMALL;
    return (int64_t)rows * cols > TB_MAX_PIXELS ? TB_TOO_LARGE : TB_OK;
}

static tb_answer check_shape(int32_t rows, int32_t cols, int32_t channels)
{
    const tb_answer size = check_size(rows, cols);
    if (size != TB_OK) return size;
    return channels == 1 || channels == 3 || channels == 4 ? TB_OK : TB_WRONG_CHANNELS;
}

static tb_answer check(const tb_picture *picture)
{
    const tb_answer shape = check_shape(picture->rows, picture->cols, picture->channels);
    if (shape != TB_OK) return shape;
    const ptrdiff_t row = (ptrdiff_t)picture->cols * picture->channels, stride = picture->stride;
    return stride < row && stride > -row ? TB_WRONG_STRIDE : TB_OK;
}

tb_answer tb_picture_of(const uint8_t *bytes, size_t length, int32_t rows, int32_t cols, int32_t channels,
                        tb_picture *picture)
{
    const tb_answer shape = check_shape(rows, cols, channels);
    if (shape != TB_OK) return shape;
    if (length != (size_t)rows * (size_t)cols * (size_t)channels) return TB_WRONG_LENGTH;
    *picture = (tb_picture){bytes, (ptrdiff_t)cols * channels, rows, cols, channels};
    return TB_OK;
}

size_t tb_pdq_scratch(int32_t rows, int32_t cols)
{
    return check_size(rows, cols) == TB_OK ? floats_needed(rows, cols) * sizeof(float) + sizeof(float) : 0;
}

static tb_answer look(const tb_picture *picture, void *scratch, float frequencies[FREQUENCIES][FREQUENCIES],
                      int *quality)
{
    const tb_answer answer = check(picture);
    if (answer != TB_OK) return answer;
    float small[SIDE][SIDE];
    if (picture->rows == SIDE && picture->cols == SIDE) {
        FOR(i, SIDE) luma_of_row(picture, i, small[i]);
    } else {
        const uintptr_t place = (uintptr_t)scratch, step = _Alignof(float);
        shrink(picture, (float *)((place + step - 1) / step * step), small);
    }
    *quality = quality_of(small);
    lowest_frequencies(small, frequencies);
    return TB_OK;
}

tb_answer tb_pdq(const tb_picture *picture, void *scratch, uint8_t hash[TB_HASH_BYTES], int *quality)
{
    float frequencies[FREQUENCIES][FREQUENCIES];
    const tb_answer answer = look(picture, scratch, frequencies, quality);
    if (answer == TB_OK) bits_of(frequencies, hash);
    return answer;
}

tb_answer tb_pdq_dihedral(const tb_picture *picture, void *scratch, uint8_t hashes[TB_DIHEDRALS][TB_HASH_BYTES],
                          int *quality)
{
    float frequencies[FREQUENCIES][FREQUENCIES], other[FREQUENCIES][FREQUENCIES];
    const tb_answer answer = look(picture, scratch, frequencies, quality);
    if (answer != TB_OK) return answer;
    FOR(how, TB_DIHEDRALS) {
        turned(frequencies, how, other);
        bits_of(other, hashes[how]);
    }
    return TB_OK;
}
