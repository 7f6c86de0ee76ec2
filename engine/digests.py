"""What the house keeps of a secret that it has given out: a digest, never the secret."""

from __future__ import annotations

from hashlib import sha256


def digest_of(secret: str) -> str:
    """The SHA-256 of a random token: it has so much chance in it that nothing slower is needed."""
    return sha256(secret.encode()).hexdigest()
