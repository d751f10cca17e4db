"""Takeback: from "there is a deepfake of me" to "it is down, it stays down, and the right people know"."""

from __future__ import annotations

__version__ = "0.1.0"
