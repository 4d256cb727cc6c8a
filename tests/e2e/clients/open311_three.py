"""Lists services, reports and reads back with `three`, an Open311 client that knows nothing of yiwang.

Usage: open311_three.py ENDPOINT API_KEY LAT LONG. Prints `ok` and the number of a report with a
picture, or fails with what was not as it should be.
"""

import io
import itertools
import sys
from datetime import date, timedelta

# The client was written for Python 2; this name is all that it misses.
itertools.ifilter = filter

import three  # noqa: E402

# One white point.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c63f8ffffff7f0009fb03fd05434aa7"
    "0000000049454e44ae426082"
)


def ensure(holds, what):
    if not holds:
        raise SystemExit(f"not as it should be: {what!r}")


def first(answer):
    ensure(isinstance(answer, list) and answer, answer)
    return answer[0]


def report(client, code, place, **more):
    answer = client.post(
        code,
        address="示例路 1 号",
        name="Li Si",
        phone="10000004321",
        email="a@example.org",
        description="路灯不亮, 三天了",
        **place,
        **more,
    )
    posted = first(answer)
    ensure(client.post_response.status_code in (200, 201), answer)
    ensure(posted.get("service_request_id"), answer)
    return posted["service_request_id"]


def services(client):
    listed = client.services()
    code = first(listed)["service_code"]
    ensure(all(one["service_name"] and one["group"] for one in listed), listed[0])
    definition = client.services(code)
    ensure(definition["service_code"] == code, definition)
    ensure(isinstance(definition["attributes"], list), definition)
    return code


def reads_back(client, code, number, place):
    today = date.today()
    one = first(client.request(number))
    ensure(one["service_request_id"] == number, one)
    ensure(one["status"] == "open" and one["service_code"] == code, one)
    ensure(one["description"] == "路灯不亮, 三天了", one)
    ensure(one["address"] == "示例路 1 号", one)
    for key in ("lat", "long"):
        ensure(abs(float(one[key]) - float(place[key])) < 1e-4, one)
    ensure("10000004321" not in str(one) and "example.org" not in str(one), one)
    for answer in (
        client.requests(code),
        client.requests(status="open"),
        client.requests(service_request_id=number),
        client.requests(start=today - timedelta(days=30), end=today + timedelta(days=1), count=10),
    ):
        ensure(number in [each["service_request_id"] for each in answer], answer)
    ensure(client.requests(start="01-01-2020", end="01-02-2020") == [], "requests of another time")
    ensure(len(client.requests(count=1)) == 1, "a page of one")
    ensure(first(client.token(number))["service_request_id"] == number, "the token")


def refusals(client, code, place):
    for what, answer in {
        "an unknown service": client.post("nope", description="x", **place),
        "no place": client.post(code, description="x"),
        "a wrong key": client.post(code, description="x", api_key="nobody", **place),
        "an unknown request": client.request("YW00000000XXX000000"),
        "more than 90 days": client.requests(start="01-01-2020", end="01-01-2021"),
        "a picture that is none": client.post(code, description="x", media=io.BytesIO(b"x"), **place),
    }.items():
        fault = first(answer)
        ensure(fault.get("code") and fault.get("description"), {what: answer})


def main():
    endpoint, key, lat, long = sys.argv[1:]
    place = {"lat": lat, "long": long}
    client = three.Three(endpoint, api_key=key)
    ensure(client.discovery()["endpoints"], "discovery")
    code = services(client)
    reads_back(client, code, report(client, code, place), place)
    refusals(client, code, place)
    # With a picture the client sends its form as multipart.
    print("ok", report(client, code, place, media=io.BytesIO(PNG)))


main()
