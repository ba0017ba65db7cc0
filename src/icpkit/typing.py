"""Types that several rooms share."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

import attrs

#: What became of a scoring: ``"disqualified"`` outranks ``"insufficient data"``.
Status: TypeAlias = Literal["scored", "disqualified", "insufficient data"]

#: What a gate says.
Verdict: TypeAlias = Literal["passed", "failed", "unverified"]

#: One company: a mapping, an attrs or dataclass object, or any object with attributes.
Account: TypeAlias = Mapping[str, Any] | Any

#: What to do with values of the wrong kind.
OnInvalid: TypeAlias = Literal["raise", "unknown"]


@attrs.frozen
class Offender:
    """One value of the wrong kind.

    Attributes:
        key: the account's key, or None.
        attribute: the attribute that holds the value.
        value: the value itself.
        reason: what is wrong with it.
    """

    key: object
    attribute: str
    value: object
    reason: str

    def describe(self, *, redact: bool = False) -> str:
        """Say it in one line.

        >>> Offender("acme", "employees", "many", "text where a number belongs").describe()
        "acme: employees = 'many': text where a number belongs"
        >>> Offender(None, "employees", "many", "text where a number belongs").describe(redact=True)
        'employees: text where a number belongs'
        """
        where = f"{self.attribute}" if redact or self.key is None else f"{self.key}: {self.attribute}"
        if redact:
            return f"{where}: {self.reason}"
        shown = repr(self.value)
        return f"{where} = {shown if len(shown) <= 80 else shown[:79] + '…'}: {self.reason}"
