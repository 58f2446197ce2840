"""One number as it is now, and the text that Prometheus reads."""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.core import Metric as Family
from prometheus_client.registry import Collector

from chatserver.counting import Spread
from chatserver.features.metrics.catalogue import BY_NAME, CATALOGUE, PREFIX, Metric


class Sample(Struct, frozen=True):
    """A value of the metric `name`, for these values of its labels."""

    name: str
    value: float | Spread
    labels: tuple[str, ...] = ()


def render(samples: Iterable[Sample]) -> bytes:
    """All metrics of the catalogue; one without a sample says only that it exists. Raises KeyError
    for a sample that is not in the catalogue."""
    registry = CollectorRegistry()
    registry.register(_Samples(samples))
    ProcessCollector(registry=registry)
    return generate_latest(registry)


class _Samples(Collector):
    def __init__(self, samples: Iterable[Sample]) -> None:
        self._by_name: dict[str, list[Sample]] = {metric.name: [] for metric in CATALOGUE}
        for sample in samples:
            self._by_name[sample.name].append(sample)

    def collect(self) -> Iterator[Family]:
        for name, samples in self._by_name.items():
            yield _family(BY_NAME[name], samples)


def _family(metric: Metric, samples: list[Sample]) -> Family:
    name, doc, labels = PREFIX + metric.name, metric.doc, metric.labels
    if metric.kind == "histogram":
        histogram = HistogramMetricFamily(name, doc, labels=labels)
        for sample in samples:
            assert isinstance(sample.value, Spread)
            histogram.add_metric(sample.labels, _buckets(sample.value), sample.value.total)
        return histogram
    kind = GaugeMetricFamily if metric.kind == "gauge" else CounterMetricFamily
    family = kind(name, doc, labels=labels)
    for sample in samples:
        assert not isinstance(sample.value, Spread)
        family.add_metric(sample.labels, sample.value)
    return family


def _buckets(spread: Spread) -> list[tuple[str, float]]:
    """Prometheus counts each bucket together with those below it."""
    counted, buckets = 0, []
    for bound, count in zip((*spread.bounds, float("inf")), spread.counts, strict=True):
        counted += count
        buckets.append(("+Inf" if bound == float("inf") else str(bound), float(counted)))
    return buckets
