/* python.c: the kernel's door to Python, takeback._kernel.
 *
 * Anything with the buffer protocol comes in. The interpreter's lock is released while the kernel works. What is
 * wrong with the pixels is a ValueError in words for a person.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <stdlib.h>
#include <string.h>

#include "python.h"

/* ---- what comes in: a buffer, looked at as a picture ---- */

int tb_refuse(const char *sentence)
{
    PyErr_SetString(PyExc_ValueError, sentence);
    return -1;
}

int tb_explain(tb_answer answer)
{
    switch (answer) {
    case TB_OK: return 0;
    case TB_TOO_SMALL: return tb_refuse("a picture needs at least 5 pixels each way to have a PDQ hash");
    case TB_TOO_LARGE: return tb_refuse("a picture of more than 100 megapixels is not hashed: make it smaller first");
    case TB_WRONG_CHANNELS: return tb_refuse("pixels have 1 channel (grey), 3 (RGB) or 4 (RGBA)");
    case TB_WRONG_STRIDE: return tb_refuse("the rows of these pixels overlap: pass a copy");
    case TB_WRONG_LENGTH: return tb_refuse("these bytes do not make up rows x cols x channels");
    case TB_NO_ROOM: break;
    case TB_BROKEN_INDEX: return tb_refuse("this bank's index is damaged");
    }
    return tb_refuse("the kernel gave an answer that this module does not know");
}

static int32_t clip(Py_ssize_t n) { return n > INT32_MAX ? INT32_MAX : (int32_t)n; }

/* (rows, cols) or (rows, cols, channels), whatever lies between the rows. */
static int as_picture(const Py_buffer *view, tb_picture *picture)
{
    if (view->itemsize != 1 || (view->format != NULL && view->format[0] != 'B'))
        return tb_refuse("pixels are bytes, 0 to 255: pass an array of uint8");
    if (view->ndim != 2 && view->ndim != 3)
        return tb_refuse("pixels have the shape (rows, cols) or (rows, cols, channels); plain bytes go to pdq_bytes");
    const Py_ssize_t channels = view->ndim == 3 ? view->shape[2] : 1;
    *picture = (tb_picture){
        .pixels = view->buf,
        .stride = view->strides[0],
        .rows = clip(view->shape[0]),
        .cols = clip(view->shape[1]),
        .channels = clip(channels),
    };
    if (view->strides[1] != channels || (channels > 1 && view->strides[2] != 1))
        return tb_refuse("the pixels of a row must lie side by side: pass a contiguous copy");
    return 0;
}

/* ---- which path: the fastest that there is, and that the environment does not switch off ---- */

static const struct {
    const char *name, *switched_off_by;
} paths[TB_PATHS] = {
    [TB_PORTABLE] = {"portable", NULL},
#ifdef __aarch64__
    [TB_FOUR] = {"neon", "TAKEBACK_NO_NEON"},
#else
    [TB_FOUR] = {"sse41", "TAKEBACK_NO_SSE41"},
#endif
    [TB_AVX2] = {"avx2", "TAKEBACK_NO_AVX2"},
    [TB_AVX512] = {"avx512", "TAKEBACK_NO_AVX512"},
};

static void choose(bool has_path(tb_path), tb_choice *choice)
{
    for (int path = 0; path < TB_PATHS; path++) {
        const char *variable = paths[path].switched_off_by, *value = variable ? getenv(variable) : NULL;
        choice->has[path] = has_path((tb_path)path) && (value == NULL || *value == '\0');
        if (choice->has[path]) choice->best = (tb_path)path;
    }
}

static int choose_all(PyObject *module)
{
    tb_choices *mine = PyModule_GetState(module);
    choose(tb_has, &mine->hash);
    choose(tb_has_match, &mine->match);
    return 0;
}

