"""Drawing from weighted lists, the same way for the same random numbers."""

from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Things to draw from, each as often as its weight says."""

    def __init__(self, weights: Iterable[tuple[T, float]]) -> None:
        pairs = list(weights)
        self.things = [thing for thing, _weight in pairs]
        self._sums = list(accumulate(weight for _thing, weight in pairs))

    def draw(self, rng: Random) -> T:
        """One of the things, by one random number."""
        return self.things[bisect(self._sums, rng.random() * self._sums[-1])]


def one_of(rng: Random, things: Sequence[T]) -> T:
    """Any of the things; quicker than `Random.choice`, and it takes one random number."""
    return things[int(rng.random() * len(things))]


def words(text: str) -> list[str]:
    """The words of a list, apart by spaces; an underscore stands for a space inside one."""
    return [word.replace("_", " ") for word in text.split()]
