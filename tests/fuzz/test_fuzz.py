"""What was found once is found no more; and a few new inputs, the same in every run."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fuzz.harm import harmed
from tests.fuzz.targets import FOUND, TARGETS, hold

CASES = sorted(path for target in FOUND.glob("*") for path in target.iterdir())


@pytest.mark.parametrize("place", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_once_is_read_or_refused(place):
    target = TARGETS[place.parent.name]
    given_files = {p.relative_to(place).as_posix(): p.read_bytes() for p in place.rglob("*") if p.is_file()}
    good = next((files for files in target.good() if set(given_files) & set(files)), {})
    hold(target, good | given_files)


@pytest.mark.parametrize("name", TARGETS)
def test_good_files_are_read(name):
    assert all(hold(TARGETS[name], files) for files in TARGETS[name].good())


@pytest.mark.parametrize("name", TARGETS)
def test_harmed_files_are_read_or_refused(name):
    target = TARGETS[name]
    good = target.good()

    @settings(
        max_examples=12 if name == "models" else 40, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def holds(data):
        hold(target, data.draw(harmed(data.draw(st.sampled_from(good)))))

    holds()
