"""A kiosk's journal against single scans: acts a second in uploads of 200, tickets and member codes; then how soon a
kiosk answers on its screen, and the memory of both. Each figure stands beside its target."""

from __future__ import annotations

from rich.console import Console
from sqlalchemy import text

from miniprogram_api.routes.right_of_way import ABOUT_SECONDS
from scenes.wire.upload import UPLOAD_ITEMS_MAX
from tests.benchmarks.ground import MEMBERS, SCENES, grounds
from tests.benchmarks.journals import Journals
from tests.benchmarks.memory import resident_megabytes, workers_of
from tests.benchmarks.results import Figures, show
from tests.benchmarks.returns import ITEMS
from tests.benchmarks.returns import measure as measure_return
from tests.benchmarks.rounds import CONNECTIONS, Contestant, Rounds, run_rounds
from tests.benchmarks.screens import measure_screen
from tests.benchmarks.servers import OURS, databases, served

SCANS = 600
REPETITIONS = 5
STARTS, TOUCHES = 3, 7  # of the kiosk's process, and in each so many codes of both kinds
AT_LEAST = {"tickets": 8, "member codes": 5}  # acts a second in uploads for each scan a second
NOBODY_ABOUT_SECONDS = ABOUT_SECONDS + 1.0  # the scans' round must not send uploads away
SCANS_FOR_AN_UPLOAD = 75  # so many requests less: an upload is 200 acts


def measure(kind: str, console: Console, repetitions: int, scans: int) -> Figures:
    with databases(kind, "ours") as [ours], grounds(ours) as ground, ground.engine() as engine:
        journals = Journals(ground, engine)
        with served(OURS, ground.environment) as port:
            contestants = [
                Contestant("scan", port, lambda count: ground.scans(count), 201),
                Contestant("tickets", port, lambda count: journals.tickets(_uploads(count)), 200, NOBODY_ABOUT_SECONDS),
                Contestant(
                    "member codes", port, lambda count: journals.readings(_uploads(count)), 200, NOBODY_ABOUT_SECONDS
                ),
            ]
            rounds = run_rounds(contestants, repetitions, scans, console, kind)
            memory = max(resident_megabytes(worker) for worker in workers_of(port))
        with engine.connect() as connection:
            credited = connection.scalar(text("SELECT count(*) FROM acts WHERE kind = 20 AND state = 'credited'"))
            items = connection.scalar(text("SELECT count(*) FROM journal_items WHERE result = 'credited'"))
    assert not any(rounds.busy(name) for name in AT_LEAST), "an upload was told to come again"
    assert ground.acts <= MEMBERS * len(SCENES), "no act may meet another"
    return figures_of(rounds) | {
        "member codes credited, of those read": f"{credited} of {journals.read}",
        "items taken": str(items),
        "memory of the larger of the server's workers, after all of it (≤ 150 MB)": f"{memory:.0f} MB",
    }


def _uploads(scans: int) -> int:
    return max(2, scans // SCANS_FOR_AN_UPLOAD)


def figures_of(rounds: Rounds) -> Figures:
    figures = {
        f"{name}, acts a second ÷ scans a second (≥ {least})": f"{rounds.ratio(name, 'scan') * UPLOAD_ITEMS_MAX:.1f}"
        for name, least in AT_LEAST.items()
    }
    for name in AT_LEAST:
        figures[f"{name}: acts a second"] = f"{rounds.rate(name) * UPLOAD_ITEMS_MAX:,.0f}"
    return figures | {"scans a second": f"{rounds.rate('scan'):,.0f}"}


def main(console: Console, kinds: list[str], quick: bool) -> None:
    repetitions, scans = (1, 200) if quick else (REPETITIONS, SCANS)
    figures = {kind: measure(kind, console, repetitions, scans) for kind in kinds}
    title = f"Journal: {repetitions} × {scans} scans and {_uploads(scans)} uploads of {UPLOAD_ITEMS_MAX}"
    show(console, f"{title}, {CONNECTIONS} connections, 2 sync workers", figures)
    returns = {kind: measure_return(kind, console, ITEMS // 5 if quick else ITEMS) for kind in kinds}
    show(console, "The fleet comes back", returns)
    starts, touches = (1, 3) if quick else (STARTS, TOUCHES)
    screen = measure_screen(console, starts, touches)
    show(console, f"Screen: {starts} starts, {touches} codes of both kinds in each", {"kiosk": screen})
