"""The key of pseudonyms: where it comes from, and what it makes of an id.

HMAC-SHA-256 (Krawczyk, Bellare and Canetti, 1997) of scope and id, cut to 128 bit. A hash without a key would hide
nothing: ids and phone numbers can be counted through.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analysis.basis.errors import ParamsError

KEY, KEY_FILE = "LINECARD_KEY", "LINECARD_KEY_FILE"
SHORTEST = 32  # bytes of a key
DIGITS = 32  # hexadecimal digits of a pseudonym: 128 bit
CUSTOMER = "customer"
_BLOCK = 64  # bytes of a block of SHA-256


@dataclass(frozen=True)
class Key:
    """The key of pseudonyms. It is never printed; `id` tells two keys apart without telling either."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Sixteen hexadecimal digits."""
        return hmac.new(self.secret, b"linecard key id", hashlib.sha256).hexdigest()[:16]

    def pseudonym(self, id: str, scope: str = CUSTOMER) -> str:
        """What stands for `id` in the tables of a run."""
        return hmac.new(self.secret, f"{scope}:{id}".encode(), hashlib.sha256).hexdigest()[:DIGITS]

    @property
    def pads(self) -> tuple[bytes, bytes]:
        """The inner and the outer block of HMAC, which let an engine that only knows SHA-256 do the rest."""
        secret = self.secret if len(self.secret) <= _BLOCK else hashlib.sha256(self.secret).digest()
        block = secret.ljust(_BLOCK, b"\0")
        return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def read_key(environ: Mapping[str, str], *, where: str, project: Path) -> Key:
    """The key that `LINECARD_KEY` holds, or the file that `LINECARD_KEY_FILE` names outside the project.

    Raises
    ------
    ParamsError
        When there is none, it is shorter than 32 bytes, or its file lies in `project`.
    """
    if environ.get(KEY):
        found, secret = f"one in {KEY}", environ[KEY].encode()
    elif environ.get(KEY_FILE):
        found, secret = f"one in the file of {KEY_FILE}", _file_bytes(Path(environ[KEY_FILE]), where, project)
    else:
        raise _no_key(where, found="none")
    if len(secret) < SHORTEST:
        raise _no_key(where, found=f"{found} with {len(secret)} bytes")
    return Key(secret)


def _file_bytes(path: Path, where: str, project: Path) -> bytes:
    if path.resolve().is_relative_to(project.resolve()):
        raise _no_key(where, found="a key file inside the project, where it would be copied and committed")
    try:
        return path.read_bytes().strip()
    except OSError as error:
        found = f"a file of {KEY_FILE} that cannot be read ({(error.strerror or 'an error').lower()})"
        raise _no_key(where, found=found) from None


def _no_key(where: str, *, found: str) -> ParamsError:
    do = (
        f"Put it into the environment variable {KEY}, or into a file outside the project that {KEY_FILE} names, e.g. "
        "`openssl rand -hex 32`; keep it: another key makes other pseudonyms."
    )
    return ParamsError(where, expected=f"a key of at least {SHORTEST} bytes for pseudonyms", found=found, do=do)
