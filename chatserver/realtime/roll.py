"""Who of one kind is at which node. A table of keys; it knows neither names nor reasons. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator

# Workspace, and visitor or agent.
Key = tuple[str, str]


class Roll:
    """Connections of this node, counted, and what other nodes said of theirs."""

    def __init__(self) -> None:
        self._here: Counter[Key] = Counter()
        self._elsewhere: dict[str, set[Key]] = {}

    def __contains__(self, key: Key) -> bool:
        return key in self._here or any(key in keys for keys in self._elsewhere.values())

    def __iter__(self) -> Iterator[Key]:
        """Everybody, once."""
        return iter(set(self._here).union(*self._elsewhere.values()))

    def here(self) -> Iterator[Key]:
        return iter(self._here)

    def add(self, key: Key) -> bool:
        """One more connection; True for the first of this node."""
        self._here[key] += 1
        return self._here[key] == 1

    def remove(self, key: Key) -> bool:
        """One connection less; True for the last of this node."""
        self._here[key] -= 1
        if self._here[key] > 0:
            return False
        del self._here[key]
        return True

    def change(self, node: str, came: Iterable[Key], left: Iterable[Key]) -> set[Key]:
        """What another node said; returns those who are no longer, or only now, anywhere."""
        keys = self._elsewhere.setdefault(node, set())
        came = [key for key in came if key not in keys]
        left = [key for key in left if key in keys]
        new = {key for key in came if key not in self}
        keys.update(came)
        keys.difference_update(left)
        if not keys:
            del self._elsewhere[node]
        return new | {key for key in left if key not in self}

    def replace(self, node: str, everybody: Iterable[Key]) -> set[Key]:
        """All that another node has; returns whom `change` would."""
        wanted = set(everybody)
        return self.change(node, wanted, self._elsewhere.get(node, set()) - wanted)