static PyObject *names_of(const tb_choice *choice)
{
    PyObject *names = PyList_New(0);
    for (int path = 0; names != NULL && path < TB_PATHS; path++) {
        PyObject *name = choice->has[path] ? PyUnicode_FromString(paths[path].name) : NULL;
        if (choice->has[path] && (name == NULL || PyList_Append(names, name) < 0)) Py_CLEAR(names);
        Py_XDECREF(name);
    }
    return names;
}

int tb_path_named(const tb_choice *choice, const char *name)
{
    for (int path = 0; path < TB_PATHS; path++)
        if (choice->has[path] && !strcmp(paths[path].name, name)) return path;
    return tb_refuse("there is no such path here: see paths()");
}

static tb_path best(PyObject *module) { return ((tb_choices *)PyModule_GetState(module))->hash.best; }

/* ---- what goes out ---- */

typedef PyObject *answerer(tb_path path, const tb_picture *picture);
typedef tb_answer hasher(tb_path, const tb_picture *, void *, uint8_t (*)[TB_HASH_BYTES], int *);

static tb_answer one(tb_path path, const tb_picture *picture, void *scratch, uint8_t (*hashes)[TB_HASH_BYTES],
                     int *quality)
{
    return tb_pdq(path, picture, scratch, hashes[0], quality);
}

