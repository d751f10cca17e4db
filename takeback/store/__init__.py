"""The only disk. `data` finds the data folder, `folder` writes and reads plain files, `cases` keeps sealed cases.

Importing this package loads no Django; `takeback.store.cases` does.
"""
