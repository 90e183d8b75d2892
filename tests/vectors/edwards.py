"""A second Ed25519, in plain arithmetic after RFC 8032 section 6, to make vectors without the library that they test.

Not for use: it is slow and leaks through time. It can also make what no signer makes: torsion points, other spellings
of a point, signatures that hold only with cofactor.
"""

from hashlib import sha512

FIELD = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, FIELD) % FIELD
ROOT_OF_MINUS_ONE = pow(2, (FIELD - 1) // 4, FIELD)

Point = tuple[int, int, int, int]  # extended homogeneous coordinates X, Y, Z, T

NEUTRAL: Point = (0, 1, 1, 0)


def add(left: Point, right: Point) -> Point:
    a = (left[1] - left[0]) * (right[1] - right[0]) % FIELD
    b = (left[1] + left[0]) * (right[1] + right[0]) % FIELD
    c, d = 2 * left[3] * right[3] * D % FIELD, 2 * left[2] * right[2] % FIELD
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % FIELD, g * h % FIELD, f * g % FIELD, e * h % FIELD


def times(scalar: int, point: Point) -> Point:
    total = NEUTRAL
    while scalar:
        if scalar & 1:
            total = add(total, point)
        point, scalar = add(point, point), scalar >> 1
    return total


def encode(point: Point) -> bytes:
    inverse = pow(point[2], -1, FIELD)
    x, y = point[0] * inverse % FIELD, point[1] * inverse % FIELD
    return spell(y, x & 1)


def spell(y: int, sign: int) -> bytes:
    """The 32 bytes for this y and sign of x, whether canonical (y < FIELD) or not."""
    return (y | sign << 255).to_bytes(32, "little")


def point_at(y: int, sign: int = 0) -> Point | None:
    """The point with this y and parity of x, or None where the curve has none."""
    squared = (y * y - 1) * pow(D * y * y + 1, -1, FIELD) % FIELD
    x = pow(squared, (FIELD + 3) // 8, FIELD)
    if x * x % FIELD != squared:
        x = x * ROOT_OF_MINUS_ONE % FIELD
    if x * x % FIELD != squared:
        return None
    if x & 1 != sign:
        x = -x % FIELD
    return x, y % FIELD, 1, x * y % FIELD


def _base() -> Point:
    found = point_at(4 * pow(5, -1, FIELD) % FIELD)
    assert found is not None, "RFC 8032 says that it is on the curve"
    return found


BASE = _base()


def torsion_points() -> list[Point]:
    """The eight points whose order divides 8, as multiples 0…7 of one of order 8."""
    y = 2
    while True:
        found = point_at(y)
        rest = times(ORDER, found) if found else NEUTRAL
        if encode(times(4, rest)) != encode(NEUTRAL):
            return [times(multiple, rest) for multiple in range(8)]
        y += 1


def challenge(r: bytes, public: bytes, message: bytes) -> int:
    return int.from_bytes(sha512(r + public + message).digest(), "little") % ORDER


class Signer:
    """A private key by its 32-byte seed."""

    def __init__(self, seed: bytes) -> None:
        digest = sha512(seed).digest()
        self.scalar = int.from_bytes(digest[:32], "little") & (2**254 - 8) | 2**254
        self.prefix = digest[32:]
        self.point = times(self.scalar, BASE)
        self.public = encode(self.point)

    def sign(self, message: bytes) -> bytes:
        r = int.from_bytes(sha512(self.prefix + message).digest(), "little") % ORDER
        return self.sign_as(message, encode(times(r, BASE)), r)

    def sign_as(self, message: bytes, r_bytes: bytes, r: int, public: bytes | None = None) -> bytes:
        """The signature with this spelling of R, whose logarithm is r, under this spelling of the public key."""
        k = challenge(r_bytes, public or self.public, message)
        return r_bytes + ((r + k * self.scalar) % ORDER).to_bytes(32, "little")
