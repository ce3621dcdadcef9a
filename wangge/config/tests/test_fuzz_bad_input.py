"""Bad input at every operation: a 4xx with a stable code, a sentence in the reader's language, nothing written.

The sweeps go over the OpenAPI document, so that a new operation is tried without anybody thinking of it.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any
from urllib.parse import quote

import pytest

from wangge.config.api import documented
from wangge.config.tests.test_fuzz import row_counts
from wangge.core.actor import Actor, set_in_database
from wangge.testing import town
from wangge.testing.client import Api, api_as
from wangge.testing.world import World

CHINESE = re.compile(r"[\u4e00-\u9fff]")
REPORT = {"source": "telephone", "title": "路面塌陷", "lon": 118.7905, "lat": 32.0205}
UUID = "01890000-0000-7000-8000-000000000000"
BEYOND = 2**63
SHARE = 5
JSON = "application/json"


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    raw: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def takes_json(self) -> bool:
        return JSON in self.raw.get("requestBody", {}).get("content", {})

    @property
    def takes_form(self) -> bool:
        return "multipart/form-data" in self.raw.get("requestBody", {}).get("content", {})

    def parameters(self, where: str) -> list[dict[str, Any]]:
        return [one for one in self.raw.get("parameters", []) if one["in"] == where]

    def url(self, **instead: str) -> str:
        """Its path with harmless values, but for those given (already percent-encoded)."""
        path = self.path
        for one in self.parameters("path"):
            path = path.replace("{" + one["name"] + "}", instead.get(one["name"], harmless(one)))
        return path


def harmless(parameter: dict[str, Any]) -> str:
    schema = parameter["schema"]
    if schema.get("format") == "uuid":
        return UUID
    if schema.get("type") == "integer":
        return str(BEYOND - 1)
    return str(schema.get("enum", [town.GRID])[0])


@cache
def document() -> dict[str, Any]:
    return documented()


@cache
def operations() -> list[Operation]:
    paths = document()["paths"].items()
    return [Operation(method, path, raw) for path, methods in paths for method, raw in methods.items()]


def each_of(family: Iterable[str]) -> pytest.MarkDecorator:
    names = list(family)
    return pytest.mark.parametrize(("kind", "name"), list(enumerate(names)), ids=names)


Some = Callable[[int], list[Operation]]


@pytest.fixture(params=["some", pytest.param("all", marks=[pytest.mark.long, pytest.mark.timeout(600)])])
def some(request: pytest.FixtureRequest) -> Some:
    """Of the kind of bad input with that number: every fifth operation, the next ones for the next kind, so that each
    operation meets some of each family. What reads them is common to all; with --long all of them meet all."""
    step = SHARE if request.param == "some" else 1
    return lambda kind: operations()[kind % step :: step]


@pytest.fixture
def api(world: World) -> Api:
    return api_as(world["commander"])


class Wrong(list[str]):
    """What did not hold, over a whole sweep."""

    def check(self, what: object, answer: Any, *, statuses: range = range(400, 500)) -> None:
        if answer.status_code not in statuses:
            self.append(f"{what}: {answer.status_code} {answer.content[:200]!r}")
            return
        body = answer.json() if answer.headers["Content-Type"].startswith(JSON) else {}
        if set(body) != {"code", "message", "fields", "data"} or not re.fullmatch(r"[a-z0-9_.]+", body["code"]):
            self.append(f"{what}: not in the one shape: {answer.content[:200]!r}")
        elif not CHINESE.search(body["message"]):
            self.append(f"{what}: {body['message']!r} is not Chinese")


def send(
    api: Api, method: str, url: str, content: bytes = b"", kind: str = JSON, headers: dict[str, str] | None = None
) -> Any:
    set_in_database(Actor(kind="nobody"))
    return api.client.generic(method.upper(), url, content, content_type=kind, headers=api.headers | (headers or {}))


def swept(api: Api, tries: Iterator[tuple[Operation, Callable[[], Any]]], *, statuses: range = range(400, 500)) -> None:
    wrong, before = Wrong(), row_counts()
    for operation, call in tries:
        wrong.check(operation, call(), statuses=statuses)
    assert not wrong, "\n".join(wrong)
    assert row_counts() == before


# -- bodies -----------------------------------------------------------------------------------------------------------
BODIES: dict[str, bytes] = {
    "empty": b"",
    "blank": b" \r\n",
    "not JSON": b"title=1&lon=2",
    "cut off": b'{"title": "\xe8\xb7\xaf',
    "trailing words": b'{"title": "x"} and more',
    "a list": b"[]",
    "a string": b'"title"',
    "a number": b"1",
    "null": b"null",
    "true": b"true",
    "not UTF-8": b'{"title": "\xff\xfe"}',
    "an overlong form": b'{"title": "\xc0\x80"}',
    "half a character in UTF-8": b'{"title": "\xed\xa0\x80"}',
    "a byte order mark alone": b"\xef\xbb\xbf",
    "nested deeply": b'{"title": ' + b"[" * 200_000,
    "nested deeply and closed": b"[" * 100_000 + b"]" * 100_000,
    "objects nested deeply": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a number of ten thousand digits": b'{"title": "x", "version": ' + b"9" * 10_000 + b"}",
    "keys twice": b'{"reason": "first reason", "text": "one", "reason": "second", "text": "two"}',
    "not a number": b'{"lon": NaN, "lat": Infinity, "score": -Infinity, "version": NaN}',
    "NUL as it is": b'{"title": "a\x00b", "text": "a\x00b"}',
    "NUL escaped": b'{"title": "a\\u0000b", "text": "a\\u0000b", "reason": "a\\u0000b"}',
    "half a character escaped": b'{"title": "a\\ud800b", "text": "a\\udfffb", "reason": "\\ud83d"}',
    "a name with NUL": b'{"a\\u0000b": 1}',
}


@each_of(BODIES)
def test_a_body_that_cannot_be_read(api: Api, some: Some, kind: int, name: str) -> None:
    content = BODIES[name]
    swept(api, ((one, partial(send, api, one.method, one.url(), content)) for one in some(kind) if one.takes_json))


def test_a_body_that_is_too_large(api: Api) -> None:
    """Refused by its length before an operation is found, so one is enough."""
    wrong, before = Wrong(), row_counts()
    content = b'{"title": "' + "字".encode() * 3_500_000 + b'"}'
    wrong.check("report", send(api, "post", "/api/cases", content), statuses=range(413, 414))
    assert not wrong and row_counts() == before


TYPES = ["", "text/plain", "application/xml", "multipart/form-data", "application/json; charset=utf-7"]


@each_of(TYPES)
def test_a_body_of_another_kind(api: Api, some: Some, kind: int, name: str) -> None:
    swept(
        api,
        ((one, partial(send, api, one.method, one.url(), b"<a/>", name)) for one in some(kind) if one.takes_json),
    )


WRONG_VALUES: list[Any] = [
    [],
    {},
    "",
    "x" * 300,
    -1,
    0,
    BEYOND,
    -BEYOND - 1,
    1.5,
    True,
    None,
    "١٢٣",
    "1e400",
    10**30,
    [[[]]],
]


def test_every_field_of_every_body_with_values_of_another_kind(api: Api, some: Some) -> None:
    """Not each of them is wrong everywhere (an empty list of days is one): none may end in a fault of ours."""

    def tries() -> Iterator[tuple[Operation, Callable[[], Any]]]:
        for kind, value in enumerate(WRONG_VALUES):
            for one in some(kind):
                if one.takes_json:
                    body = json.dumps(dict.fromkeys(fields_of(one), value)).encode()
                    yield one, partial(send, api, one.method, one.url(), body)

    wrong = Wrong()
    for one, call in tries():
        answer = call()
        if answer.status_code != 200:
            wrong.check(one, answer)
    assert not wrong, "\n".join(wrong)


def fields_of(operation: Operation) -> list[str]:
    schema = operation.raw["requestBody"]["content"][JSON]["schema"]
    named = document()["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], {})
    return list(named.get("properties", {}))


# -- paths and queries ------------------------------------------------------------------------------------------------
IN_PATHS = {
    "beyond 2^63": str(BEYOND),
    "far beyond": "9" * 400,
    "negative": "-1",
    "zero": "0",
    "Arabic digits": quote("١٢٣"),
    "full-width digits": quote("３２０１０４"),
    "NUL": "a%00b",
    "not UTF-8": "%ff%fe",
    "half a character": "%ed%a0%80",
    "a line break": "1%0a2",
    "a path": "..%2f..%2fetc%2fpasswd",
    "a quotation": "1'--",
    "a format": "%25s%25n{0}",
    "very long": "a" * 20_000,
}


@each_of(IN_PATHS)
def test_a_path_that_names_nothing(api: Api, some: Some, kind: int, name: str) -> None:
    """DELETE and POST are tried with the body missing: 404 or 422, never done."""

    def tries() -> Iterator[tuple[Operation, Callable[[], Any]]]:
        for one in some(kind):
            for parameter in one.parameters("path"):
                url = one.url(**{parameter["name"]: IN_PATHS[name]})
                yield one, partial(send, api, one.method, url)

    swept(api, tries())


IN_QUERIES = {
    "NUL": "a%00b",
    "not UTF-8": "%ff%fe",
    "half a character": "%ed%a0%80",
    "beyond 2^63": str(BEYOND),
    "negative": "-1",
    "Arabic digits": quote("١٢٣"),
    "not a number": "NaN",
    "infinite": "-Infinity",
    "year 9999": "9999-12-31T23:59:59.999999%2B00:00",
    "year 9999, a day": "9999-12-31",
    "year 1": "0001-01-01T00:00:00Z",
    "far east": "181",
    "very long": "a" * 60_000,
    "many of them": "1" + "&x=1" * 2000,
    "signs": quote("%_\\'\"&|!():*<->"),
}


@each_of(IN_QUERIES)
def test_a_query_of_the_wrong_kind_is_no_fault_of_ours(api: Api, some: Some, kind: int, name: str) -> None:
    """Some of these are fine as words to look for: then 200, but never 5xx."""
    wrong, before = Wrong(), row_counts()
    for one in some(kind):
        if one.method == "get":
            for parameter in one.parameters("query"):
                answer = send(api, "get", f"{one.url()}?{parameter['name']}={IN_QUERIES[name]}")
                if answer.status_code not in {200, 304}:
                    wrong.check(f"{one} {parameter['name']}", answer)
                elif name in {"NUL"}:
                    wrong.append(f"{one} {parameter['name']}: took {name}")
    assert not wrong, "\n".join(wrong)
    assert row_counts() == before


CURSORS = [
    "",
    "x",
    "AAAA",
    "bnVsbA",
    "W10",
    "e30",
    "W251bGwsbnVsbF0",
    "WyI5OTk5OTk5OTktMDEtMDEiLCAiYSJd",
    "=" * 9,
    "W" * 9999,
]


def test_a_cursor_that_we_did_not_write(api: Api, world: World) -> None:
    wrong = Wrong()
    auditor = api_as(world["auditor"])
    for one in operations():
        if any(parameter["name"] == "cursor" for parameter in one.parameters("query")):
            for cursor in [*CURSORS, *(quote(json.dumps(value)) for value in ([BEYOND], ["a"] * 3, [1e400, 1, 2]))]:
                for who in (api, auditor):
                    answer = send(who, "get", f"{one.url()}?cursor={cursor}")
                    if answer.status_code >= 500 or (cursor and answer.status_code == 200):
                        wrong.append(f"{one} {cursor[:40]}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


# -- headers ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("key", ["x", "0" * 5000, "١٢٣", "01890000-0000-7000-8000-00000000000g", "{}"])
def test_an_idempotency_key_that_is_none(api: Api, key: str) -> None:
    wrong = Wrong()
    before = row_counts()
    wrong.check(
        "report", send(api, "post", "/api/cases", json.dumps(REPORT).encode(), headers={"Idempotency-Key": key})
    )
    assert not wrong and row_counts() == before


@pytest.mark.parametrize("language", ["", "en", "zh-CN,zh;q=0.9,en;q=0.1", "xx", ";;;,q=", "e" * 9000, "en\udcff"])
def test_any_language_is_answered(api: Api, language: str) -> None:
    answer = send(api, "get", f"/api/cases/{UUID}/evidence", headers={"Accept-Language": language})
    english = language.startswith("en") and "zh" not in language
    assert answer.status_code == 404 and bool(CHINESE.search(answer.json()["message"])) is not english


def test_sessions_and_tokens_that_are_none(world: World) -> None:
    wrong = Wrong()
    for token in ("", "x", "\u00ff" * 40, "a" * 8000, "a%00b", '"quoted"'):
        api = Api(token)
        wrong.check(token[:20], send(api, "get", "/api/session"), statuses=range(401, 402))
    api = api_as(world["commander"])
    for token in ("", "x", "\u00ff", "t" * 31, "t" * 9000):
        wrong.check(
            f"csrf {token[:9]}",
            send(api, "post", "/api/cases", b"{}", headers={"X-CSRFToken": token}),
            statuses=range(403, 404),
        )
    assert not wrong, "\n".join(wrong)


def test_a_host_that_is_not_ours_is_told_so_in_the_one_shape(world: World) -> None:
    wrong = Wrong()
    wrong.check("host", send(api_as(world["commander"]), "get", "/api/units", headers={"Host": "evil.example"}))
    assert not wrong, wrong


def test_each_refusal_is_also_told_in_english(world: World) -> None:
    for content, code in ((b"{", "malformed"), (b"{}", "invalid"), (b'{"title": "\\u0000"}', "text_not_storable")):
        answer = send(api_as(world["commander"], language="en"), "post", "/api/cases", content)
        assert answer.json()["code"] == code
        words = [answer.json()["message"], *answer.json()["fields"].values()]
        assert not any(CHINESE.search(sentence) for sentence in words), words
