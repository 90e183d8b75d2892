"""Why something that was read is refused: each class has the stable code of the contract (section 3)."""

from typing import ClassVar


class CodeRefused(Exception):
    """What was read is not taken. `reason` is an English sentence for the log; it never holds the code itself."""

    code: ClassVar[str] = "code_malformed"

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CodeMalformed(CodeRefused):
    """Not our alphabet, host, kind or length: nobody could have printed this."""

    code = "code_malformed"


class CodeUnknownVersion(CodeRefused):
    """Well formed, but of a version that this reader does not know: the reader is too old, or it is not ours."""

    code = "code_unknown_version"


class CodeSignatureInvalid(CodeRefused):
    """Right in shape, but not signed by a key that we know for this device."""

    code = "code_signature_invalid"


class FieldsInvalid(CodeRefused):
    """A signed document or a request whose members are not as agreed. `field` is the path of the first wrong one."""

    code = "invalid_fields"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
