"""What a topic is: its variants, where and when it comes up, who settles it."""

from dataclasses import dataclass

FLAT = (1.0,) * 12
SUMMER = (0.5, 0.5, 0.7, 0.9, 1.2, 1.7, 2.0, 1.9, 1.3, 0.9, 0.6, 0.5)
RAIN = (0.4, 0.5, 0.7, 0.9, 1.1, 2.4, 2.6, 1.8, 1.0, 0.6, 0.4, 0.4)
WINTER = (1.8, 1.6, 1.0, 0.7, 0.6, 0.5, 0.5, 0.5, 0.6, 0.8, 1.3, 1.7)
AUTUMN = (0.7, 0.7, 0.9, 0.8, 0.8, 0.8, 0.8, 0.9, 1.2, 1.6, 1.7, 1.2)

# Weights of the 24 hours of a Beijing day.
OFFICE = (1, 1, 0, 0, 0, 1, 4, 9, 16, 18, 17, 13, 8, 9, 15, 16, 14, 11, 8, 7, 6, 4, 3, 2)
EVENING = (3, 2, 1, 1, 1, 1, 3, 6, 8, 8, 8, 7, 7, 6, 7, 8, 9, 11, 14, 17, 18, 15, 10, 6)
MORNING = (1, 0, 0, 0, 1, 5, 13, 20, 19, 14, 10, 7, 5, 6, 9, 9, 8, 8, 6, 5, 3, 2, 1, 1)


@dataclass(frozen=True, slots=True)
class Variant:
    """One thing that happens: its category in the demonstration scheme, and the words that belong together."""

    category: str
    titles: tuple[str, ...]
    fact: str
    done: str
    spots: tuple[str, ...] = ()  # where not those of the topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """`local`: share that the grid or the community settles, where the category allows it."""

    key: str
    department: str
    weight: float
    local: float
    variants: tuple[Variant, ...]
    spots: tuple[str, ...]
    months: tuple[float, ...] = FLAT
    hours: tuple[int, ...] = OFFICE
    from_grid: float = 0.76  # share that grid workers find by themselves
    urgent: float = 0.03
    where: str = "any"  # home: in a compound; street: on a road or at an institution
    soft: bool = False  # nobody takes pictures of it
    complaint: bool = False
