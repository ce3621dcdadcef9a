import numpy as np
import pytest
from coord_convert.transform import wgs2bd, wgs2gcj
from hypothesis import given
from hypothesis import strategies as st

from wangge.core.importing.reference import Datum, to_wgs84

# (WGS-84 lon, lat, GCJ-02 lon, lat): eviltransform's tests (three cities), coordtransform's README (last).
PUBLISHED_GCJ = [
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),
    (116.404, 39.915, 116.41024449916938, 39.91640428150164),
]
# (WGS-84 lon, lat, BD-09 lon, lat): as published with the ports of coordtransform.
PUBLISHED_BD = [(116.404, 39.915, 116.41662724378733, 39.922699552216216)]


@pytest.mark.parametrize(("lon", "lat", "shifted_lon", "shifted_lat"), PUBLISHED_GCJ)
def test_gcj02_agrees_with_published_points(lon: float, lat: float, shifted_lon: float, shifted_lat: float) -> None:
    assert to_wgs84(np.array([[shifted_lon, shifted_lat]]), Datum.GCJ02)[0] == pytest.approx((lon, lat), abs=1e-8)


@pytest.mark.parametrize(("lon", "lat", "shifted_lon", "shifted_lat"), PUBLISHED_BD)
def test_bd09_agrees_with_published_points(lon: float, lat: float, shifted_lon: float, shifted_lat: float) -> None:
    assert to_wgs84(np.array([[shifted_lon, shifted_lat]]), Datum.BD09)[0] == pytest.approx((lon, lat), abs=1e-8)


@given(st.floats(73.6, 135.0), st.floats(3.8, 53.5))
def test_a_shifted_place_comes_back_to_a_centimetre(lon: float, lat: float) -> None:
    for datum, shift in ((Datum.GCJ02, wgs2gcj), (Datum.BD09, wgs2bd)):
        assert to_wgs84(np.array([shift(lon, lat)]), datum)[0] == pytest.approx((lon, lat), abs=1e-7)


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(list(Datum)))
def test_any_place_is_answered_and_none_outside_china_moves(lon: float, lat: float, datum: Datum) -> None:
    moved = to_wgs84(np.array([[lon, lat]]), datum)
    assert np.isfinite(moved).all()
    if not (73 <= lon <= 136 and 3 <= lat <= 54):
        assert moved[0].tolist() == [lon, lat]


def test_our_own_systems_are_left_exactly_as_they_are() -> None:
    places = np.array([[118.7812345678901, 32.0212345678901]])
    for datum in (Datum.WGS84, Datum.CGCS2000):
        assert to_wgs84(places, datum) is places
