"""The tree of errors. Each can speak to a person, and each knows the exit code it ends a command with.

    TakebackError
    ├── BadInput            what was given can't be used: say what and what to do (exit 2)
    │   ├── BadGiven        an answer that no question has, or a file of answers that can't be read
    │   ├── BadFile         a file that is not what it should be, or can't be opened safely
    │   ├── BadPacks        a pack that breaks the format; carries every problem
    │   ├── NoLawOn         a day that the packs do not cover
    │   ├── Locked          a wrong passphrase, or a case that is not open
    │   ├── Moved           the case went on elsewhere meanwhile: read it again, then go on
    │   └── Unwritable      no room on the disk, or a folder that can't be used safely
    ├── Unreached           a site that can't be asked, or does not answer as a site should (exit 2)
    ├── Refused             not taken, for safety: the child rule and its sisters (exit 3)
    ├── NoticeIncomplete    a notice lacks what its law asks for; carries every missing element (exit 1)
    └── PackageBroken       a package does not verify; carries every problem (exit 1)
        └── CaseBroken      a case's own log does not verify; the same

`say()` names no person and no stack. `hint` is one line of what to do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from takeback.words import later

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from takeback.terms import Missing, Problem


class TakebackError(Exception):
    """Anything Takeback refuses or cannot do."""

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def say(self) -> str:
        """One clear sentence for the person."""
        return self.what


class BadInput(TakebackError):
    """What was given cannot be used."""


class BadGiven(BadInput):
    """An answer that no question has, or a file of answers that cannot be read."""


class BadFile(BadInput):
    """A file that is not what it should be, or that cannot be opened safely."""


class BadPacks(BadInput):
    """Packs that break the format. `problems` holds all of them, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        count = "a mistake" if len(problems) == 1 else f"{len(problems)} mistakes"
        said = f"the law packs have {count}, so that Takeback tells nobody anything:"
        super().__init__("\n".join((said, *problems)), "`takeback packs check` shows the line of each")
        self.problems = tuple(problems)


class NoLawOn(BadInput):
    """A day that the packs do not cover: never answered with another day's law."""

    def __init__(self, on: date, covered_from: date) -> None:
        super().__init__(
            f"Takeback does not know the law of {on.isoformat()}",
            f"choose a day from {covered_from.isoformat()} on",
        )


class Locked(BadInput):
    """A wrong passphrase, or a case that is not open."""


class Moved(BadInput):
    """The case went on in another window since it was read."""


class Unwritable(BadInput):
    """No room on the disk, or a folder that cannot be used safely."""


UNREACHED = later(
    {
        "inward": "It leads into a private network, so Takeback did not go there",
        "door": "It uses an unusual door of the site, so Takeback did not go there",
        "name": "Its name leads nowhere: the site may be gone, or this computer may be offline",
        "silent": "The site does not answer",
        "slow": "The site took too long, so Takeback stopped waiting",
        "tls": "The site can't prove that it is the one that its name says, so Takeback did not go on",
        "loops": "It leads from one address to the next without an end",
        "no-clock": "What answered there is no time-stamping authority",
        "odd": "What came back can't be read as a page",
        "proxy": "This computer is set to speak through a proxy, which Takeback can't do yet, so it asked nobody",
    }
)
"""Why a site was not reached: a word for the log, a sentence for the person."""


class Unreached(TakebackError):
    """A site that can't be asked, or does not answer as a site should. `why` is a key of UNREACHED."""

    def __init__(self, why: str, hint: str = "look at it yourself in a browser, or try again later") -> None:
        super().__init__(UNREACHED[why], hint)
        self.why = why


class Refused(TakebackError):
    """A file that is not taken, for safety. The plan and the routes still come out."""

    exit_code = 3


class NoticeIncomplete(TakebackError):
    """A notice that lacks elements its law requires."""

    exit_code = 1

    def __init__(self, missing: Sequence[Missing]) -> None:
        super().__init__("Before this can be sent it needs: " + "; ".join(m.ask for m in missing))
        self.missing = tuple(missing)


class PackageBroken(TakebackError):
    """A package that does not verify. `details` lists every problem, not only the first."""

    exit_code = 1
    noun: ClassVar[str] = "package"

    def __init__(self, details: Sequence[Problem]) -> None:
        count = len(details)
        super().__init__(f"This {self.noun} has changed: {count} problem{'s' if count != 1 else ''}")
        self.details = tuple(details)


class CaseBroken(PackageBroken):
    """A case's log was changed outside Takeback. `details` lists every problem."""

    noun = "case"
