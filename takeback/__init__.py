"""Takeback: from "there is a deepfake of me" to "it is down, it stays down, and the right people know"."""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"
__all__ = ["Bank", "pdq", "pdq_dihedral"]

if TYPE_CHECKING:
    from takeback._kernel import pdq, pdq_dihedral
    from takeback.bank import Bank
else:

    def __getattr__(name: str) -> object:
        """Fetch `pdq`, its sister and `Bank` when they are first asked for: a plan needs none of them."""
        if name == "Bank":
            from takeback.bank import Bank  # noqa: PLC0415

            return Bank
        if name in __all__:
            from takeback import _kernel  # noqa: PLC0415

            return getattr(_kernel, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
