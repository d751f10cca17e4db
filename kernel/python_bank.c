/* python_bank.c: the kernel's door to Python for banks: hashes in, hits out. The lock is released while it works. */
#include "python.h"

#include <stdlib.h>

/* ---- what comes in ---- */

/* How many hashes a buffer holds, or -1 and a ValueError. */
static Py_ssize_t hashes_in(const Py_buffer *view)
{
    if (view->len % TB_HASH_BYTES != 0) return tb_refuse("hashes are 32 bytes each, one after the other");
    if (view->len / TB_HASH_BYTES > TB_MAX_ROWS) return tb_refuse("these are too many hashes for one bank");
    return view->len / TB_HASH_BYTES;
}

/* ---- the order of bits ---- */

typedef void reorder(const uint8_t from[TB_HASH_BYTES], uint8_t to[TB_HASH_BYTES]);

static void reorder_all(reorder *one, const uint8_t *from, uint8_t *to, Py_ssize_t count)
{
    for (Py_ssize_t i = 0; i < count; i++) one(from + i * TB_HASH_BYTES, to + i * TB_HASH_BYTES);
}

static PyObject *reordered(PyObject *hashes, reorder *one)
{
    Py_buffer view;
    if (PyObject_GetBuffer(hashes, &view, PyBUF_SIMPLE) < 0) return NULL;
    const Py_ssize_t count = hashes_in(&view);
    PyObject *answer = count < 0 ? NULL : PyBytes_FromStringAndSize(NULL, view.len);
    if (answer != NULL) {
        uint8_t *to = (uint8_t *)PyBytes_AsString(answer);
        Py_BEGIN_ALLOW_THREADS
        reorder_all(one, view.buf, to, count);
        Py_END_ALLOW_THREADS
    }
    PyBuffer_Release(&view);
    return answer;
}

PyObject *tb_py_spread(PyObject *module, PyObject *hashes)
{
    (void)module;
    return reordered(hashes, tb_spread);
}

PyObject *tb_py_gather(PyObject *module, PyObject *rows)
{
    (void)module;
    return reordered(rows, tb_gather);
}

/* ---- the index ---- */

PyObject *tb_py_index_bytes(PyObject *module, PyObject *count)
{
    const long long n = PyLong_AsLongLong(count);
    (void)module;
    if (n == -1 && PyErr_Occurred()) return NULL;
    if (n < 0 || n > TB_MAX_ROWS) return tb_refuse("no bank has so many hashes"), NULL;
    return PyLong_FromSize_t(TB_BANDS * tb_band_bytes((uint32_t)n));
}

static int make_band(const Py_buffer *rows, int band, const Py_buffer *to)
{
    const Py_ssize_t count = hashes_in(rows);
    if (count < 0) return -1;
    if (band < 0 || band >= TB_BANDS) return tb_refuse("there are 16 bands, 0 to 15");
    if ((size_t)to->len != tb_band_bytes((uint32_t)count)) return tb_refuse("a band of so many hashes has another length");
    Py_BEGIN_ALLOW_THREADS
    tb_index_band(rows->buf, (uint32_t)count, band, to->buf);
    Py_END_ALLOW_THREADS
    return 0;
}

PyObject *tb_py_index_band(PyObject *module, PyObject *args)
{
    Py_buffer rows, to;
    int band;
    (void)module;
    if (!PyArg_ParseTuple(args, "y*iw*:index_band", &rows, &band, &to)) return NULL;
    const int failed = make_band(&rows, band, &to);
    PyBuffer_Release(&rows);
    PyBuffer_Release(&to);
    return failed ? NULL : Py_BuildValue("");
}

/* ---- matching ---- */

enum { ROOM = 256, MOST_ROOM = 1 << 30 };

