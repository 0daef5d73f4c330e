"""The sandbox's controls as methods, used now or at a call that is still to come."""

from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]


class Controls:
    """What a test does in both systems besides calling them."""

    def control(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **parameters: object
    ) -> Any:
        """Use any control; ``path`` is below ``/_sandbox/``. Returns the parsed reply."""
        raise NotImplementedError

    def reset(self, **size: int | str) -> None:
        """Forget everything and start with a school of ``contacts``, ``conversations``, ``seed`` (default: as
        at the start), or one ``in_step`` (default: not).

        A school's stamps end before ``now`` (default: the real time), which the clock then shows.
        """
        self.control("POST", "reset", size)

    def clock(self, now: str | None = None, advance: float | None = None) -> str:
        """Set or advance the clock; returns its time."""
        given = {name: value for name, value in {"now": now, "advance": advance}.items() if value is not None}
        return str(self.control("POST", "clock", given)["now"])

    def options(self, **values: object) -> Row:
        """Set options; returns all of them."""
        return dict(self.control("POST", "options", values))

    def fault(self, action: str, **rule: object) -> None:
        """Order a fault (``sandbox.faults.rules.Rule``)."""
        self.control("POST", "faults", {"action": action, **rule})

    def alter(self, path: str = "", *, rule: Mapping[str, object] | None = None, **change: object) -> None:
        """Make replies false until it is called off: ``change`` as in ``sandbox.faults.replies.Change``,
        ``rule`` narrows down which replies, as in ``fault``."""
        self.fault("alter", path=path, **{"times": -1, **(rule or {})}, change=change)

    def meanwhile(self, **rule: object) -> "Ordered":
        """Controls that are used at a later call, such as ``meanwhile(kind="write", skip=2).edit(...)``:
        right before the third write is handled (``moment="after"``: right after)."""
        return Ordered(self, rule)

    def faults(self, name: str = "") -> list[Row]:
        """The faults ordered (with that name), each with how often it ``struck``."""
        return [rule for rule in self.control("GET", "faults") if name in ("", rule["name"])]

    def clear_faults(self, name: str = "") -> None:
        """Call off every fault, or those with that name."""
        self.control("DELETE", "faults", name=name)

    def counters(self) -> Row:
        """Calls and records by system."""
        return dict(self.control("GET", "counters"))

    def reset_counters(self) -> None:
        """Count from zero again."""
        self.control("POST", "counters/reset")

    def journal(self, after: int = 0) -> list[Row]:
        """Every write since line ``after``."""
        lines: list[Row] = []
        while page := self.control("GET", "journal", after=lines[-1]["sequence"] if lines else after):
            lines += page
        return lines

    def records(self, object: str, system: str = "salesforce", fields: Sequence[str] = ()) -> list[Row]:
        """Every row of an object, deleted ones too; with some fields or all."""
        return list(self.control("GET", "records", system=system, object=object, fields=",".join(fields)))

    def keep_segment(self, guid: str, contacts: Sequence[str] | None) -> None:
        """Store a segment of these contacts of Element451; None removes it."""
        given = None if contacts is None else list(contacts)
        self.control("POST", "element451/segments", {"segment": guid, "contacts": given})

    def create(self, object: str, **fields: object) -> str:
        """Create a Salesforce record as a person would; returns its id."""
        return str(self.control("POST", "salesforce/create", {"object": object, "fields": fields})["id"])

    def edit(self, object: str, id: str, **fields: object) -> None:
        """Change a Salesforce record as a person would."""
        self.control("POST", "salesforce/edit", {"object": object, "id": id, "fields": fields})

    def create_many(self, object: str, records: Sequence[Row]) -> list[str]:
        """Create Salesforce records as people would; returns their ids, in order."""
        return list(
            self.control("POST", "salesforce/create-many", {"object": object, "records": records})["ids"]
        )

    def edit_many(self, object: str, records: Sequence[Row]) -> None:
        """Change Salesforce records, each named by its ``Id``, as people would."""
        self.control("POST", "salesforce/edit-many", {"object": object, "records": records})

    def edit_element451(self, kind: str, edits: Mapping[str, Row]) -> None:
        """Change Element451 records (``contact`` or ``conversation``) as people would: the new values by
        id."""
        self.control("PATCH", f"element451/{kind}s", edits)

    def create_element451(self, kind: str, **values: object) -> str:
        """Create an Element451 record as a person would, slugs with underscores for dashes; returns its
        id."""
        given = {name.replace("_", "-"): value for name, value in values.items()}
        id_slug = "user-elementid" if kind == "contact" else "conversation-id"
        return str(self.control("POST", f"element451/{kind}s", given)[id_slug])

    def delete(self, object: str, *ids: str) -> None:
        """Put Salesforce records into the recycle bin."""
        self.control("POST", "salesforce/delete", {"object": object, "ids": ids})

    def undelete(self, object: str, *ids: str) -> None:
        """Take Salesforce records out of the recycle bin."""
        self.control("POST", "salesforce/undelete", {"object": object, "ids": ids})

    def purge(self, object: str, *ids: str) -> None:
        """Empty Salesforce records out of the recycle bin."""
        self.control("POST", "salesforce/purge", {"object": object, "ids": ids})

    def merge(self, object: str, winner: str, losers: Sequence[str], **fields: object) -> None:
        """Merge Salesforce records into ``winner``."""
        self.control(
            "POST",
            "salesforce/merge",
            {"object": object, "winner": winner, "losers": list(losers), "fields": fields},
        )

    def field(self, object: str, field: str, **changes: object) -> None:
        """Change a Salesforce field as an administrator would."""
        self.control("POST", "salesforce/field", {"object": object, "field": field, **changes})

    def field_element451(self, action: str, slug: str, **more: object) -> Row:
        """Change an Element451 field as an administrator would: ``add``, ``remove``, ``rename``, ``retype``,
        ``options``, ``hide`` or ``show`` (``sandbox.element451.schema.alter``)."""
        return dict(self.control("POST", "element451/field", {"action": action, "slug": slug, **more}))

    def hide(self, object: str, *ids: str, error: str = "INVALID_CROSS_REFERENCE_KEY") -> None:
        """Let sharing hide Salesforce records: no read finds them, writes are refused with ``error``."""
        self.control("POST", "salesforce/hide", {"object": object, "ids": ids, "error": error})

    def show(self, object: str, *ids: str) -> None:
        """Show hidden Salesforce records again; all of the object's where none is named."""
        self.control("POST", "salesforce/show", {"object": object, **({"ids": ids} if ids else {})})

    def expire_tokens(self) -> int:
        """Expire every access token; returns how many."""
        return int(self.control("POST", "salesforce/expire-tokens")["expired"])


class Ordered(Controls):
    """Controls that a call of either system sets off."""

    def __init__(self, sandbox: Controls, rule: Mapping[str, object]) -> None:
        self._sandbox, self._rule = sandbox, rule

    def control(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, **parameters: object
    ) -> Any:
        """Order the control. Its reply is not known yet: every value of it reads "0"."""
        if parameters:
            raise ValueError("a control with parameters cannot be ordered for later")
        control = {"method": method, "path": path, "body": dict(body or {})}
        self._sandbox.fault("act", control=control, **self._rule)
        return _Unknown()


class _Unknown(dict[str, Any]):
    def __missing__(self, name: str) -> str:
        return "0"
