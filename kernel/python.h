/* python.h: what the two halves of the door to Python share: python.c (pixels) and python_bank.c (hashes). */
#ifndef TAKEBACK_PYTHON_H
#define TAKEBACK_PYTHON_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "takeback.h"

/* The paths that there are and that the environment does not switch off; the fastest of them. */
typedef struct {
    bool has[TB_PATHS];
    tb_path best;
} tb_choice;

/* The module's state. */
typedef struct { tb_choice hash, match; } tb_choices;

/* A ValueError in words for a person; always -1. */
int tb_refuse(const char *sentence);

/* 0 for TB_OK, else the ValueError that says it. */
int tb_explain(tb_answer answer);

/* The path of this name, or -1 and a ValueError. */
int tb_path_named(const tb_choice *choice, const char *name);

PyObject *tb_py_spread(PyObject *module, PyObject *hashes);
PyObject *tb_py_gather(PyObject *module, PyObject *rows);
PyObject *tb_py_index_bytes(PyObject *module, PyObject *count);
PyObject *tb_py_index_band(PyObject *module, PyObject *args);
PyObject *tb_py_match(PyObject *module, PyObject *args);

#endif
