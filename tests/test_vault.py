"""Sealing and opening with age: by us, by the ordinary `age` program, and by nobody else."""

import io
import os
import pty
import subprocess
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from takeback import errors, vault

KEY = vault.new_key()
HERE = vault.Context("case-one", "event", 7)
PASSPHRASE = "a blue kettle sings"
WRAPPED = vault.wrap_with_passphrase(KEY, PASSPHRASE)


def seal_in(context, chunks, key=KEY):
    out = io.BytesIO()
    vault.seal_in(context, chunks, out.write, [key.recipient])
    return out.getvalue()


def open_in(context, sealed, key=KEY):
    return b"".join(vault.open_in(context, io.BytesIO(sealed), key))


def age(*arguments, typed=None, data=None):
    """Run the ordinary age program, typing a passphrase at its terminal where it asks for one."""
    if typed is None:
        return subprocess.run(["age", *map(str, arguments)], input=data, capture_output=True, check=True).stdout
    ours, theirs = pty.openpty()
    done = subprocess.Popen(
        ["setsid", "--ctty", "age", *map(str, arguments)], stdin=theirs, stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    os.write(ours, typed.encode() + b"\n")
    out, _ = done.communicate(timeout=60)
    os.close(ours)
    assert done.returncode == 0
    return out


@given(st.binary(max_size=5000))
def test_what_is_sealed_opens(body):
    assert vault.unseal(vault.seal(HERE, body, [KEY.recipient]), HERE, KEY) == body


@given(st.lists(st.binary(max_size=3000), max_size=8))
def test_a_stream_that_is_sealed_opens(chunks):
    assert open_in(HERE, seal_in(HERE, chunks)) == b"".join(chunks)


@pytest.mark.parametrize(
    "other",
    [
        vault.Context("case-two", "event", 7),
        vault.Context("case-one", "blob", 7),
        vault.Context("case-one", "event", 8),
    ],
)
def test_a_swapped_envelope_is_refused(other):
    with pytest.raises(errors.BadFile):
        vault.unseal(vault.seal(other, b"body", [KEY.recipient]), HERE, KEY)
    with pytest.raises(errors.BadFile):
        open_in(HERE, seal_in(other, [b"body"]))


def test_an_envelope_of_another_version_is_refused(monkeypatch):
    monkeypatch.setattr(vault, "VERSION", 2)
    newer = vault.seal(HERE, b"body", [KEY.recipient])
    monkeypatch.undo()
    with pytest.raises(errors.BadFile):
        vault.unseal(newer, HERE, KEY)


@pytest.mark.parametrize("inside", [b"", b"body", b"{}\n", b'{"size": -1}\n', b'{"size": "x"}\n', b"[]\n"])
def test_something_else_sealed_to_the_same_key_is_refused(inside):
    with pytest.raises(errors.BadFile):
        vault.unseal(vault.seal_bytes(inside, [KEY.recipient]), HERE, KEY)


def test_the_size_of_a_seal_does_not_tell_which_answer_was_given():
    short, long = (vault.seal(HERE, body, [KEY.recipient]) for body in (b"no", b"I don't know"))
    assert len(vault.open_bytes(short, KEY)) == len(vault.open_bytes(long, KEY))  # age pads its header at random


def test_every_flipped_bit_of_a_seal_is_refused():
    sealed = vault.seal(HERE, b"body", [KEY.recipient])
    for bit in range(0, len(sealed) * 8, 7):
        flipped = bytearray(sealed)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(errors.BadFile):
            vault.unseal(bytes(flipped), HERE, KEY)


@pytest.mark.parametrize("keep", [0, 1, 100, 199, 70_000, 140_000])
def test_a_truncated_stream_is_never_taken_for_whole(keep):
    sealed = seal_in(HERE, [b"x" * 150_000])
    with pytest.raises(errors.BadFile):
        open_in(HERE, sealed[:keep])


def test_another_key_opens_nothing():
    with pytest.raises(errors.BadFile):
        vault.unseal(vault.seal(HERE, b"body", [KEY.recipient]), HERE, vault.new_key())
    with pytest.raises(errors.BadFile):
        open_in(HERE, seal_in(HERE, [b"body"]), vault.new_key())


def test_what_goes_wrong_on_either_side_of_a_stream_comes_out_unchanged():
    def failing_chunks():
        yield b"x"
        raise ZeroDivisionError

    def full_disk(_):
        raise OSError(28, "full")

    with pytest.raises(ZeroDivisionError):
        seal_in(HERE, failing_chunks())
    for size in (1, 1_000_000):  # age drops a failure of its last write: ours must not
        with pytest.raises(OSError, match="full"):
            vault.seal_stream([b"x" * size], full_disk, [KEY.recipient])


def test_a_sealed_stream_can_be_read_as_it_is_sealed():
    sealed = b"".join(vault.sealed_stream([b"x" * 100_000] * 3, [KEY.recipient]))
    assert vault.open_bytes(sealed, KEY) == b"x" * 300_000

    def failing_chunks():
        yield b"x"
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(vault.sealed_stream(failing_chunks(), [KEY.recipient]))


def test_a_reader_who_leaves_early_leaves_no_thread_behind():
    before = threading.active_count()
    for stream in (
        vault.open_in(HERE, io.BytesIO(seal_in(HERE, [b"x" * 3_000_000])), KEY),
        vault.sealed_stream([b"x" * 3_000_000], [KEY.recipient]),
    ):
        next(stream)
        stream.close()
    assert threading.active_count() == before


def test_a_passphrase_opens_its_key_and_a_wrong_one_does_not():
    assert vault.unwrap_with_passphrase(WRAPPED, PASSPHRASE) == KEY
    with pytest.raises(errors.Locked) as wrong:
        vault.unwrap_with_passphrase(WRAPPED, "a blue kettle sang")
    assert "passphrase" in wrong.value.say()
    assert wrong.value.hint


def test_a_scrypt_recipient_stands_alone_in_its_file():
    head = WRAPPED.split(b"\n---")[0]
    assert head.count(b"\n-> ") == 1
    assert b"-> scrypt " in head


def test_an_empty_passphrase_is_refused():
    with pytest.raises(errors.BadInput):
        vault.wrap_with_passphrase(KEY, "  ")


def test_a_damaged_wrapped_key_is_one_sentence():
    with pytest.raises(errors.Locked):
        vault.unwrap_with_passphrase(b"age-encryption.org/v1\nnothing", PASSPHRASE)


def test_a_key_wrapped_to_a_recipient_opens_with_its_identity_only():
    desk = vault.new_key()
    assert vault.unwrap(vault.wrap_to(KEY, desk.recipient), desk) == KEY
    with pytest.raises(errors.BadFile):
        vault.unwrap(vault.wrap_to(KEY, desk.recipient), vault.new_key())


@pytest.mark.parametrize(
    "recipient",
    ["", "age1xx", "ssh-ed25519 AAAA", KEY.recipient[:-1] + "b", KEY.secret],
    ids=["nothing", "too short", "of another kind", "one letter off", "a secret key"],
)
def test_a_recipient_that_age_does_not_know_is_one_sentence(recipient):
    with pytest.raises(errors.BadInput) as refused:
        vault.check_recipient(recipient)
    assert "age1" in refused.value.hint


def test_a_key_does_not_show_itself():
    assert KEY.secret not in repr(KEY)
    assert KEY.secret not in str(KEY)


def test_the_age_program_opens_an_envelope(tmp_path):
    (tmp_path / "key.txt").write_text(KEY.secret + "\n")
    opened = age("-d", "-i", tmp_path / "key.txt", data=vault.seal(HERE, b"my words", [KEY.recipient]))
    assert opened.split(b"\n", 1)[1].rstrip(b"\0") == b"my words"


def test_the_age_program_opens_what_we_seal_with_the_wrapped_key_and_the_passphrase(tmp_path):
    (tmp_path / "key.age").write_bytes(WRAPPED)
    (tmp_path / "package.age").write_bytes(vault.seal_bytes(b"tar", [KEY.recipient]))
    assert age("-d", "-i", tmp_path / "key.age", tmp_path / "package.age", typed=PASSPHRASE) == b"tar"


def test_we_open_what_the_age_program_sealed():
    assert vault.open_bytes(age("-r", KEY.recipient, data=b"reply"), KEY) == b"reply"
