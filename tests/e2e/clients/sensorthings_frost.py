"""Reads and writes by `frost_sta_client`, a SensorThings client that knows nothing of yiwang.

Usage: sensorthings_frost.py ENDPOINT TOKEN UNIT. Prints `ok`, or fails with what was not as it should be.
"""

import datetime
import sys
import uuid

import frost_sta_client as fsc
import geojson
import jsonpatch
import requests


def ensure(holds, what):
    if not holds:
        raise SystemExit(f"not as it should be: {what!r}")


def refused(act, status):
    try:
        act()
    except requests.exceptions.HTTPError as error:
        ensure(error.response.status_code == status, error.response.text)
        ensure(error.response.json()["error"]["message"], error.response.text)
    else:
        raise SystemExit(f"this should be refused: {act}")


def reads(service):
    things = service.things().query().count().top(3).list()
    ensure(things.count > 3 and len(things.entities) == 3, things.count)
    every = {thing.id for thing in things}
    ensure(len(every) == things.count, (len(every), things.count))
    sensors = list(service.sensors().query().list())
    ensure(all(sensor.name and sensor.metadata for sensor in sensors), "sensors")
    found = service.datastreams().query().filter("ObservedProperty/id eq 'level'").expand(
        "Thing($expand=Locations),Sensor,ObservedProperty,Observations($top=2;$orderby=phenomenonTime desc)"
    ).list()
    ensure(found.entities, "no datastream of a level")
    for stream in found.entities:
        ensure(stream.observed_property.id == "level" and stream.thing.id in every, stream.id)
        ensure(stream.unit_of_measurement.symbol == "m", stream.id)
    place = found.entities[0].thing.locations.entities[0].location["coordinates"]
    near = f"geo.distance(Locations/location, geography'POINT ({place[0]} {place[1]})') lt 0.0001"
    ensure(service.things().query().filter(near).list().entities, near)


def made(service, unit):
    code = f"FROST-{uuid.uuid4().hex[:8]}"
    thing = fsc.Thing(
        name="第三方站",
        description="made by a client",
        properties={"code": code, "profile": "river-station", "org": unit, "guard_level": 3.2},
        locations=[
            fsc.Location(
                name="桥",
                description="where it is",
                encoding_type="application/geo+json",
                location=geojson.Point((120.28, 31.9)),
            )
        ],
    )
    service.create(thing)
    ensure(thing.id == code, thing.id)
    again = service.things().find(code)
    ensure(again.name == "第三方站" and again.properties["guard_level"] == 3.2, again.properties)
    stream = fsc.Datastream(
        name="水位",
        description="level",
        observation_type="http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement",
        unit_of_measurement=fsc.UnitOfMeasurement(name="metre", symbol="m", definition="ucum:m"),
        thing=fsc.Thing(id=code),
        sensor=fsc.Sensor(id="river-station"),
        observed_property=fsc.ObservedProperty(id="level"),
    )
    service.create(stream)
    ensure(stream.id == f"{code}:level", stream.id)
    return again, stream


def observes(service, stream):
    now = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
    minute = datetime.timedelta(minutes=1)
    own = fsc.Datastream(id=stream.id)
    posted = fsc.Observation(phenomenon_time=(now - 9 * minute).isoformat(), result=1.25, datastream=own)
    service.create(posted)
    back = service.observations().find(posted.id)
    ensure(back.result == 1.25 and back.result_quality == "good", back.result)
    rows = fsc.DataArrayValue()
    rows.datastream = own
    rows.components = {rows.Property.PHENOMENON_TIME, rows.Property.RESULT}
    for number in range(8):
        at = (now - number * minute).isoformat()
        rows.add_observation(fsc.Observation(phenomenon_time=at, result=float(number), datastream=own))
    document = fsc.DataArrayDocument()
    document.add_data_array_value(rows)
    links = service.observations().create(document)
    ensure(len(links) == 8 and all("Observations(" in link.self_link for link in links), links)
    query = stream.get_observations().query().orderby("phenomenonTime", "asc").top(4)
    results = [each.result for each in query.list()]
    ensure(results == [1.25, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.0], results)
    high = stream.get_observations().query().filter("result gt 5 and year(phenomenonTime) ge 2020").list()
    ensure([each.result for each in high] == [6.0, 7.0], "the high ones")
    refused(lambda: service.create(fsc.Observation(result="much", datastream=own)), 400)
    refused(lambda: service.delete(back), 405)


def changes(service, thing):
    thing.name = "改名"
    service.update(thing)
    service.patch(thing, jsonpatch.JsonPatch([{"op": "replace", "path": "/properties/guard_level", "value": 4.5}]))
    back = service.things().find(thing.id)
    ensure((back.name, back.properties["guard_level"]) == ("改名", 4.5), back.properties)
    service.delete(thing)
    refused(lambda: service.things().find(thing.id), 404)
    refused(lambda: service.create(fsc.Thing(name="x", description="x")), 400)


def main():
    endpoint, token, unit = sys.argv[1:]
    service = fsc.SensorThingsService(endpoint, auth_handler=fsc.AuthHandler("anybody", token))
    reads(service)
    thing, stream = made(service, unit)
    stream.set_service(service)
    observes(service, stream)
    changes(service, thing)
    print("ok")


main()
