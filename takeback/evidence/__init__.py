"""Evidence: exhibits -> a package, and is this package whole? Pure; bytes, times, ids and answers come in as arguments.

A package is a BagIt folder: files as received, the custody log, addresses with times, a summary and an index to open,
and how to check all of it without Takeback. `package` yields parts, and hashes each as it is read, so nothing is held
in memory. `verify` returns what it found, or raises `PackageBroken` naming every fault at once; it follows no link and
no path that leads outside. A stamp (RFC 3161) over the tag manifest says by when the package was there: `stamped` makes
its parts from an authority's answer. What a package proves is that it has not changed, not who made it or whether it is
true.
"""

from takeback.evidence.check import Found, Reader, beside, verify
from takeback.evidence.form import place
from takeback.evidence.make import Papers, package
from takeback.evidence.stamp import Stamp, request, roots, stamped

__all__ = ["Found", "Papers", "Reader", "Stamp", "beside", "package", "place", "request", "roots", "stamped", "verify"]
