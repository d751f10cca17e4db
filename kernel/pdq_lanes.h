/* pdq_lanes.h: a twin of the portable band, for vectors of LANES floats. Included once for each kind of vector, with
 *
 *   LANES, V, INTS, TARGET, NAME(x)      how many lanes, vectors of floats and of int32_t, the processor, a suffix
 *   ZERO, ALL(x)                         vectors of the same
 *   NAME(over)(a, n, by)                 a / n, rounded once; by is the float nearest to 1 / n
 *   NAME(grey)(p, n), NAME(rgb)(p, n)    n of LANES pixels as whole numbers, the rest 0; of rgb 1000 times the luma
 *   NAME(transpose)(v)                   a square of LANES vectors
 *
 * The band is LANES rows. Along rows a vector holds one column of them, along columns a piece of one row, and a
 * transpose lies between. The picture passes in tiles of LANES x LANES, from left to right, through the three boxes;
 * nothing of it is remembered but a ring of columns for each box along rows, and the window of rows. The boxes work on
 * three tiles in a row, so that none waits for another's sums. Every sum is the portable text's, in its order.
 */

typedef struct {
    const tb_picture *picture;
    int first, cols, window, lead;
    int ring;             /* columns that a ring holds, a power of two; LANES more repeat its beginning */
    int fetched;          /* columns of the picture that are in ring x */
    V *x, *y;             /* what came to the first and to the second box along rows */
    V sum_x, sum_y;
    float *sums;          /* of the box along columns */
    float *slot[LANES];   /* its row of the ring for each row of the band */
    V n[LANES], by[LANES];  /* how many rows are under its window, and one over that */
    V between[LANES];       /* the tile that comes to it next */
    int have, next;       /* samples of each row that are there; the step that gives the next */
    float (*samples)[SIDE];
} NAME(walk);

static inline TARGET V NAME(over_count)(V a, float n) { return NAME(over)(a, ALL(n), ALL(1 / n)); }

/* ---- what comes in: luma ---- */

static inline TARGET bool NAME(opaque)(const uint8_t *p)
{
    uint64_t all = ~(uint64_t)0, two;
    FOR(k, LANES / 2) {
        __builtin_memcpy(&two, p + 8 * k, 8);
        all &= two;
    }
    return (all & 0xff000000ff000000) == 0xff000000ff000000;
}

/* luma_on_white for LANES pixels: x / 255 is (x + 1 + (x >> 8)) >> 8 for all that occur. */
static inline TARGET V NAME(rgba)(const uint8_t *p)
{
    INTS pixels;
    __builtin_memcpy(&pixels, p, sizeof pixels);
    INTS red = pixels & 255, green = pixels >> 8 & 255, blue = pixels >> 16 & 255;
    if (!NAME(opaque)(p)) {
        const INTS alpha = pixels >> 24 & 255, white = 255 * (255 - alpha) + 127;
#define ON_WHITE(x) ((x) * alpha + white + 1 + (((x) * alpha + white) >> 8)) >> 8
        red = ON_WHITE(red);
        green = ON_WHITE(green);
        blue = ON_WHITE(blue);
#undef ON_WHITE
    }
    return __builtin_convertvector(299 * red + 587 * green + 114 * blue, V);
}

static inline TARGET V NAME(light)(const uint8_t *p, int channels, int n)
{
    if (channels == 1) return NAME(grey)(p, n);
    if (channels == 3) return NAME(over_count)(NAME(rgb)(p, n), 1000.0f);
    if (n == LANES) return NAME(over_count)(NAME(rgba)(p), 1000.0f);
    union { float each[LANES]; V all; } some = {{0}};
    FOR(k, n) some.each[k] = luma_on_white(p + 4 * k);
    return some.all;
}

static inline TARGET void NAME(remember)(V *ring, int size, int c, const V tile[LANES])
{
    const int slot = c & (size - 1);
    FOR(k, LANES) ring[slot + k] = tile[k];
    if (slot == 0) FOR(k, LANES) ring[size + k] = tile[k];
}

/* n pixels of each of `there` rows, and zeros. Apart from fetch, so that its registers are left to whole RGB tiles. */
static __attribute__((noinline)) TARGET void NAME(fetch_rest)(const tb_picture *picture, const uint8_t *p, int n,
                                                              int there, V tile[LANES])
{
    const ptrdiff_t stride = picture->stride;
    const int channels = picture->channels;
    if (n == LANES && there == LANES && channels == 1) {
        FOR(r, LANES) tile[r] = NAME(light)(p + r * stride, 1, LANES);
    } else if (n == LANES && there == LANES) {
        FOR(r, LANES) tile[r] = NAME(light)(p + r * stride, channels, LANES);
    } else {
        FOR(r, LANES) tile[r] = r < there ? NAME(light)(p + r * stride, channels, n) : ZERO;
    }
}

/* The next LANES columns; what lies outside the picture is 0. */
static inline TARGET void NAME(fetch)(NAME(walk) *walk)
{
    const tb_picture *picture = walk->picture;
    const ptrdiff_t stride = picture->stride;
    const int c = walk->fetched, n = min(walk->cols - c, LANES);
    const int there = n > 0 ? min(picture->rows - walk->first, LANES) : 0;
    const uint8_t *p = picture->pixels + walk->first * stride + (ptrdiff_t)c * picture->channels;
    V tile[LANES];
    if (there == LANES && walk->first + 2 * LANES <= picture->rows)  /* the next band's, while this one is worked on */
        FOR(r, LANES) __builtin_prefetch(p + (r + LANES) * stride);
    if (n == LANES && there == LANES && picture->channels == 3) {
        FOR(r, LANES) tile[r] = NAME(light)(p + r * stride, 3, LANES);
    } else {
        NAME(fetch_rest)(picture, p, n, there, tile);
    }
    NAME(transpose)(tile);
    NAME(remember)(walk->x, walk->ring, c, tile);
    walk->fetched += LANES;
}