/* Appends a list for each query that is done, with a pair for each of its hits. */
static int append_hits(PyObject *lists, const tb_hits *hits)
{
    size_t at = 0;
    for (uint32_t query = 0; query < hits->done; query++) {
        PyObject *list = PyList_New(0);
        int failed = list == NULL || PyList_Append(lists, list) < 0;
        for (; !failed && at < hits->found && hits->each[at].query == query; at++) {
            PyObject *pair = Py_BuildValue("(II)", hits->each[at].row, hits->each[at].distance);
            failed = pair == NULL || PyList_Append(list, pair) < 0;
            Py_XDECREF(pair);
        }
        Py_XDECREF(list);
        if (failed) return -1;
    }
    return 0;
}

static int grow(tb_hits *hits, size_t room)
{
    tb_hit *each = room > MOST_ROOM / sizeof *each ? NULL : realloc(hits->each, room * sizeof *each);
    if (each == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    hits->each = each;
    hits->room = room;
    return 0;
}

/* Asks again from where the room ran out, with more of it if it was too little for even one query. */
static int match_all(tb_path path, const tb_bank *bank, const uint8_t *queries, uint32_t count, int distance,
                     tb_hits *hits, PyObject *lists)
{
    if (grow(hits, ROOM + 4 * (size_t)count) < 0) return -1;
    for (uint32_t first = 0; first < count; first += (uint32_t)hits->done) {
        tb_answer answer;
        Py_BEGIN_ALLOW_THREADS
        answer = tb_match(path, bank, queries + (size_t)first * TB_HASH_BYTES, count - first, distance, hits);
        Py_END_ALLOW_THREADS
        if (answer != TB_NO_ROOM && tb_explain(answer) < 0) return -1;
        /* an index of a stranger's making may name a row over and over: no query has more hits than there are rows */
        if (hits->done == 0 && hits->room > bank->count) return tb_explain(TB_BROKEN_INDEX);
        if (hits->done == 0 && grow(hits, 4 * hits->room) < 0) return -1;
        if (append_hits(lists, hits) < 0) return -1;
    }
    return 0;
}

static PyObject *spread_and_match(tb_path path, const tb_bank *bank, const Py_buffer *queries, int distance)
{
    const Py_ssize_t count = hashes_in(queries);
    if (count < 0) return NULL;
    tb_hits hits = {0};
    uint8_t *spread = malloc((size_t)queries->len + 1);
    PyObject *lists = spread == NULL ? PyErr_NoMemory() : PyList_New(0);
    if (lists != NULL) {
        reorder_all(tb_spread, queries->buf, spread, count);
        if (match_all(path, bank, spread, (uint32_t)count, distance, &hits, lists) < 0) Py_CLEAR(lists);
    }
    free(hits.each);
    free(spread);
    return lists;
}

static int as_bank(const Py_buffer *rows, const Py_buffer *index, tb_bank *bank)
{
    const Py_ssize_t count = hashes_in(rows);
    if (count < 0) return -1;
    if (index->buf != NULL && (size_t)index->len != TB_BANDS * tb_band_bytes((uint32_t)count))
        return tb_refuse("this index is not one over so many hashes");
    *bank = (tb_bank){rows->buf, index->buf, (uint32_t)count};
    return 0;
}

PyObject *tb_py_match(PyObject *module, PyObject *args)
{
    const tb_choice *choice = &((tb_choices *)PyModule_GetState(module))->match;
    Py_buffer rows, index, queries;
    const char *name = NULL;
    int distance;
    if (!PyArg_ParseTuple(args, "y*z*y*i|z:match", &rows, &index, &queries, &distance, &name)) return NULL;
    const int path = name == NULL ? (int)choice->best : tb_path_named(choice, name);
    tb_bank bank;
    PyObject *answer = NULL;
    if (distance < 0 || distance > TB_MAX_DISTANCE) tb_refuse("a distance lies between 0 and 63 bits");
    else if (path >= 0 && as_bank(&rows, &index, &bank) == 0)
        answer = spread_and_match((tb_path)path, &bank, &queries, distance);
    PyBuffer_Release(&rows);
    PyBuffer_Release(&index);
    PyBuffer_Release(&queries);
    return answer;
}
