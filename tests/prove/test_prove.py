"""The simulator in small: the real rules keep every promise, and whoever breaks one is caught."""

import io

import pytest

from tests.prove import table
from tests.prove.anomalies import ANOMALIES
from tests.prove.checks import check
from tests.prove.history import decode
from tests.prove.proof import is_caught, prove, try_variant
from tests.prove.variants import CONTROL, VARIANTS, Variant
from tests.prove.world import Size, World

SEED = 1


def test_a_small_proof_finds_nothing():
    proof = prove(SEED, 2_500)
    assert proof.examples == []
    assert proof.messages == 2_500
    assert proof.acked > 2_400
    assert sum(proof.faults.values()) > 1_250


def test_the_same_seed_gives_the_same_history():
    first, second = (prove(SEED, 300) for _ in range(2))
    assert (first.digest, first.faults) == (second.digest, second.faults)
    assert prove(SEED + 1, 300).digest != first.digest


def test_a_history_that_was_kept_is_judged_the_same():
    file = io.BytesIO()
    variant = next(variant for variant in VARIANTS if variant.name == "no dedupe")
    found = World(SEED, Size(400), variant, file).run().witness.checks.anomalies
    file.seek(0)
    assert found.counts["duplicate"] > 0
    assert check(map(decode, file)).counts == found.counts


def test_the_sound_system_is_clean_in_the_weather_of_the_rarest_variant():
    assert try_variant(CONTROL, SEED).examples == []


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_a_system_that_is_broken_on_purpose_is_caught(variant: Variant):
    proof = try_variant(variant, SEED)
    assert is_caught(variant, proof), proof.anomalies


def test_every_anomaly_is_caught_in_some_variant():
    assert {kind for variant in VARIANTS for kind in variant.catches} == set(ANOMALIES)


def test_the_report_names_every_anomaly_and_fault():
    proof = prove(SEED, 300)
    text = table.report(proof)
    for name in (*ANOMALIES, *proof.faults):
        assert f"| {name} " in text
