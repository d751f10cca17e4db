"""The wire: the only network. Nothing in it speaks unless a person asked for it (fetch.py, stamp.py)."""
