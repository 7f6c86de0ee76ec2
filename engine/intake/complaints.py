"""What is wrong with what a row says as a whole: a fault with the field that is to blame."""

from typing import NamedTuple

from engine.intake.findings import Fault


class Complaint(NamedTuple):
    """A fault of a field. A contradiction may be *accepted* by its code; a mere warning is no error."""

    field: str
    fault: Fault
    is_error: bool = True


def wrong(field: str, code: str, message: str, remedy: str = "") -> Complaint:
    return Complaint(field, Fault(code, message, remedy))


def remark(field: str, code: str, message: str, remedy: str = "") -> Complaint:
    return Complaint(field, Fault(code, message, remedy), is_error=False)