static int run(hasher *hash, tb_path path, const tb_picture *picture, uint8_t (*hashes)[TB_HASH_BYTES], int *quality)
{
    void *scratch = malloc(tb_pdq_scratch(path, picture->rows, picture->cols) + 1);
    if (scratch == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    tb_answer answer;
    Py_BEGIN_ALLOW_THREADS
    answer = hash(path, picture, scratch, hashes, quality);
    Py_END_ALLOW_THREADS
    free(scratch);
    return tb_explain(answer);
}

static PyObject *hash_as_bytes(const uint8_t hash[TB_HASH_BYTES])
{
    return PyBytes_FromStringAndSize((const char *)hash, TB_HASH_BYTES);
}

static PyObject *hash_and_quality(tb_path path, const tb_picture *picture)
{
    uint8_t hash[1][TB_HASH_BYTES];
    int quality;
    if (run(one, path, picture, hash, &quality) < 0) return NULL;
    return Py_BuildValue("(Ni)", hash_as_bytes(hash[0]), quality);
}

static PyObject *hashes_and_quality(tb_path path, const tb_picture *picture)
{
    uint8_t hashes[TB_DIHEDRALS][TB_HASH_BYTES];
    int quality;
    if (run(tb_pdq_dihedral, path, picture, hashes, &quality) < 0) return NULL;
    PyObject *all = PyTuple_New(TB_DIHEDRALS);
    for (int i = 0; all != NULL && i < TB_DIHEDRALS; i++) {
        PyObject *each = hash_as_bytes(hashes[i]);
        if (each == NULL) Py_CLEAR(all);
        else PyTuple_SetItem(all, i, each);
    }
    return all == NULL ? NULL : Py_BuildValue("(Ni)", all, quality);
}

static PyObject *with_picture(PyObject *pixels, tb_path path, answerer *then)
{
    Py_buffer view;
    tb_picture picture;
    if (PyObject_GetBuffer(pixels, &view, PyBUF_STRIDES | PyBUF_FORMAT) < 0) return NULL;
    PyObject *answer = as_picture(&view, &picture) < 0 ? NULL : then(path, &picture);
    PyBuffer_Release(&view);
    return answer;
}

/* ---- the module ---- */

static PyObject *py_pdq(PyObject *module, PyObject *pixels)
{
    return with_picture(pixels, best(module), hash_and_quality);
}

static PyObject *py_pdq_dihedral(PyObject *module, PyObject *pixels)
{
    return with_picture(pixels, best(module), hashes_and_quality);
}

static PyObject *py_pdq_bytes(PyObject *module, PyObject *args)
{
    Py_buffer view;
    int rows, cols, channels;
    if (!PyArg_ParseTuple(args, "y*iii:pdq_bytes", &view, &rows, &cols, &channels)) return NULL;
    tb_picture picture;
    const tb_answer fits = tb_picture_of(view.buf, (size_t)view.len, rows, cols, channels, &picture);
    PyObject *answer = tb_explain(fits) < 0 ? NULL : hash_and_quality(best(module), &picture);
    PyBuffer_Release(&view);
    return answer;
}

static PyObject *py_paths(PyObject *module, PyObject *unused)
{
    (void)unused;
    return names_of(&((tb_choices *)PyModule_GetState(module))->hash);
}

static PyObject *py_match_paths(PyObject *module, PyObject *unused)
{
    (void)unused;
    return names_of(&((tb_choices *)PyModule_GetState(module))->match);
}

static PyObject *py_pdq_by(PyObject *module, PyObject *args)
{
    const char *name;
    PyObject *pixels;
    if (!PyArg_ParseTuple(args, "sO:pdq_by", &name, &pixels)) return NULL;
    const int path = tb_path_named(&((tb_choices *)PyModule_GetState(module))->hash, name);
    return path < 0 ? NULL : with_picture(pixels, (tb_path)path, hash_and_quality);
}

static PyMethodDef functions[] = {
    {"pdq", py_pdq, METH_O,
     "pdq(pixels) -> (hash, quality)\n\nThe PDQ hash, 32 bytes, and its quality, 0 to 100.\n\n"
     "pixels: bytes of the shape (rows, cols) for grey, (rows, cols, 3) for RGB or (rows, cols, 4) for RGBA, which is\n"
     "composited on white."},
    {"pdq_dihedral", py_pdq_dihedral, METH_O,
     "pdq_dihedral(pixels) -> (hashes, quality)\n\nThe hashes of a picture as it is, turned left by 90, 180 and 270\n"
     "degrees, upside down, mirrored, and mirrored on either diagonal."},
    {"pdq_bytes", py_pdq_bytes, METH_VARARGS,
     "pdq_bytes(data, rows, cols, channels) -> (hash, quality)\n\nThe same as pdq for plain bytes, row after row."},
    {"paths", py_paths, METH_NOARGS,
     "paths() -> names\n\nThe ways to work that this processor has and the environment leaves on, slowest first; the\n"
     "last is the one that is taken. TAKEBACK_NO_AVX512=1, and so on for each, switches one off."},
    {"pdq_by", py_pdq_by, METH_VARARGS, "pdq_by(path, pixels) -> (hash, quality)\n\nThe same as pdq, on one path."},
    {"spread", tb_py_spread, METH_O, "spread(hashes) -> rows\n\nHashes with their bits in the order of a bank."},
    {"gather", tb_py_gather, METH_O, "gather(rows) -> hashes\n\nThe way back."},
    {"index_bytes", tb_py_index_bytes, METH_O, "index_bytes(count) -> bytes\n\nHow long an index over so many rows is."},
    {"index_band", tb_py_index_band, METH_VARARGS,
     "index_band(rows, band, to)\n\nMakes one of the 16 bands of an index; the index is all of them, in their order."},
    {"match", tb_py_match, METH_VARARGS,
     "match(rows, index, queries, distance, path=None) -> hits\n\nFor each query the rows within a distance of it, as\n"
     "pairs of row and distance. Queries are hashes, rows are spread. Without an index (None) every row is looked at."},
    {"match_paths", py_match_paths, METH_NOARGS, "match_paths() -> names\n\nThe same as paths, for match."},
    {NULL, NULL, 0, NULL},
};

static PyModuleDef_Slot slots[] = {{Py_mod_exec, choose_all}, {0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT,
    .m_name = "takeback._kernel",
    .m_doc = "The kernel: pixels in, bits out.",
    .m_size = sizeof(tb_choices),
    .m_methods = functions,
    .m_slots = slots,
};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModuleDef_Init(&module); }
