"""The key of pseudonyms."""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

import pytest

from analysis.basis.errors import ParamsError
from analysis.extracts.key import Key, read_key

SECRET = "0123456789abcdef0123456789abcdef"


def read(environ: dict[str, str], project: Path = Path("/nowhere")) -> Key:
    return read_key(environ, where="params/quarterly/2026-Q3.yml, pseudonymise", project=project)


def test_a_pseudonym_is_128_bit_of_the_standard_hmac_of_scope_and_id() -> None:
    got = read({"LINECARD_KEY": SECRET}).pseudonym("C1")
    assert got == hmac.new(SECRET.encode(), b"customer:C1", hashlib.sha256).hexdigest()[:32]
    assert len(bytes.fromhex(got)) * 8 == 128


def test_the_same_id_has_another_pseudonym_under_another_key_and_in_another_scope() -> None:
    key, other = Key(SECRET.encode()), Key(SECRET[::-1].encode())
    assert len({key.pseudonym("C1"), other.pseudonym("C1"), key.pseudonym("C1", "household")}) == 3


def test_the_keys_id_is_not_the_key_and_tells_two_keys_apart() -> None:
    key, other = Key(SECRET.encode()), Key(SECRET[::-1].encode())
    assert key.id == Key(SECRET.encode()).id != other.id
    assert len(key.id) == 16
    assert SECRET not in repr(key) + str(key) + key.id


@pytest.mark.parametrize("secret", ["x", SECRET[:-1], 15 * "é" + "x"])
def test_a_key_of_fewer_than_32_bytes_is_refused_in_plain_words(secret: str) -> None:
    with pytest.raises(ParamsError) as error:
        read({"LINECARD_KEY": secret})
    assert str(error.value) == (
        "params/quarterly/2026-Q3.yml, pseudonymise: expected a key of at least 32 bytes for pseudonyms, "
        f"found one in LINECARD_KEY with {len(secret.encode())} bytes. "
        "Put it into the environment variable LINECARD_KEY, or into a file outside the project that LINECARD_KEY_FILE "
        "names, e.g. `openssl rand -hex 32`; keep it: another key makes other pseudonyms."
    )


def test_pseudonyms_without_a_key_are_refused() -> None:
    with pytest.raises(ParamsError, match=r"expected a key of at least 32 bytes for pseudonyms, found none\. Put it"):
        read({"LINECARD_KEY": "", "LINECARD_KEY_FILE": ""})


def test_a_key_may_lie_in_a_file_outside_the_project_only(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    for folder in (tmp_path, tmp_path / "project"):
        (folder / "key").write_text(SECRET + "\n")
    outside = {"LINECARD_KEY_FILE": str(tmp_path / "key")}
    assert read(outside, tmp_path / "project") == Key(SECRET.encode())
    with pytest.raises(ParamsError, match=r"found a key file inside the project, where it would be copied"):
        read({"LINECARD_KEY_FILE": str(tmp_path / "project" / "key")}, tmp_path / "project")


def test_a_key_file_that_cannot_be_read_is_refused_without_its_path(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=r"a file of LINECARD_KEY_FILE that cannot be read \(no such file") as no:
        read({"LINECARD_KEY_FILE": str(tmp_path / "absent")})
    assert str(tmp_path) not in str(no.value)


def test_counting_through_phone_numbers_with_another_key_finds_nobody() -> None:
    """A million numbers, hashed without the key or with a wrong one: no pseudonym is met; without a key all are."""
    numbers = [f"0170{n:07d}" for n in range(1_000_000)]
    published = {Key(SECRET.encode()).pseudonym(number) for number in numbers[:100]}
    wrong = hmac.new(b"wrong" * 8, digestmod=hashlib.sha256)
    unsalted = {hashlib.sha256(number.encode()).hexdigest()[:32] for number in numbers[:100]}
    met = met_unsalted = 0
    for number in numbers:
        guess = wrong.copy()
        guess.update(f"customer:{number}".encode())
        met += guess.hexdigest()[:32] in published
        met_unsalted += hashlib.sha256(number.encode()).hexdigest()[:32] in unsalted
    assert (met, met_unsalted) == (0, 100)
