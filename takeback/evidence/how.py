"""What a package says of how to check it without Takeback. Every indented line can be typed as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from takeback import custody

VERIFY = """\
HOW TO CHECK THIS PACKAGE WITHOUT TAKEBACK

It is a BagIt folder (RFC 8493). Type these in the folder that holds bagit.txt. Most systems have the first two:

    sha256sum -c --strict tagmanifest-sha256.txt
    sha256sum -c --strict manifest-sha256.txt

The same with SHA-512:

    sha512sum -c --strict tagmanifest-sha512.txt
    sha512sum -c --strict manifest-sha512.txt

Or, on a copy, with the Library of Congress's program (Python):

    pip install bagit
    bagit.py --validate .

THE STAMP
If there is a folder named stamp, a time-stamping authority (RFC 3161) has signed the hash of tagmanifest-sha256.txt,
and with it every file here:

    sha256sum -c --strict stamp/sha256.txt
    openssl ts -verify -data tagmanifest-sha256.txt -in stamp/stamp.tsr -CAfile stamp/authority.pem
    openssl ts -reply -in stamp/stamp.tsr -text

The second command answers "Verification: OK", the third shows the time. stamp/authority.pem came with this package, so
get the authority's certificate from the authority itself, and compare the two:

    openssl x509 -in stamp/authority.pem -noout -subject -fingerprint -sha256

If a certificate has ended since, add -no_check_time to the second command.

THE LOG
data/custody.jsonl says what was done, one event a line, in order. "sealed" is the SHA-256 of the event's sealed text;
"link" chains it to the line before it. The link of the last line can be made by hand:

    {link}

It gives {head}
and the same stands in bag-info.txt as Takeback-Custody-Head. The chain is over the sealed events. What the lines say
beside it, the times and what was done, is held by the manifests, and so by a stamp.

THE FILES
{files}

{examiners}IF IT CAME SEALED
With the key in key.txt, the ordinary age program opens it, and leaves the folder beside it:

    age -d -i key.txt files.tar.age | tar -x

WHAT THIS PROVES
That the files are unchanged since the time in the stamp. Without a stamp: since the package was made, and when that was
is known only by the clock of the computer that made it.

WHAT IT DOES NOT PROVE
Who made the files, where they came from, or whether what they show is true.
"""

WITH = "data/exhibits.json lists each file as it was received: its reference, size, hashes, original name and time."
WITHOUT = """\
The files themselves are not in this package. data/exhibits.json says of each what it is: its reference, size, hashes,
original name and time. Whoever has a file can compare it: sha256sum gives the same hash for the same bytes only."""

SAYS = """\
STAMPED {at}
by {by}

The time is the authority's, not this computer's. The files of the package are unchanged since then. It says nothing of
who made them, or whether what they show is true. ../data/VERIFY.txt tells how to check it.
"""


SEALED = """\
HOW TO CHECK THIS STAMP WITHOUT TAKEBACK

It is over the sealed file beside this folder, and needs no key. Type these where the sealed file is:

    sha256sum -c --strict {name}.stamp/sealed-sha256.txt
    cd {name}.stamp
    openssl ts -verify -data sealed-sha256.txt -in stamp.tsr -CAfile authority.pem
    openssl ts -reply -in stamp.tsr -text

authority.pem came with it, so get the authority's certificate from the authority itself, and compare the two:

    openssl x509 -in authority.pem -noout -subject -fingerprint -sha256

It proves that the sealed file, and so what is in it, is unchanged since the time in the stamp. It does not prove who
made it, or whether what it shows is true.
"""


def sealed(name: str) -> str:
    """HOW-TO-CHECK.txt, beside the stamp of a sealed file."""
    return SEALED.format(name=name)


EXAMINERS = """\
FOR FORENSIC TOOLS
data/case-uco.jsonld says once more what data/exhibits.json and data/custody.jsonl say, as CASE/UCO. `takeback verify`
makes it again out of those two and compares every byte. Its form is checked with the program of CASE (Python):

    pip install case-utils
    case_validate data/case-uco.jsonld

"""


def text(chain: custody.Entry | None, *, withheld: bool, examiners: bool = False) -> str:
    """VERIFY.txt. `chain` is the last link of the log."""
    lines = (chain.case, chain.sequence, chain.previous, chain.sealed) if chain else ("", 0, "", "")
    link = "printf 'takeback link 1\\n%s\\n%s\\n%s\\n%s\\n' {} | sha256sum".format(" ".join(map(str, lines)))
    more = EXAMINERS if examiners else ""
    head = chain.hash if chain else ""
    return VERIFY.format(link=link, head=head, files=WITHOUT if withheld else WITH, examiners=more)


def says(at: str, by: str) -> str:
    """What stands beside a stamp, in words."""
    return SAYS.format(at=at, by=by)