/* ---- the three boxes, a tile each, step by step: no sum waits for another's ---- */

typedef struct { V x[LANES], c[LANES], y[LANES]; } NAME(answers);

static inline TARGET void NAME(slide)(NAME(walk) *walk, int c, NAME(answers) *answers)
{
    const int window = walk->window, mask = walk->ring - 1, step = c + walk->lead, down = c - LANES;
    const V *in_x = walk->x + (step & mask), *out_x = walk->x + ((step - window) & mask);
    const V *in_y = walk->y + ((c - 2 * LANES) & mask), *out_y = walk->y + ((c - 2 * LANES - window) & mask);
    V x = walk->sum_x, y = walk->sum_y, *sums = (V *)(walk->sums + down), sum = *sums;
    FOR(k, LANES) {
        V *old = (V *)(walk->slot[k] + down);
        answers->x[k] = x = x + in_x[k] - out_x[k];
        answers->c[k] = sum = sum + walk->between[k] - *old;
        answers->y[k] = y = y + in_y[k] - out_y[k];
        *old = walk->between[k];
    }
    walk->sum_x = x;
    walk->sum_y = y;
    *sums = sum;
}

/* The first box's answers, for the second; none lies beyond the picture. */
static inline TARGET void NAME(hand_down)(NAME(walk) *walk, int c, const V answers[LANES])
{
    const int cols = walk->cols, step = c + walk->lead;
    V tile[LANES];
    if (step + 1 >= walk->window && step + LANES <= cols) {
        const V n = ALL((float)walk->window), by = ALL(1 / (float)walk->window);
        FOR(k, LANES) tile[k] = NAME(over)(answers[k], n, by);
    } else {
        FOR(k, LANES) tile[k] = c + k < cols ? NAME(over_count)(answers[k], under_window(cols, step + k)) : ZERO;
    }
    NAME(transpose)(tile);
    FOR(r, LANES) walk->between[r] = tile[r];
}

/* The second's, for the third. */
static inline TARGET void NAME(hand_along)(NAME(walk) *walk, int c, const V answers[LANES])
{
    V tile[LANES];
    FOR(r, LANES) tile[r] = NAME(over)(answers[r], walk->n[r], walk->by[r]);
    NAME(transpose)(tile);
    NAME(remember)(walk->y, walk->ring, c, tile);
}

/* The third's, where they are kept. */
static inline TARGET void NAME(keep)(NAME(walk) *walk, int c, const V answers[LANES])
{
    while (walk->next < c + LANES) {
        const V sample = NAME(over_count)(answers[walk->next - c], under_window(walk->cols, walk->next));
        FOR(r, LANES) walk->samples[r][walk->have] = sample[r];
        walk->next = ++walk->have < SIDE ? kept(walk->cols, walk->have) + walk->lead : INT32_MAX;
    }
}

/* ---- all of it ---- */

static inline TARGET NAME(walk) NAME(set_out)(const tb_picture *picture, int first, const workshop *w)
{
    const int rows = picture->rows, cols = picture->cols;
    NAME(walk) walk = {.picture = picture, .first = first, .cols = cols, .sums = w->wide.sums};
    walk.window = window_over(cols);
    walk.lead = lead_over(cols);
    walk.next = kept(cols, 0) + walk.lead;
    walk.ring = ring_over(cols, LANES);
    walk.x = (V *)w->room;
    walk.y = walk.x + walk.ring + LANES;
    FOR(i, 2 * (walk.ring + LANES)) walk.x[i] = ZERO;
    FOR(r, LANES) {
        const int t = min(first + r, rows + lead_over(rows) - 1);
        walk.n[r] = ALL(under_window(rows, t));
        walk.by[r] = ALL(1 / under_window(rows, t));
        walk.slot[r] = w->wide.ring + (size_t)((first + r) % window_over(rows)) * w->wide.stride;
        walk.between[r] = ZERO;
    }
    return walk;
}

TARGET void NAME(tb_band)(const tb_picture *picture, int first, const workshop *w, float samples[][SIDE])
{
    NAME(walk) walk = NAME(set_out)(picture, first, w);
    NAME(answers) answers;
    const int mask = walk.ring - 1;
    walk.samples = samples;
    for (int t = 0; t < walk.lead; t++) {
        if (walk.fetched <= t) NAME(fetch)(&walk);
        walk.sum_x = walk.sum_x + walk.x[t & mask] - walk.x[(t - walk.window) & mask];
    }
    while (walk.fetched < walk.lead + LANES) NAME(fetch)(&walk);
    for (int c = 0; walk.have < SIDE; c += LANES) {
        NAME(fetch)(&walk);
        NAME(slide)(&walk, c, &answers);
        NAME(hand_down)(&walk, c, answers.x);
        NAME(hand_along)(&walk, c - LANES, answers.c);
        NAME(keep)(&walk, c - 2 * LANES, answers.y);
    }
}
