"""The sandbox's options: one dataclass per part, set by name through one control."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

OptionsPart = TypeVar("OptionsPart", bound="DataclassInstance")


@dataclass
class GeneralOptions:
    """Options of both systems."""

    delay_ms: int = 0  # every call but the controls' waits so long, without holding up other calls
    salesforce_date_off: float = 0.0  # seconds by which the Date header is ahead of the clock
    element451_date_off: float = 0.0


class Options:
    """Holds one instance of each part's dataclass. Names are unique over all of them; every option is a plain
    JSON value."""

    def __init__(self) -> None:
        self._kinds: dict[type, DataclassInstance] = {}
        self._initial: dict[str, object] = {}
        self.of(GeneralOptions)

    def of(self, kind: type[OptionsPart]) -> OptionsPart:
        """The options of one part, with their defaults when first asked for."""
        if kind not in self._kinds:
            self._kinds[kind] = kind()
        return cast(OptionsPart, self._kinds[kind])

    def start_with(self, values: Mapping[str, object]) -> None:
        """Set options to values that a reset returns to. Raises ValueError as ``set`` does."""
        self.set(values)
        self._initial.update(values)

    def reset(self) -> None:
        """Put every option back to what it was at the start."""
        for kind in self._kinds:
            self._kinds[kind] = kind()
        self.set(self._initial)

    def set(self, values: Mapping[str, object]) -> None:
        """Set options by name; all or none. Raises ValueError for an unknown name or a value of another
        type."""
        homes = {field.name: part for part in self._kinds.values() for field in fields(part)}
        choices: dict[str, tuple[str, ...]] = {
            field.name: field.metadata.get("choices", ())
            for part in self._kinds.values()
            for field in fields(part)
        }
        for name, value in values.items():
            if name not in homes:
                raise ValueError(f"no option is called {name}; there are {', '.join(sorted(homes))}")
            default = getattr(homes[name], name)
            kinds = (int, float) if type(default) in (int, float) else type(default)
            if not isinstance(value, kinds) or isinstance(value, bool) != isinstance(default, bool):
                raise ValueError(f"{name} needs a {type(default).__name__}, not {value!r}")
            if choices[name] and value not in choices[name]:
                raise ValueError(f"{name} is one of {', '.join(choices[name])}, not {value!r}")
        for name, value in values.items():
            setattr(homes[name], name, value)

    def as_json(self) -> dict[str, object]:
        """Every option and its value."""
        return {name: value for part in self._kinds.values() for name, value in asdict(part).items()}
