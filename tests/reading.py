"""How easy a text is to read, as `takeback packs check` measures it."""

from takeback.reading import legalese, longest, mean_length, sentences

__all__ = ["legalese", "longest", "mean_length", "sentences"]
