"""Navigation is sound, whatever the lists say."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sphinx_stepwise.core.content.loading import load_catalogue
from sphinx_stepwise.core.content.navigation import Navigation
from sphinx_stepwise.core.content.views import fingerprint, page_view
from sphinx_stepwise.core.project import load_project
from sphinx_stepwise.core.rules.checks import check_project

BAKING = Path(__file__).parents[1] / "roots" / "baking"
IDS = ["a", "b", "c", "d", "e"]
LISTS = st.lists(st.sampled_from([*IDS, "gone", "s1", "g"]), max_size=7)


def write(root: Path, name: str, **front: object) -> None:
    file = root / "source" / name
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{key}: {value}\n" for key, value in front.items())
    file.write_text(f"---\n{lines}---\n\n## Do\n\n## Watch out\n")


def toolkit(root: Path, lists: dict[str, list[str]], draft: str) -> Navigation:
    """Write a toolkit whose lists are as given, and load it."""
    for name in ("schemas", "pyproject.toml"):
        source = BAKING / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, root / name)

    def text(key: str) -> str:
        return f"[{', '.join(lists[key])}]"

    write(root, "index.md", kind="toolkit", title="T", stages=text("stages"),
          guidebooks="[g]", pages="[p]")  # fmt: skip
    for stage in ("s1", "s2"):
        write(root, f"{stage}/index.md", kind="stage", title=stage, steps=text(stage))
    write(root, "g.md", kind="guidebook", title="G", steps=text("g"))
    write(root, "p.md", kind="page", title="P", pages=text("p"))
    for step in IDS:
        status = "draft" if step == draft else "published"
        write(root, f"s1/{step}.md", kind="step", title=f"Step {step}", status=status)
    catalogue, _ = load_catalogue(load_project(root))
    return Navigation(catalogue)


@settings(deadline=None, max_examples=60)
@given(
    st.fixed_dictionaries(
        {
            "stages": st.lists(st.sampled_from(["s1", "s2", "s3", "p"]), max_size=4),
            "s1": LISTS,
            "s2": LISTS,
            "g": LISTS,
            "p": st.lists(st.sampled_from(["p", "index", "g"]), max_size=2),
        }
    ),
    st.sampled_from([*IDS, ""]),
)
def test_navigation_is_sound(lists: dict[str, list[str]], draft: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        navigation = toolkit(Path(folder), lists, draft)

    steps = navigation.canonical
    assert len({s.docname for s in steps}) == len(steps)
    assert draft not in {s.id for s in steps}
    for at, step in enumerate(steps):
        back, forward = navigation.neighbours(step)
        assert back == (steps[at - 1] if at else None)
        if forward:
            assert navigation.neighbours(forward)[0] == step
    for track in (*navigation.stages, *navigation.guidebooks):
        seen = [track.steps[0]] if track.steps else []
        while seen and (following := track.neighbours(seen[-1])[1]):
            assert track.neighbours(following)[0] == seen[-1]
            seen.append(following)
        assert tuple(seen) == track.steps  # one walk meets each step once

    everything = list(navigation.walk())
    assert len({p.docname for p in everything}) == len(everything)
    for page in navigation.catalogue.pages:
        assert page not in navigation.parents(page)
        assert (page in everything) == navigation.has(page)
        page_view(navigation, page)


@settings(deadline=None, max_examples=20)
@given(st.permutations(IDS), st.permutations(IDS))
def test_fingerprint_changes_when_what_is_seen_changes(
    one: list[str], other: list[str]
) -> None:
    marks = []
    for order in (one, other):
        lists = {"stages": ["s1"], "s1": order, "s2": [], "g": order, "p": []}
        with tempfile.TemporaryDirectory() as folder:
            navigation = toolkit(Path(folder), lists, "")
        page = navigation.catalogue.page("a")
        assert page
        view = page_view(navigation, page)
        assert view.panels[0].place.number == order.index("a") + 1
        marks.append((view, fingerprint(view)))
    (view_one, mark_one), (view_other, mark_other) = marks
    assert (view_one == view_other) == (mark_one == mark_other)


def test_the_miniature_toolkit_is_read_as_meant() -> None:
    navigation, report = check_project(load_project(BAKING))
    assert not report.diagnostics
    assert [p.id for p in navigation.walk()] == [
        *("index", "welcome", "prepare", "weigh", "knead", "prove"),
        *("bake", "shape", "bake-it", "courses", "quick", "thorough", "ovens"),
    ]
    bake = navigation.catalogue.page("bake-it")
    assert bake
    view = page_view(navigation, bake)
    assert [link.title for link in view.parents] == ["Baking course", "Bake"]
    assert view.back
    assert view.back.docname == "bake/shape"
    assert [(p.badge, p.place.number, p.place.total) for p in view.panels] == [
        ("Quick", 2, 2),
        ("Bread with care", 5, 5),
    ]
    ((name, rows),) = view.grids
    assert name == "suits"
    assert [(row.label, [i.id for i in row.items]) for row in rows] == [
        ("Works best", ["deck"]),
        ("Possible", ["home", "camp"]),
    ]
