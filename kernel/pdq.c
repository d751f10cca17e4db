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
#include "pdq.h"

enum {
    FREQUENCIES = 16,  /* of the samples' frequencies the lowest FREQUENCIES x FREQUENCIES make the hash */
    BITS = FREQUENCIES * FREQUENCIES,
    LINE = 64          /* bytes to which the scratch is aligned: the widest vector */
};

/* ---- luma ---- */

static void luma_of_row(const tb_picture *picture, int row, float *restrict to)
{
    const uint8_t *restrict p = picture->pixels + row * picture->stride;
    const int cols = picture->cols;
    if (picture->channels == 1) FOR(c, cols) to[c] = (float)p[c];
    else if (picture->channels == 3) FOR(c, cols) to[c] = luma(p[3 * c], p[3 * c + 1], p[3 * c + 2]);
    else FOR(c, cols) to[c] = luma_on_white(p + 4 * (ptrdiff_t)c);
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

/* ---- the box along columns: all of them at once, a row a step ---- */

static void slide(float *restrict sums, float *restrict slot, const float *restrict row, int n)
{
    FOR(c, n) {
        sums[c] += row[c];
        sums[c] -= slot[c];
        slot[c] = row[c];
    }
}

/* Step t takes a row into the sums. */
static void box_along_columns(const columns *box, int t, const float *row)
{
    slide(box->sums, box->ring + (size_t)(t % window_over(box->rows)) * box->stride, row, box->cols);
}

/* ---- the portable band ---- */

static void band_portable(const tb_picture *picture, int first, const workshop *w, float samples[][SIDE])
{
    const int rows = picture->rows, cols = picture->cols, lead = lead_over(rows);
    float *light = w->room, *rest = w->room + (size_t)BAND * cols;
    FOR(b, BAND) {
        float *row = light + (size_t)b * cols;
        if (first + b < rows) luma_of_row(picture, first + b, row);
        else FOR(c, cols) row[c] = 0;
    }
    box_along_rows(light, rest, cols);
    FOR(b, min(BAND, rows + lead - first)) {
        float *row = rest + (size_t)b * cols;
        const float under = under_window(rows, first + b);
        box_along_columns(&w->wide, first + b, row);
        FOR(c, cols) row[c] = w->wide.sums[c] / under;
    }
    box_along_rows_kept(rest, samples, cols);
}

static const struct {
    tb_band *band;
    int rows;
} paths[] = {
    [TB_PORTABLE] = {band_portable, BAND},
#ifdef TB_FOUR_LANES
    [TB_FOUR] = {tb_band_four, 4},
#endif
#ifdef TB_X86
    [TB_AVX2] = {tb_band_avx2, 8},
    [TB_AVX512] = {tb_band_avx512, 8},
#endif
};

/* ---- the whole blur: a picture shrinks to SIDE x SIDE samples ---- */

/* A row with margins, for the tiles that a twin has in hand before the first column and after the last. */
static size_t width(int cols)
{
    return ((size_t)cols + (size_t)lead_over(cols) + 4 * WIDEST - 1) / WIDEST * WIDEST;
}

/* What a band needs of its own: the portable one its rows twice, a twin two rings of columns. */
static size_t floats_of_band(tb_path path, int cols)
{
    const int lanes = paths[path].rows;
    if (path == TB_PORTABLE) return 2 * (size_t)lanes * (size_t)cols;
    return 2 * (size_t)lanes * (size_t)(ring_over(cols, lanes) + lanes);
}

static size_t floats_needed(tb_path path, int rows, int cols)
{
    return (1 + (size_t)window_over(rows)) * (width(cols) + width(SIDE)) + floats_of_band(path, cols);
}

/* Everything that remembers begins at zero; returns what is left of the scratch. */
static float *set_up(columns *box, float *scratch, int rows, int cols)
{
    const size_t stride = width(cols), floats = (1 + (size_t)window_over(rows)) * stride;
    float *first = scratch + WIDEST;
    *box = (columns){.sums = first, .ring = first + stride, .rows = rows, .cols = cols, .stride = stride};
    for (size_t i = 0; i < floats; i++) scratch[i] = 0;
    return scratch + floats;
}

/* One step of the second round's columns; keeps what is to be kept of its answers. */
static void keep(const columns *narrow, int t, const float row[SIDE], float small[SIDE][SIDE], int *have)
{
    box_along_columns(narrow, t, row);
    for (; *have < SIDE && kept(narrow->rows, *have) == t - lead_over(narrow->rows); ++*have)
        FOR(c, SIDE) small[*have][c] = narrow->sums[c] / under_window(narrow->rows, t);
}

static void shrink(tb_path path, const tb_picture *picture, float *scratch, float small[SIDE][SIDE])
{
    const int rows = picture->rows, cols = picture->cols, lead = lead_over(rows), band = paths[path].rows;
    workshop w;
    scratch = set_up(&w.wide, scratch, rows, cols);
    w.room = set_up(&w.narrow, scratch, rows, SIDE);
    float samples[WIDEST][SIDE];
    int have = 0;
    for (int first = 0; first < rows + lead; first += band) {
        paths[path].band(picture, first, &w, samples);
        for (int t = max(first, lead); t < min(first + band, rows + lead); t++)
            keep(&w.narrow, t - lead, samples[t - first], small, &have);
    }
    static const float nothing[SIDE];
    for (int t = rows; have < SIDE; t++) keep(&w.narrow, t, nothing, small, &have);
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

/* Adds a x b to sums, where a is one row of SIDE; each sum in the order of its terms, FREQUENCIES sums at a time. */
static void times(const float a[SIDE], const float *b, int stride, float sums[FREQUENCIES])
{
    float sum[FREQUENCIES] = {0};
    FOR(k, SIDE) FOR(j, FREQUENCIES) sum[j] += a[k] * b[k * stride + j];
    FOR(j, FREQUENCIES) sums[j] = sum[j];
}

/* matrix x small x matrix transposed. */
static void lowest_frequencies(float small[SIDE][SIDE], float out[FREQUENCIES][FREQUENCIES])
{
    float across[SIDE][FREQUENCIES], row[SIDE], down[SIDE];
    FOR(i, FREQUENCIES) FOR(k, SIDE) across[k][i] = matrix(i, k);
    FOR(i, FREQUENCIES) {
        FOR(k, SIDE) row[k] = across[k][i];
        for (int j = 0; j < SIDE; j += FREQUENCIES) times(row, &small[0][j], SIDE, down + j);
        times(down, across[0], FREQUENCIES, out[i]);
    }
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

bool tb_has(tb_path path)
{
#if defined(TB_X86)
    return path == TB_PORTABLE || tb_x86_has(path);
#elif defined(TB_FOUR_LANES)
    return path == TB_PORTABLE || path == TB_FOUR;
#else
    return path == TB_PORTABLE;
#endif
}

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

size_t tb_pdq_scratch(tb_path path, int32_t rows, int32_t cols)
{
    return check_size(rows, cols) == TB_OK ? floats_needed(path, rows, cols) * sizeof(float) + LINE : 0;
}

static tb_answer look(tb_path path, const tb_picture *picture, void *scratch,
                      float frequencies[FREQUENCIES][FREQUENCIES], int *quality)
{
    const tb_answer answer = check(picture);
    if (answer != TB_OK) return answer;
    float small[SIDE][SIDE];
    if (picture->rows == SIDE && picture->cols == SIDE) {
        FOR(i, SIDE) luma_of_row(picture, i, small[i]);
    } else {
        shrink(path, picture, (float *)(((uintptr_t)scratch + LINE - 1) / LINE * LINE), small);
    }
    *quality = quality_of(small);
    lowest_frequencies(small, frequencies);
    return TB_OK;
}

tb_answer tb_pdq(tb_path path, const tb_picture *picture, void *scratch, uint8_t hash[TB_HASH_BYTES], int *quality)
{
    float frequencies[FREQUENCIES][FREQUENCIES];
    const tb_answer answer = look(path, picture, scratch, frequencies, quality);
    if (answer == TB_OK) bits_of(frequencies, hash);
    return answer;
}

tb_answer tb_pdq_dihedral(tb_path path, const tb_picture *picture, void *scratch,
                          uint8_t hashes[TB_DIHEDRALS][TB_HASH_BYTES], int *quality)
{
    float frequencies[FREQUENCIES][FREQUENCIES], other[FREQUENCIES][FREQUENCIES];
    const tb_answer answer = look(path, picture, scratch, frequencies, quality);
    if (answer != TB_OK) return answer;
    FOR(how, TB_DIHEDRALS) {
        turned(frequencies, how, other);
        bits_of(other, hashes[how]);
    }
    return TB_OK;
}
