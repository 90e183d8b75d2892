"""A scene: one of the kinds of low-carbon act that earn points, with its rule. Values only, already checked."""

from dataclasses import dataclass
from typing import Final

from scenes.variant import Variant

SCENE_CLASSES: Final = ("travel", "dining", "lodging", "waste", "shopping", "energy", "nature", "learning")
AUDIENCES: Final = ("both", "residents", "visitors")
PROOFS: Final = ("GK", "DK", "ST", "TK", "WT", "2P", "VC")
CAP_SCOPES: Final = ("member", "room")


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene and the rule that decides its acts. The document it was read from names the same keys."""

    number: int
    slug: str
    name_zh: str
    name_en: str
    how_zh: str  # one sentence: what to do
    how_en: str
    scene_class: str
    icon: str  # name in the Tabler outline set
    audience: str
    season: tuple[str, str] | None  # first and last day as MM-DD, both included; None is all year
    proofs: tuple[str, ...]
    cap: int  # code units per period; a unit fits whole or not at all
    period: str
    cap_scope: str
    cap_group: str | None
    cool_down_seconds: int
    exclusive_group: str | None  # scenes of one group are the same act within their cool-down
    variants: tuple[Variant, ...]
    attested: bool  # the scene's name is public for the island; everything else is the programme's design
    active: bool
    note_zh: str  # what the booked grams rest on, in words for visitors
    note_en: str

    @property
    def unit(self) -> str:
        """The unit that the cap counts; every variant has it."""
        return self.variants[0].unit

    def variant(self, number: int) -> Variant | None:
        """The variant of that number, None where the scene has none."""
        return next((variant for variant in self.variants if variant.number == number), None)
